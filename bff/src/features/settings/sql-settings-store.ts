import { isDeepStrictEqual } from 'node:util';
import { sql } from 'kysely';
import { defaultSettings } from '@lumina/contracts';
import type { TerritorySettings } from '@lumina/contracts';
import type { ConfigStore, ConfigTransaction } from '../../config-store/config-store.ts';
import type { Tenant } from '../../config-store/tenant.ts';
import type { AuditActor, AuditTrail } from '../audit/audit-trail.ts';
import type { SettingsChange, SettingsStore, SettingsWrite, StoredSettings } from './settings-store.ts';

const MAX_VERSIONS = 200;
const COLUMNS = ['version', 'definitions_version', 'body', 'updated_at', 'updated_by'] as const;

interface SettingsRow {
  readonly version: number;
  readonly definitions_version: number;
  readonly body: unknown;
  readonly updated_at: Date;
  readonly updated_by: string;
}

function toStored(row: SettingsRow, timeZone: string): StoredSettings {
  const body: object = typeof row.body === 'object' && row.body !== null ? row.body : {};
  return {
    version: row.version,
    definitionsVersion: row.definitions_version,
    // What a later release added has its default until it is saved again.
    body: { ...defaultSettings(timeZone), ...body },
    updatedAt: row.updated_at.toISOString(),
    updatedBy: row.updated_by,
  };
}

/** What goes with a change, in its transaction. */
interface Recorders {
  readonly audit: Pick<AuditTrail, 'recordIn'>;
  /** Tells the other processes of the region. */
  readonly announceIn: (transaction: ConfigTransaction, tenant: Tenant) => Promise<unknown>;
}

/** Whether two settings give every metric the same meaning. */
function meansTheSame(one: TerritorySettings, other: TerritorySettings): boolean {
  return one.preset === other.preset && isDeepStrictEqual({ ...one.serviceLevel }, { ...other.serviceLevel });
}

async function find(transaction: ConfigTransaction, { territoryId }: Tenant): Promise<StoredSettings | undefined> {
  const territory = await transaction
    .selectFrom('territories')
    .select('time_zone')
    .where('territory_id', '=', territoryId)
    .executeTakeFirst();
  if (territory === undefined) return undefined;
  const row = await transaction
    .selectFrom('settings')
    .select(COLUMNS)
    .where('territory_id', '=', territoryId)
    .executeTakeFirst();
  if (row !== undefined) return toStored(row, territory.time_zone);
  const body = defaultSettings(territory.time_zone);
  return { version: 0, definitionsVersion: 0, body, updatedAt: null, updatedBy: null };
}

/** Writes the next version where the expected one still stands; of two writers at once only one does. */
async function write(
  transaction: ConfigTransaction,
  { territoryId, sub }: AuditActor,
  { expectedVersion, body }: SettingsChange,
  definitionsVersion: number,
): Promise<SettingsRow | undefined> {
  const values = {
    version: expectedVersion + 1,
    definitions_version: definitionsVersion,
    body: JSON.stringify(body),
    updated_by: sub,
  };
  if (expectedVersion === 0) {
    return transaction
      .insertInto('settings')
      .values({ territory_id: territoryId, ...values })
      .onConflict((conflict) => conflict.column('territory_id').doNothing())
      .returning(COLUMNS)
      .executeTakeFirst();
  }
  return transaction
    .updateTable('settings')
    .set({ ...values, updated_at: sql<Date>`now()` })
    .where('territory_id', '=', territoryId)
    .where('version', '=', expectedVersion)
    .returning(COLUMNS)
    .executeTakeFirst();
}

async function replace(
  transaction: ConfigTransaction,
  { audit, announceIn }: Recorders,
  actor: AuditActor,
  change: SettingsChange,
): Promise<SettingsWrite> {
  const { territoryId } = actor;
  const before = await find(transaction, actor);
  if (before === undefined) return { kind: 'missing' };
  if (before.version !== change.expectedVersion) return { kind: 'stale', current: before };
  const { body } = change;
  const version = before.version + 1;
  await announceIn(transaction, actor);
  const row = await write(
    transaction,
    actor,
    change,
    meansTheSame(before.body, body) ? before.definitionsVersion : version,
  );
  if (row === undefined) {
    const current = await find(transaction, actor);
    return current === undefined ? { kind: 'missing' } : { kind: 'stale', current };
  }
  await transaction
    .insertInto('settings_versions')
    .values({ ...row, territory_id: territoryId, body: JSON.stringify(body) })
    .execute();
  await transaction
    .updateTable('territories')
    .set({ time_zone: body.timeZone })
    .where('territory_id', '=', territoryId)
    .execute();
  const names = Object.keys({ ...before.body, ...body }) as (keyof TerritorySettings)[];
  await audit.recordIn(transaction, actor, {
    action: 'settings_changed',
    target: { kind: 'settings', id: String(version) },
    detail: { version, changed: names.filter((name) => !isDeepStrictEqual(before.body[name], body[name])) },
  });
  return { kind: 'done', before, settings: toStored(row, body.timeZone) };
}

/** Settings in the configuration store; every version is kept. `announceIn` tells the other processes of the region. */
export function createSqlSettingsStore(
  store: ConfigStore,
  audit: Recorders['audit'],
  announceIn: Recorders['announceIn'] = () => Promise.resolve(),
): SettingsStore {
  return {
    find: (tenant) => store.withTenant(tenant, (transaction) => find(transaction, tenant)),
    replace: (actor, change) =>
      store.withTenant(actor, (transaction) => replace(transaction, { audit, announceIn }, actor, change)),
    versions: (tenant) =>
      store.withTenant(tenant, async (transaction) => {
        const rows = await transaction
          .selectFrom('settings_versions')
          .select(COLUMNS)
          .where('territory_id', '=', tenant.territoryId)
          .orderBy('version', 'desc')
          .limit(MAX_VERSIONS)
          .execute();
        return rows.map((row) => toStored(row, 'UTC'));
      }),
  };
}
