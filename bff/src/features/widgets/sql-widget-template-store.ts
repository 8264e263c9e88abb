import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { ConfigStore, ConfigTransaction } from '../../config-store/config-store.ts';
import type { Tenant } from '../../config-store/tenant.ts';
import type { AuditTrail } from '../audit/audit-trail.ts';
import type { TemplateWrite, WidgetTemplate, WidgetTemplateStore } from './widget-template-store.ts';

interface TemplateRow {
  readonly id: string;
  readonly territory_id: number | null;
  readonly title: string;
  readonly body: unknown;
  readonly version: number;
}

const COLUMNS = ['id', 'territory_id', 'title', 'body', 'version'] as const;

function toTemplate({ territory_id: territoryId, id, title, body, version }: TemplateRow): WidgetTemplate {
  return { id, title, body, version, isShared: territoryId === null };
}

function visible(transaction: ConfigTransaction, { territoryId }: Tenant) {
  return transaction
    .selectFrom('widget_templates')
    .select(COLUMNS)
    .where((where) => where.or([where('territory_id', 'is', null), where('territory_id', '=', territoryId)]));
}

/** A template that may be changed, locked until the transaction ends; or why not. */
async function claim(
  transaction: ConfigTransaction,
  tenant: Tenant,
  id: string,
): Promise<WidgetTemplate | Extract<TemplateWrite, { kind: 'missing' | 'shared' }>> {
  const own = await transaction
    .selectFrom('widget_templates')
    .select(COLUMNS)
    .where('territory_id', '=', tenant.territoryId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  if (own !== undefined) return toTemplate(own);
  const shared = await visible(transaction, tenant).where('id', '=', id).executeTakeFirst();
  return { kind: shared === undefined ? 'missing' : 'shared' };
}

/** Templates in the configuration store. */
export function createSqlWidgetTemplateStore(store: ConfigStore, audit: AuditTrail): WidgetTemplateStore {
  return {
    list: (tenant) =>
      store.withTenant(tenant, async (transaction) => {
        const rows = await visible(transaction, tenant).orderBy('title').orderBy('id').execute();
        return rows.map(toTemplate);
      }),
    create: (actor, { title, body }) =>
      store.withTenant(actor, async (transaction) => {
        const id = randomUUID();
        const { territoryId, sub } = actor;
        const row = await transaction
          .insertInto('widget_templates')
          .values({ id, territory_id: territoryId, title, body: JSON.stringify(body), updated_by: sub })
          .returning(COLUMNS)
          .executeTakeFirstOrThrow();
        await audit.recordIn(transaction, actor, {
          action: 'widget_template_created',
          target: { kind: 'widget_template', id },
        });
        return toTemplate(row);
      }),
    replace: (actor, id, expectedVersion, { title, body }) =>
      store.withTenant(actor, async (transaction) => {
        const current = await claim(transaction, actor, id);
        if ('kind' in current) return current;
        if (current.version !== expectedVersion) return { kind: 'stale', current };
        const version = current.version + 1;
        const row = await transaction
          .updateTable('widget_templates')
          .set({ title, body: JSON.stringify(body), version, updated_by: actor.sub, updated_at: sql<Date>`now()` })
          .where('territory_id', '=', actor.territoryId)
          .where('id', '=', id)
          .returning(COLUMNS)
          .executeTakeFirstOrThrow();
        await audit.recordIn(transaction, actor, {
          action: 'widget_template_changed',
          target: { kind: 'widget_template', id },
          detail: { version },
        });
        return { kind: 'done', template: toTemplate(row) };
      }),
    remove: (actor, id) =>
      store.withTenant(actor, async (transaction) => {
        const template = await claim(transaction, actor, id);
        if ('kind' in template) return template;
        await transaction
          .deleteFrom('widget_templates')
          .where('territory_id', '=', actor.territoryId)
          .where('id', '=', id)
          .execute();
        await audit.recordIn(transaction, actor, {
          action: 'widget_template_deleted',
          target: { kind: 'widget_template', id },
        });
        return { kind: 'done', template };
      }),
  };
}
