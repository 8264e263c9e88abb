import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { MAX_WEBHOOKS } from '@lumina/contracts';
import type { AuditAction, Webhook, WebhookDelivery } from '@lumina/contracts';
import type { ConfigStore, ConfigTransaction } from '../../config-store/config-store.ts';
import type { Tenant } from '../../config-store/tenant.ts';
import type { AuditActor, AuditTrail } from '../audit/audit-trail.ts';
import { testMessage } from './webhook-message.ts';
import type { WebhookStore, WebhookWrite } from './webhook-store.ts';

interface WebhookRow {
  readonly id: string;
  readonly version: number;
  readonly name: string;
  readonly url: string;
  readonly former_until: Date | null;
  readonly updated_at: Date;
  readonly updated_by: string;
}

const COLUMNS = ['id', 'version', 'name', 'url', 'former_until', 'updated_at', 'updated_by'] as const;
const DELIVERY_COLUMNS = [
  'id',
  'event',
  'rule_id',
  'status',
  'attempts',
  'created_at',
  'next_attempt_at',
  'error',
] as const;
type WebhookAction = Extract<AuditAction, `webhook_${string}`>;
/** Tests that may wait at once: an endpoint that does not answer must not be filled with them. */
const MAX_WAITING_TESTS = 5;

function toWebhook(row: WebhookRow): Webhook {
  const until = row.former_until;
  return {
    id: row.id,
    version: row.version,
    name: row.name,
    url: row.url,
    updatedAt: row.updated_at.toISOString(),
    updatedBy: row.updated_by,
    formerSecretUntil: until !== null && until.getTime() > Date.now() ? until.toISOString() : null,
  };
}

interface DeliveryRow {
  readonly id: string;
  readonly event: WebhookDelivery['event'];
  readonly rule_id: string | null;
  readonly status: WebhookDelivery['status'];
  readonly attempts: number;
  readonly created_at: Date;
  readonly next_attempt_at: Date;
  readonly error: string | null;
}

function toDelivery(row: DeliveryRow): WebhookDelivery {
  return {
    id: row.id,
    event: row.event,
    ruleId: row.rule_id,
    status: row.status,
    attempts: row.attempts,
    createdAt: row.created_at.toISOString(),
    nextAttemptAt: row.next_attempt_at.toISOString(),
    error: row.error,
  };
}

async function findIn(transaction: ConfigTransaction, tenant: Tenant, id: string): Promise<Webhook | undefined> {
  const row = await transaction
    .selectFrom('webhook_endpoints')
    .select(COLUMNS)
    .where('territory_id', '=', tenant.territoryId)
    .where('id', '=', id)
    .executeTakeFirst();
  return row === undefined ? undefined : toWebhook(row);
}

type Changes = Partial<Pick<WebhookRow, 'name' | 'url' | 'former_until'>> & { readonly secret?: string };

/** Changes an endpoint, if its version is the expected one where one is expected. */
async function change(
  transaction: ConfigTransaction,
  actor: AuditActor,
  { id, expectedVersion, changes }: { id: string; expectedVersion?: number; changes: Changes },
): Promise<Webhook | undefined> {
  const { territoryId, sub } = actor;
  const updates = { ...changes, version: sql<number>`version + 1`, updated_at: sql<Date>`now()`, updated_by: sub };
  const row = await transaction
    .updateTable('webhook_endpoints')
    .set(updates)
    .where('territory_id', '=', territoryId)
    .where('id', '=', id)
    .$if(expectedVersion !== undefined, (query) => query.where('version', '=', expectedVersion ?? 0))
    .returning(COLUMNS)
    .executeTakeFirst();
  return row === undefined ? undefined : toWebhook(row);
}

async function enqueueTest(
  transaction: ConfigTransaction,
  { territoryId }: Tenant,
  endpointId: string,
): Promise<WebhookDelivery | undefined> {
  const { waiting } = await transaction
    .selectFrom('webhook_deliveries')
    .select(sql<number>`count(*)`.as('waiting'))
    .where('territory_id', '=', territoryId)
    .where('endpoint_id', '=', endpointId)
    .where('event', '=', 'test')
    .where('status', '=', 'pending')
    .executeTakeFirstOrThrow();
  if (waiting >= MAX_WAITING_TESTS) return undefined;
  const id = randomUUID();
  const body = testMessage(territoryId, id, Date.now());
  const row = await transaction
    .insertInto('webhook_deliveries')
    .values({ id, territory_id: territoryId, endpoint_id: endpointId, event: 'test', body })
    .returning(DELIVERY_COLUMNS)
    .executeTakeFirstOrThrow();
  return toDelivery(row);
}

