import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { CustomMetric, CustomMetricDraft } from '@lumina/contracts';
import type { ConfigStore, ConfigTransaction } from '../../config-store/config-store.ts';
import type { Tenant } from '../../config-store/tenant.ts';
import type { AuditEvent, AuditTrail } from '../audit/audit-trail.ts';
import type { CustomMetricStore, CustomMetricWrite } from './custom-metric-store.ts';

interface MetricRow {
  readonly id: string;
  readonly version: number;
  readonly body: unknown;
  readonly updated_at: Date;
  readonly updated_by: string;
}

const COLUMNS = ['id', 'version', 'body', 'updated_at', 'updated_by'] as const;
/** Enough to never meet, short enough to be written into a query by hand. */
const ID_LENGTH = 12;

function toMetric(row: MetricRow): CustomMetric {
  // Only checked drafts are ever written.
  const draft = row.body as CustomMetricDraft;
  return {
    ...draft,
    id: row.id,
    version: row.version,
    updatedAt: row.updated_at.toISOString(),
    updatedBy: row.updated_by,
  };
}

async function keepVersion(transaction: ConfigTransaction, { territoryId }: Tenant, row: MetricRow): Promise<void> {
  const { id, ...rest } = row;
  await transaction
    .insertInto('custom_metric_versions')
    .values({ ...rest, territory_id: territoryId, metric_id: id, body: JSON.stringify(row.body) })
    .execute();
}

type MetricAction = Extract<AuditEvent['action'], `custom_metric_${string}`>;

/** What is told of a change: which metric, and which version it has now; formulas are kept beside it. */
function change(action: MetricAction, id: string, version?: number): AuditEvent {
  return { action, target: { kind: 'custom_metric', id }, ...(version === undefined ? {} : { detail: { version } }) };
}

async function insert(
  transaction: ConfigTransaction,
  tenant: Tenant,
  draft: CustomMetricDraft,
  author: string,
): Promise<CustomMetric> {
  const id = `custom:${randomUUID().replaceAll('-', '').slice(0, ID_LENGTH)}`;
  const row = await transaction
    .insertInto('custom_metrics')
    .values({ territory_id: tenant.territoryId, id, body: JSON.stringify(draft), updated_by: author })
    .returning(COLUMNS)
    .executeTakeFirstOrThrow();
  await keepVersion(transaction, tenant, row);
  return toMetric(row);
}

interface Replacement {
  readonly id: string;
  readonly expectedVersion: number;
  readonly draft: CustomMetricDraft;
  readonly author: string;
}

async function replace(
  transaction: ConfigTransaction,
  tenant: Tenant,
  { id, expectedVersion, draft, author }: Replacement,
): Promise<CustomMetricWrite> {
  // The version in the WHERE is the guard: of two writers at once only one finds the row.
  const row = await transaction
    .updateTable('custom_metrics')
    .set({
      body: JSON.stringify(draft),
      version: expectedVersion + 1,
      updated_at: sql<Date>`now()`,
      updated_by: author,
    })
    .where('territory_id', '=', tenant.territoryId)
    .where('id', '=', id)
    .where('version', '=', expectedVersion)
    .returning(COLUMNS)
    .executeTakeFirst();
  if (row === undefined) return { kind: (await find(transaction, tenant, id)) === undefined ? 'missing' : 'stale' };
  await keepVersion(transaction, tenant, row);
  return { kind: 'done', metric: toMetric(row) };
}

async function find(transaction: ConfigTransaction, tenant: Tenant, id: string): Promise<CustomMetric | undefined> {
  const row = await transaction
    .selectFrom('custom_metrics')
    .select(COLUMNS)
    .where('territory_id', '=', tenant.territoryId)
    .where('id', '=', id)
    .executeTakeFirst();
  return row === undefined ? undefined : toMetric(row);
}

/** Custom metrics in the configuration store; every version is kept. */
export function createSqlCustomMetricStore(store: ConfigStore, audit: AuditTrail): CustomMetricStore {
  return {
    list: (tenant) =>
      store.withTenant(tenant, async (transaction) => {
        const rows = await transaction
          .selectFrom('custom_metrics')
          .select(COLUMNS)
          .where('territory_id', '=', tenant.territoryId)
          .orderBy('id')
          .execute();
        return rows.map(toMetric);
      }),
    find: (tenant, id) => store.withTenant(tenant, (transaction) => find(transaction, tenant, id)),
    create: (actor, draft) =>
      store.withTenant(actor, async (transaction) => {
        const metric = await insert(transaction, actor, draft, actor.sub);
        await audit.recordIn(transaction, actor, change('custom_metric_created', metric.id, metric.version));
        return metric;
      }),
    replace: (actor, id, expectedVersion, draft) =>
      store.withTenant(actor, async (transaction) => {
        const outcome = await replace(transaction, actor, { id, expectedVersion, draft, author: actor.sub });
        if (outcome.kind === 'done') {
          await audit.recordIn(transaction, actor, change('custom_metric_changed', id, outcome.metric.version));
        }
        return outcome;
      }),
    remove: (actor, id) =>
      store.withTenant(actor, async (transaction) => {
        const { numDeletedRows } = await transaction
          .deleteFrom('custom_metrics')
          .where('territory_id', '=', actor.territoryId)
          .where('id', '=', id)
          .executeTakeFirst();
        if (numDeletedRows === 0n) return false;
        await audit.recordIn(transaction, actor, change('custom_metric_deleted', id));
        return true;
      }),
    versions: (tenant, id) =>
      store.withTenant(tenant, async (transaction) => {
        const rows = await transaction
          .selectFrom('custom_metric_versions')
          .select(['metric_id as id', 'version', 'body', 'updated_at', 'updated_by'])
          .where('territory_id', '=', tenant.territoryId)
          .where('metric_id', '=', id)
          .orderBy('version', 'desc')
          .execute();
        return rows.map(toMetric);
      }),
  };
}
