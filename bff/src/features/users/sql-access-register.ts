import { sql } from 'kysely';
import type { Role, RowScope } from '@lumina/contracts';
import type { Identity } from '../../auth/identity.ts';
import type { ConfigStore, ConfigTransaction } from '../../config-store/config-store.ts';
import type { Tenant } from '../../config-store/tenant.ts';
import type { AccessChange, AccessChangeLog, AccessRecord, AccessSource } from './access-register.ts';
import { isActing } from './effective-identity.ts';

/** Longer than any process can lag behind and still be running. */
const KEPT_HOURS = 24;

const OPEN: AccessRecord = { isTerritoryKnown: true, isDisabled: false };

async function isTerritoryKnown(transaction: ConfigTransaction, territoryId: number): Promise<boolean> {
  const row = await transaction
    .selectFrom('territories')
    .select('territory_id')
    .where('territory_id', '=', territoryId)
    .executeTakeFirst();
  return row !== undefined;
}

async function recordOf(transaction: ConfigTransaction, { territoryId, sub }: Identity): Promise<AccessRecord> {
  const row = await transaction
    .selectFrom('access_grants')
    .select(['roles', 'scope', 'disabled_at', 'valid_from'])
    .where('territory_id', '=', territoryId)
    .where('sub', '=', sub)
    .executeTakeFirst();
  if (row === undefined) return OPEN;
  return {
    isTerritoryKnown: true,
    isDisabled: row.disabled_at !== null,
    ...(row.valid_from === null ? {} : { validFromSeconds: row.valid_from.getTime() / 1_000 }),
    // Only checked grants are ever written.
    ...(row.roles === null ? {} : { roles: row.roles as Role[] }),
    ...(row.scope === null ? {} : { scope: row.scope as RowScope }),
  };
}

/** What territories say of people, in the configuration store. */
export function createSqlAccessSource(store: ConfigStore): AccessSource {
  return {
    recordOf: (identity) =>
      store.withTenant(identity, async (transaction) => {
        if (!isActing(identity)) return recordOf(transaction, identity);
        // The platform itself has no row among the territories.
        const isKnown = identity.territoryId === 0 || (await isTerritoryKnown(transaction, identity.territoryId));
        return { isTerritoryKnown: isKnown, isDisabled: false };
      }),
  };
}

/** The changes of the region, read under a role that sees nothing else. */
export function createSqlAccessChangeLog(store: ConfigStore): AccessChangeLog {
  return {
    head: () =>
      store.withRole('lumina_access', async (transaction) => {
        const row = await transaction.selectFrom('access_head').select('sequence').executeTakeFirst();
        return row?.sequence ?? 0;
      }),
    since: (sequence, limit) =>
      store.withRole('lumina_access', async (transaction) => {
        const rows = await transaction
          .selectFrom('access_changes')
          .select(['sequence', 'territory_id', 'sub'])
          .where('sequence', '>', sequence)
          .orderBy('sequence')
          .limit(limit)
          .execute();
        return rows.map((row) => ({ sequence: row.sequence, territoryId: row.territory_id, sub: row.sub }));
      }),
  };
}

/** Keeps a change of rights in the transaction that makes it; see {@link AccessChanges}. */
export async function recordAccessChange(
  transaction: ConfigTransaction,
  { territoryId }: Tenant,
  sub: string,
): Promise<AccessChange> {
  const { sequence } = await transaction
    .insertInto('access_changes')
    .values({ territory_id: territoryId, sub })
    .returning('sequence')
    .executeTakeFirstOrThrow();
  await transaction
    .deleteFrom('access_changes')
    .where('territory_id', '=', territoryId)
    .where('changed_at', '<', sql<Date>`now() - make_interval(hours => ${KEPT_HOURS})`)
    .execute();
  return { sequence, territoryId, sub };
}
