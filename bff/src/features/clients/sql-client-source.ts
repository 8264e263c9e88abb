import { sql } from 'kysely';
import type { ConfigStore } from '../../config-store/config-store.ts';
import type { ClientGrant, ClientSource } from './client-store.ts';
import { permissionsOfRow, scopeOfRow } from './sql-client-store.ts';

interface GrantRow {
  readonly id: string;
  readonly territory_id: number;
  readonly kind: 'service' | 'embed';
  readonly permissions: readonly string[];
  readonly scope: unknown;
  readonly origins: readonly string[];
}

const GRANT_COLUMNS = ['id', 'territory_id', 'kind', 'permissions', 'scope', 'origins'] as const;

function toGrant(row: GrantRow): ClientGrant {
  return {
    id: row.id,
    territoryId: row.territory_id,
    kind: row.kind,
    permissions: permissionsOfRow(row.permissions),
    origins: row.origins,
    ...scopeOfRow(row.scope),
  };
}

/** Clients of the region, read under a role that sees nothing else. */
export function createSqlClientSource(store: ConfigStore): ClientSource {
  return {
    fingerprint: () =>
      store.withRole('lumina_clients', async (transaction) => {
        // Each change makes a version grow, and rows are never deleted: whichever change commits first, the sum differs.
        const { total } = await transaction
          .selectFrom('clients')
          .select(sql<string>`coalesce(sum(version), 0)::text`.as('total'))
          .executeTakeFirstOrThrow();
        return total;
      }),
    listGrants: () =>
      store.withRole('lumina_clients', async (transaction) => {
        const rows = await transaction
          .selectFrom('clients')
          .select(GRANT_COLUMNS)
          .where('revoked_at', 'is', null)
          .orderBy('id')
          .execute();
        return rows.map(toGrant);
      }),
    findSecrets: (id) =>
      store.withRole('lumina_clients', async (transaction) => {
        const row = await transaction
          .selectFrom('clients')
          .select([...GRANT_COLUMNS, 'secret_hash', 'previous_secret_hash'])
          .select(sql<boolean>`coalesce(previous_secret_until > now(), false)`.as('is_previous_valid'))
          .where('id', '=', id)
          .where('revoked_at', 'is', null)
          .executeTakeFirst();
        if (row === undefined) return undefined;
        const previous = row.is_previous_valid && row.previous_secret_hash !== null ? [row.previous_secret_hash] : [];
        return { ...toGrant(row), secretHashes: [row.secret_hash, ...previous] };
      }),
  };
}
