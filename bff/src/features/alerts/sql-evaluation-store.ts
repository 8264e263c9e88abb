import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { AlertRuleDraft, RowScope } from '@lumina/contracts';
import type { ConfigStore, ConfigTransaction } from '../../config-store/config-store.ts';
import type { AlertLease, EvaluationStore, KnownRule, StateChange, ToldTransition } from './evaluation-store.ts';
import { deliveryQueue } from './sql-delivery-queue.ts';
import { holdsLease, leaseKeeper } from './sql-alert-lease.ts';
import { fromStateRow, toStateBody } from './stored-state.ts';
import { messageOf } from './webhook-message.ts';

/** Thrown inside a transaction, so that nothing of it is kept. */
class StaleWriteError extends Error {}

async function loadRules(transaction: ConfigTransaction): Promise<readonly KnownRule[]> {
  const rows = await transaction
    .selectFrom('alert_rules as rule')
    .leftJoin('alert_states as state', (join) =>
      join.onRef('state.territory_id', '=', 'rule.territory_id').onRef('state.rule_id', '=', 'rule.id'),
    )
    .select(['rule.territory_id', 'rule.id', 'rule.version', 'rule.body', 'rule.scope', 'rule.deleted_at'])
    .select(['state.number', 'state.body as state_body'])
    .where((where) =>
      where.or([where('rule.deleted_at', 'is', null), where(sql`state.body ->> 'phase'`, '<>', 'normal')]),
    )
    .execute();
  return rows.map((row) => ({
    territoryId: row.territory_id,
    id: row.id,
    version: row.version,
    // Only checked drafts and verified scopes are ever written.
    draft: row.body as AlertRuleDraft,
    scope: (row.scope as RowScope | null) ?? undefined,
    isDeleted: row.deleted_at !== null,
    state: row.number === null ? undefined : fromStateRow({ number: row.number, body: row.state_body }),
  }));
}

async function saveState(
  transaction: ConfigTransaction,
  { fence }: AlertLease,
  { rule, numberBefore, state }: StateChange,
): Promise<void> {
  const body = toStateBody(state);
  const { numInsertedOrUpdatedRows } = await transaction
    .insertInto('alert_states')
    .values({ territory_id: rule.territoryId, rule_id: rule.id, number: state.number, fence, body })
    .onConflict((conflict) =>
      conflict
        .columns(['territory_id', 'rule_id'])
        .doUpdateSet({ number: state.number, fence, body })
        .where('alert_states.fence', '<=', fence)
        .where('alert_states.number', '=', numberBefore),
    )
    .executeTakeFirst();
  if (numInsertedOrUpdatedRows !== 1n) throw new StaleWriteError();
}

async function saveTransition(
  transaction: ConfigTransaction,
  { fence }: AlertLease,
  rule: KnownRule,
  transition: ToldTransition,
): Promise<void> {
  const { kind, reason, number, atMs, value, webhook } = transition;
  await transaction
    .insertInto('alert_transitions')
    .values({
      territory_id: rule.territoryId,
      rule_id: rule.id,
      number,
      fence,
      kind,
      reason,
      at: new Date(atMs),
      value,
      rule_version: rule.version,
    })
    .execute();
  if (webhook === null) return;
  const id = randomUUID();
  // An endpoint that was deleted since is told nothing.
  await sql`
    insert into webhook_deliveries (id, territory_id, endpoint_id, event, rule_id, number, body)
    select ${id}::uuid, territory_id, id, ${`alert.${kind}`}, ${rule.id}, ${number}, ${messageOf(rule, transition, id)}
    from webhook_endpoints where territory_id = ${rule.territoryId} and id = ${webhook}
  `.execute(transaction);
}

/** Evaluation over the configuration store, as the role that may read all rules and write what follows from them. */
export function createSqlEvaluationStore(store: ConfigStore): EvaluationStore {
  return {
    ...leaseKeeper(store),
    ...deliveryQueue(store),
    // Versions and numbers only grow, so their sums tell every change apart.
    fingerprint: () =>
      store.withRole('lumina_alerts', async (transaction) => {
        const { rows } = await sql<{ rules: number; versions: number; numbers: number }>`
          select (select count(*) from alert_rules) as rules,
            (select coalesce(sum(version), 0) from alert_rules) as versions,
            (select coalesce(sum(number), 0) from alert_states) as numbers
        `.execute(transaction);
        return rows.map(({ rules, versions, numbers }) => [rules, versions, numbers].join()).join();
      }),
    load: () => store.withRole('lumina_alerts', loadRules),
    save: async (lease, change) => {
      const { territoryId } = change.rule;
      try {
        return await store.withTenant(
          { territoryId },
          async (transaction) => {
            if (!(await holdsLease(transaction, lease))) return false;
            await saveState(transaction, lease, change);
            for (const transition of change.transitions)
              await saveTransition(transaction, lease, change.rule, transition);
            return true;
          },
          'lumina_alerts',
        );
      } catch (error) {
        if (error instanceof StaleWriteError) return false;
        throw error;
      }
    },
  };
}