function reading(store: ConfigStore): Pick<WebhookStore, 'list' | 'find' | 'deliveries'> {
  return {
    list: (tenant) =>
      store.withTenant(tenant, async (transaction) => {
        const rows = await transaction
          .selectFrom('webhook_endpoints')
          .select(COLUMNS)
          .where('territory_id', '=', tenant.territoryId)
          .orderBy('name')
          .orderBy('id')
          .execute();
        return rows.map(toWebhook);
      }),
    find: (tenant, id) => store.withTenant(tenant, (transaction) => findIn(transaction, tenant, id)),
    deliveries: (tenant, id, limit) =>
      store.withTenant(tenant, async (transaction) => {
        const rows = await transaction
          .selectFrom('webhook_deliveries')
          .select(DELIVERY_COLUMNS)
          .where('territory_id', '=', tenant.territoryId)
          .where('endpoint_id', '=', id)
          .orderBy('position', 'desc')
          .limit(limit)
          .execute();
        return rows.map(toDelivery);
      }),
  };
}

/** Endpoints in the configuration store. */
export function createSqlWebhookStore(store: ConfigStore, audit: Pick<AuditTrail, 'recordIn'>): WebhookStore {
  const record = (transaction: ConfigTransaction, actor: AuditActor, action: WebhookAction, id: string) =>
    audit.recordIn(transaction, actor, { action, target: { kind: 'webhook', id } });
  return {
    ...reading(store),
    create: (actor, { name, url }, secret) =>
      store.withTenant(actor, async (transaction) => {
        const { territoryId, sub } = actor;
        const { count } = await transaction
          .selectFrom('webhook_endpoints')
          .select(sql<number>`count(*)`.as('count'))
          .where('territory_id', '=', territoryId)
          .executeTakeFirstOrThrow();
        if (count >= MAX_WEBHOOKS) return undefined;
        const row = await transaction
          .insertInto('webhook_endpoints')
          .values({ territory_id: territoryId, id: randomUUID(), name, url, secret, updated_by: sub })
          .returning(COLUMNS)
          .executeTakeFirstOrThrow();
        await record(transaction, actor, 'webhook_created', row.id);
        return toWebhook(row);
      }),
    replace: (actor, id, expectedVersion, { name, url }) =>
      store.withTenant(actor, async (transaction): Promise<WebhookWrite> => {
        const webhook = await change(transaction, actor, { id, expectedVersion, changes: { name, url } });
        if (webhook === undefined) {
          const existing = await findIn(transaction, actor, id);
          return existing === undefined ? { kind: 'missing' } : { kind: 'stale' };
        }
        await record(transaction, actor, 'webhook_changed', id);
        return { kind: 'done', webhook };
      }),
    rotate: (actor, id, secret, overlapMs) =>
      store.withTenant(actor, async (transaction) => {
        const changes = { secret, former_until: new Date(Date.now() + overlapMs) };
        const webhook = await change(transaction, actor, { id, changes });
        if (webhook !== undefined) await record(transaction, actor, 'webhook_secret_replaced', id);
        return webhook;
      }),
    remove: (actor, id) =>
      store.withTenant(actor, async (transaction) => {
        const { numDeletedRows } = await transaction
          .deleteFrom('webhook_endpoints')
          .where('territory_id', '=', actor.territoryId)
          .where('id', '=', id)
          .executeTakeFirst();
        if (numDeletedRows === 0n) return false;
        await record(transaction, actor, 'webhook_deleted', id);
        return true;
      }),
    enqueueTest: (actor, id) =>
      store.withTenant(actor, async (transaction) => {
        if ((await findIn(transaction, actor, id)) === undefined) return undefined;
        return enqueueTest(transaction, actor, id);
      }),
  };
}
