import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { MAX_ALERT_RULES } from '@lumina/contracts';
import type { AlertReason, AlertRuleDraft, RowScope } from '@lumina/contracts';
import type { ConfigStore, ConfigTransaction } from '../../config-store/config-store.ts';
import type { Tenant } from '../../config-store/tenant.ts';
import type { AuditTrail } from '../audit/audit-trail.ts';
import type { AlertRuleStore, RuleAuthor, RuleWrite, StoredRule } from './alert-rule-store.ts';
import { fromStateRow } from './stored-state.ts';

interface RuleRow {
  readonly id: string;
  readonly version: number;
  readonly body: unknown;
  readonly scope: unknown;
  readonly updated_at: Date;
  readonly updated_by: string;
}

const COLUMNS = ['id', 'version', 'body', 'scope', 'updated_at', 'updated_by'] as const;
type Audit = Pick<AuditTrail, 'recordIn'>;

function toRule(row: RuleRow): StoredRule {
  return {
    id: row.id,
    version: row.version,
    // Only checked drafts and verified scopes are ever written.
    draft: row.body as AlertRuleDraft,
    scope: (row.scope as RowScope | null) ?? undefined,
    updatedAt: row.updated_at.toISOString(),
    updatedBy: row.updated_by,
  };
}

const scopeColumn = ({ scope }: RuleAuthor): string | null => (scope === undefined ? null : JSON.stringify(scope));

async function keepVersion(transaction: ConfigTransaction, { territoryId }: Tenant, row: RuleRow): Promise<void> {
  const { id, version, body, updated_at, updated_by } = row;
  await transaction
    .insertInto('alert_rule_versions')
    .values({ territory_id: territoryId, rule_id: id, version, body: JSON.stringify(body), updated_at, updated_by })
    .execute();
}

/** What is told of a rule in the audit trail: nothing that names a person or holds a filter's value. */
const auditDetail = ({ metric, enabled, severity, webhook }: AlertRuleDraft) => ({
  metric,
  enabled,
  severity,
  webhook: webhook ?? null,
});

async function insert(
  transaction: ConfigTransaction,
  author: RuleAuthor,
  draft: AlertRuleDraft,
  audit: Audit,
): Promise<StoredRule | undefined> {
  const { territoryId } = author;
  const { count } = await transaction
    .selectFrom('alert_rules')
    .select(sql<number>`count(*)`.as('count'))
    .where('territory_id', '=', territoryId)
    .where('deleted_at', 'is', null)
    .executeTakeFirstOrThrow();
  if (count >= MAX_ALERT_RULES) return undefined;
  const row = await transaction
    .insertInto('alert_rules')
    .values({
      territory_id: territoryId,
      id: randomUUID(),
      body: JSON.stringify(draft),
      scope: scopeColumn(author),
      updated_by: author.sub,
    })
    .returning(COLUMNS)
    .executeTakeFirstOrThrow();
  await keepVersion(transaction, author, row);
  const target = { kind: 'alert', id: row.id };
  await audit.recordIn(transaction, author, { action: 'alert_created', target, detail: auditDetail(draft) });
  return toRule(row);
}

interface Replacement {
  readonly id: string;
  readonly expectedVersion: number;
  readonly draft: AlertRuleDraft;
}

async function replace(
  transaction: ConfigTransaction,
  author: RuleAuthor,
  { id, expectedVersion, draft }: Replacement,
  audit: Audit,
): Promise<RuleWrite> {
  // The version in the WHERE is the guard: of two writers at once only one finds the row.
  const row = await transaction
    .updateTable('alert_rules')
    .set({
      body: JSON.stringify(draft),
      scope: scopeColumn(author),
      version: expectedVersion + 1,
      updated_at: sql<Date>`now()`,
      updated_by: author.sub,
    })
    .where('territory_id', '=', author.territoryId)
    .where('id', '=', id)
    .where('version', '=', expectedVersion)
    .where('deleted_at', 'is', null)
    .returning(COLUMNS)
    .executeTakeFirst();
  if (row === undefined) {
    const existing = await find(transaction, author, id);
    return existing === undefined ? { kind: 'missing' } : { kind: 'stale' };
  }
  await keepVersion(transaction, author, row);
  const detail = { ...auditDetail(draft), version: row.version };
  await audit.recordIn(transaction, author, { action: 'alert_changed', target: { kind: 'alert', id }, detail });
  return { kind: 'done', rule: toRule(row) };
}

async function remove(transaction: ConfigTransaction, author: RuleAuthor, id: string, audit: Audit): Promise<boolean> {
  const { numUpdatedRows } = await transaction
    .updateTable('alert_rules')
    // A higher version is how the evaluator learns of it.
    .set({ deleted_at: sql<Date>`now()`, version: sql<number>`version + 1`, updated_by: author.sub })
    .where('territory_id', '=', author.territoryId)
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return false;
  await audit.recordIn(transaction, author, { action: 'alert_deleted', target: { kind: 'alert', id } });
  return true;
}

async function find(transaction: ConfigTransaction, tenant: Tenant, id: string): Promise<StoredRule | undefined> {
  const row = await transaction
    .selectFrom('alert_rules')
    .select(COLUMNS)
    .where('territory_id', '=', tenant.territoryId)
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
  return row === undefined ? undefined : toRule(row);
}

function past(store: ConfigStore): Pick<AlertRuleStore, 'history' | 'states'> {
  return {
    history: (tenant, id, limit) =>
      store.withTenant(tenant, async (transaction) => {
        const rows = await transaction
          .selectFrom('alert_transitions')
          .select(['rule_id', 'number', 'kind', 'reason', 'at', 'value', 'rule_version'])
          .where('territory_id', '=', tenant.territoryId)
          .where('rule_id', '=', id)
          .orderBy('number', 'desc')
          .limit(limit)
          .execute();
        return rows.map((row) => ({
          ruleId: row.rule_id,
          number: row.number,
          kind: row.kind,
          reason: row.reason as AlertReason,
          at: row.at.getTime(),
          value: row.value,
          ruleVersion: row.rule_version,
        }));
      }),
    states: (tenant) =>
      store.withTenant(tenant, async (transaction) => {
        const rows = await transaction
          .selectFrom('alert_states')
          .select(['rule_id', 'number', 'body'])
          .where('territory_id', '=', tenant.territoryId)
          .execute();
        return rows.map((row) => {
          const { phase, sinceMs, value, problem } = fromStateRow(row);
          return { ruleId: row.rule_id, state: phase, since: sinceMs, value, problem };
        });
      }),
  };
}

/** Alert rules in the configuration store; every version is kept, and a deleted rule keeps its history. */
export function createSqlAlertRuleStore(store: ConfigStore, audit: Audit): AlertRuleStore {
  return {
    ...past(store),
    list: (tenant) =>
      store.withTenant(tenant, async (transaction) => {
        const rows = await transaction
          .selectFrom('alert_rules')
          .select(COLUMNS)
          .where('territory_id', '=', tenant.territoryId)
          .where('deleted_at', 'is', null)
          .orderBy(sql`body ->> 'name'`)
          .orderBy('id')
          .execute();
        return rows.map(toRule);
      }),
    find: (tenant, id) => store.withTenant(tenant, (transaction) => find(transaction, tenant, id)),
    create: (author, draft) => store.withTenant(author, (transaction) => insert(transaction, author, draft, audit)),
    replace: (author, id, expectedVersion, draft) =>
      store.withTenant(author, (transaction) => replace(transaction, author, { id, expectedVersion, draft }, audit)),
    remove: (author, id) => store.withTenant(author, (transaction) => remove(transaction, author, id, audit)),
  };
}
