import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { ConfigStore, ConfigTransaction } from '../../config-store/config-store.ts';
import type { Tenant } from '../../config-store/tenant.ts';
import type {
  DashboardDraft,
  DashboardStore,
  DashboardSummary,
  GuardedWrite,
  StoredDashboard,
} from './dashboard-store.ts';

interface SummaryRow {
  readonly id: string;
  readonly title: string;
  readonly version: number;
  readonly updated_at: Date;
  readonly updated_by: string;
}

const SUMMARY_COLUMNS = ['id', 'title', 'version', 'updated_at', 'updated_by'] as const;

function toSummary(row: SummaryRow): DashboardSummary {
  return {
    id: row.id,
    title: row.title,
    version: row.version,
    updatedAt: row.updated_at.toISOString(),
    updatedBy: row.updated_by,
  };
}

function toStored(row: SummaryRow & { readonly body: unknown }): StoredDashboard {
  return { ...toSummary(row), body: row.body };
}

async function keepVersion(
  transaction: ConfigTransaction,
  tenant: Tenant,
  row: SummaryRow & { readonly body: unknown },
): Promise<void> {
  await transaction
    .insertInto('dashboard_versions')
    .values({
      territory_id: tenant.territoryId,
      dashboard_id: row.id,
      version: row.version,
      title: row.title,
      body: JSON.stringify(row.body),
      updated_at: row.updated_at,
      updated_by: row.updated_by,
    })
    .execute();
}

async function insert(transaction: ConfigTransaction, tenant: Tenant, draft: DashboardDraft): Promise<StoredDashboard> {
  const row = await transaction
    .insertInto('dashboards')
    .values({
      territory_id: tenant.territoryId,
      id: randomUUID(),
      title: draft.title,
      body: JSON.stringify(draft.body),
      updated_by: draft.author,
    })
    .returning([...SUMMARY_COLUMNS, 'body'])
    .executeTakeFirstOrThrow();
  await keepVersion(transaction, tenant, row);
  return toStored(row);
}

interface Replacement {
  readonly id: string;
  readonly expectedVersion: number;
  readonly draft: DashboardDraft;
}

async function replace(
  transaction: ConfigTransaction,
  tenant: Tenant,
  { id, expectedVersion, draft }: Replacement,
): Promise<GuardedWrite> {
  // The version in the WHERE is the guard: of two writers at once only one finds the row.
  const row = await transaction
    .updateTable('dashboards')
    .set({
      title: draft.title,
      body: JSON.stringify(draft.body),
      version: expectedVersion + 1,
      updated_at: sql<Date>`now()`,
      updated_by: draft.author,
    })
    .where('territory_id', '=', tenant.territoryId)
    .where('id', '=', id)
    .where('version', '=', expectedVersion)
    .returning([...SUMMARY_COLUMNS, 'body'])
    .executeTakeFirst();
  if (row !== undefined) {
    await keepVersion(transaction, tenant, row);
    return { kind: 'done', dashboard: toStored(row) };
  }
  const existing = await transaction
    .selectFrom('dashboards')
    .select('id')
    .where('territory_id', '=', tenant.territoryId)
    .where('id', '=', id)
    .executeTakeFirst();
  return existing === undefined ? { kind: 'missing' } : { kind: 'stale' };
}

/** Dashboards in the configuration store; every version is kept. */
export function createSqlDashboardStore(store: ConfigStore): DashboardStore {
  return {
    list: (tenant) =>
      store.withTenant(tenant, async (transaction) => {
        const rows = await transaction
          .selectFrom('dashboards')
          .select(SUMMARY_COLUMNS)
          .where('territory_id', '=', tenant.territoryId)
          .orderBy('title')
          .orderBy('id')
          .execute();
        return rows.map(toSummary);
      }),
    find: (tenant, id) =>
      store.withTenant(tenant, async (transaction) => {
        const row = await transaction
          .selectFrom('dashboards')
          .select([...SUMMARY_COLUMNS, 'body'])
          .where('territory_id', '=', tenant.territoryId)
          .where('id', '=', id)
          .executeTakeFirst();
        return row === undefined ? undefined : toStored(row);
      }),
    create: (tenant, draft) => store.withTenant(tenant, (transaction) => insert(transaction, tenant, draft)),
    replace: (tenant, id, expectedVersion, draft) =>
      store.withTenant(tenant, (transaction) => replace(transaction, tenant, { id, expectedVersion, draft })),
    remove: (tenant, id) =>
      store.withTenant(tenant, async (transaction) => {
        const { numDeletedRows } = await transaction
          .deleteFrom('dashboards')
          .where('territory_id', '=', tenant.territoryId)
          .where('id', '=', id)
          .executeTakeFirst();
        return numDeletedRows > 0n;
      }),
    versions: (tenant, id) =>
      store.withTenant(tenant, async (transaction) => {
        const rows = await transaction
          .selectFrom('dashboard_versions')
          .select(['dashboard_id as id', 'title', 'version', 'updated_at', 'updated_by'])
          .where('territory_id', '=', tenant.territoryId)
          .where('dashboard_id', '=', id)
          .orderBy('version', 'desc')
          .execute();
        return rows.map(toSummary);
      }),
  };
}
