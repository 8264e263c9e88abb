import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { sql } from 'kysely';
import { MAX_ALERT_RULES } from '@lumina/contracts';
import type { AlertRuleDraft } from '@lumina/contracts';
import { openConfigStore } from '../../config-store/config-store.ts';
import type { ConfigStore } from '../../config-store/config-store.ts';
import { importSeed } from '../../config-store/import-seed.ts';
import { configEngines } from '../../testing/config-engines.ts';
import type { ConfigEngine } from '../../testing/config-engines.ts';
import { SEED } from '../../testing/fixtures.ts';
import { createSqlAuditTrail } from '../audit/sql-audit-trail.ts';
import type { AlertRuleStore, RuleAuthor, StoredRule } from './alert-rule-store.ts';
import type { AlertLease, EvaluationStore, KnownRule, StateChange } from './evaluation-store.ts';
import { createSqlAlertRuleStore } from './sql-alert-rule-store.ts';
import { createSqlEvaluationStore } from './sql-evaluation-store.ts';
import { createSqlWebhookStore } from './sql-webhook-store.ts';
import type { WebhookStore } from './webhook-store.ts';

const OURS: RuleAuthor = { territoryId: 101, sub: 'editor', roles: ['admin'] };
const THEIRS: RuleAuthor = { territoryId: 102, sub: 'other', roles: ['admin'] };
const DRAFT: AlertRuleDraft = {
  name: 'Service level',
  metric: 'queue_service_level',
  window: '15m',
  op: 'lt',
  threshold: 80,
  forS: 0,
  minVolume: { n: 10 },
  hours: 'always',
  noData: 'keep',
  severity: 'critical',
  enabled: true,
};
const DAY_MS = 86_400_000;

function sqlStateOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** The promises of the stores of alerts; they hold on every engine. */
function contract(name: string, startEngine: () => Promise<ConfigEngine>): void {
  describe(`alerts on ${name}`, () => {
    let engine: ConfigEngine;
    let store: ConfigStore;
    let rules: AlertRuleStore;
    let webhooks: WebhookStore;
    let evaluation: EvaluationStore;

    before(async () => {
      engine = await startEngine();
      store = openConfigStore(engine.config);
      await store.migrate();
      await importSeed(store, SEED);
      const audit = createSqlAuditTrail(store);
      rules = createSqlAlertRuleStore(store, audit);
      webhooks = createSqlWebhookStore(store, audit);
      evaluation = createSqlEvaluationStore(store);
    });
    after(async () => {
      await store.close();
      await engine.stop();
    });

    async function newRule(author: RuleAuthor, more: Partial<AlertRuleDraft> = {}): Promise<StoredRule> {
      const rule = await rules.create(author, { ...DRAFT, ...more });
      assert.ok(rule);
      return rule;
    }

    async function known(id: string): Promise<KnownRule> {
      const rule = (await evaluation.load()).find((one) => one.id === id);
      assert.ok(rule);
      return rule;
    }

    function firing(rule: KnownRule, number: number, webhook: string | null): StateChange {
      const state = { phase: 'alerting', sinceMs: 1, value: 50, crossedAtMs: null, ruleVersion: 1 } as const;
      return {
        rule,
        numberBefore: number - 1,
        state: { ...state, number, problem: null, webhook },
        transitions: [{ kind: 'firing', reason: 'value', number, atMs: 1_750_000_000_000, value: 50, webhook }],
      };
    }

    async function takeOver(holder: string): Promise<AlertLease> {
      await store.withRole('lumina_alerts', (transaction) =>
        sql`update alert_leases set expires_at = clock_timestamp()`.execute(transaction),
      );
      const lease = await evaluation.take(holder, DAY_MS);
      assert.ok(lease);
      return lease;
    }

    it('keeps rules with their versions, and refuses a write over another', async () => {
      const rule = await newRule({ ...OURS, scope: { queues: ['q_sales'] } });
      assert.deepEqual([rule.version, rule.draft, rule.scope], [1, DRAFT, { queues: ['q_sales'] }]);
      const changed = await rules.replace(OURS, rule.id, 1, { ...DRAFT, threshold: 70 });
      assert.ok(changed.kind === 'done' && changed.rule.version === 2 && changed.rule.scope === undefined);
      assert.deepEqual(await rules.replace(OURS, rule.id, 1, DRAFT), { kind: 'stale' });
      assert.deepEqual(await rules.replace(THEIRS, rule.id, 2, DRAFT), { kind: 'missing' });
      assert.equal(await rules.remove(THEIRS, rule.id), false);
      assert.equal(await rules.find(THEIRS, rule.id), undefined);
      assert.equal(await rules.remove(OURS, rule.id), true);
      assert.equal(await rules.find(OURS, rule.id), undefined);
      assert.deepEqual(await rules.replace(OURS, rule.id, 3, DRAFT), { kind: 'missing' });
      const actions = await store.withTenant(OURS, (transaction) =>
        transaction
          .selectFrom('audit_events')
          .select('action')
          .where('target_id', '=', rule.id)
          .orderBy('sequence')
          .execute(),
      );
      assert.deepEqual(
        actions.map(({ action }) => action),
        ['alert_created', 'alert_changed', 'alert_deleted'],
      );
    });

    it('lets each territory have so many rules', async () => {
      const made = await Promise.all(Array.from({ length: MAX_ALERT_RULES }, () => newRule(THEIRS)));
      assert.equal(await rules.create(THEIRS, DRAFT), undefined);
      assert.ok(await rules.create(OURS, DRAFT));
      for (const { id } of made) await rules.remove(THEIRS, id);
    });

    it('tells every change by its fingerprint', async () => {
      const seen = [await evaluation.fingerprint()];
      const rule = await newRule(OURS);
      seen.push(await evaluation.fingerprint());
      await rules.replace(OURS, rule.id, 1, DRAFT);
      seen.push(await evaluation.fingerprint());
      await evaluation.save(await takeOver('finger'), firing(await known(rule.id), 1, null));
      seen.push(await evaluation.fingerprint());
      await rules.remove(OURS, rule.id);
      seen.push(await evaluation.fingerprint());
      assert.equal(new Set(seen).size, seen.length);
    });

    it('gives the lease to one at a time, and counts its hands', async () => {
      const first = await takeOver('a');
      assert.equal(await evaluation.take('b', DAY_MS), undefined);
      assert.deepEqual(await evaluation.take('a', DAY_MS), first);
      await evaluation.release(first);
      const second = await evaluation.take('b', DAY_MS);
      assert.deepEqual(second, { holder: 'b', fence: first.fence + 1 });
      // Whoever comes late gives back nothing of the other's.
      await evaluation.release(first);
      assert.equal(await evaluation.take('c', DAY_MS), undefined);
    });

    it('refuses what an earlier holder still writes', async () => {
      const rule = await known((await newRule(OURS)).id);
      const late = await takeOver('late');
      const lease = await takeOver('next');
      assert.equal(await evaluation.save(late, firing(rule, 1, null)), false);
      assert.deepEqual(await rules.history(OURS, rule.id, 10), []);
      assert.equal(await evaluation.save(lease, firing(rule, 1, null)), true);
      // The same step again is none.
      assert.equal(await evaluation.save(lease, firing(rule, 1, null)), false);
      const history = await rules.history(OURS, rule.id, 10);
      assert.deepEqual(
        history.map(({ kind, number, value, reason }) => [kind, number, value, reason]),
        [['firing', 1, 50, 'value']],
      );
      assert.deepEqual(await rules.history(THEIRS, rule.id, 10), []);
      const states = await rules.states(OURS);
      assert.ok(states.some(({ ruleId, state, value }) => ruleId === rule.id && state === 'alerting' && value === 50));
      assert.deepEqual(await rules.states(THEIRS), []);
    });

    it('writes of a step all or nothing', async () => {
      const rule = await known((await newRule(OURS)).id);
      const lease = await takeOver('whole');
      const change = firing(rule, 1, null);
      const broken = { ...change, transitions: [...change.transitions, ...change.transitions] };
      await assert.rejects(evaluation.save(lease, broken));
      assert.equal((await known(rule.id)).state, undefined);
      assert.deepEqual(await rules.history(OURS, rule.id, 10), []);
    });

    it('tells an endpoint in order, one message per transition, and never shows its secret', async () => {
      const endpoint = await webhooks.create(OURS, { name: 'Pager', url: 'https://example.com/a' }, 'whsec_one');
      assert.ok(endpoint);
      const rule = await known((await newRule(OURS, { webhook: endpoint.id })).id);
      const lease = await takeOver('sender');
      await evaluation.save(lease, firing(rule, 1, endpoint.id));
      const later = { ...firing(rule, 2, endpoint.id) };
      await evaluation.save(lease, later);
      const [first, ...others] = await evaluation.due();
      assert.ok(first !== undefined && others.length === 0);
      assert.deepEqual([first.url, first.secrets, first.attempts], ['https://example.com/a', ['whsec_one'], 0]);
      const message = JSON.parse(first.body) as Record<string, unknown>;
      assert.deepEqual([message['id'], message['number'], message['event']], [first.id, 1, 'alert.firing']);

      await evaluation.settle(lease, first, { status: 'pending', error: 'http_500', retryInMs: DAY_MS });
      assert.deepEqual(await evaluation.due(), [], 'what failed first is not overtaken');
      await evaluation.settle(lease, first, { status: 'pending', error: 'http_500', retryInMs: 0 });
      assert.equal((await evaluation.due())[0]?.attempts, 2);
      const stale = await takeOver('other');
      assert.equal(await evaluation.settle(lease, first, { status: 'delivered' }), false);
      await evaluation.settle(stale, first, { status: 'delivered' });
      assert.notEqual((await evaluation.due())[0]?.id, first.id);

      const rotated = await webhooks.rotate(OURS, endpoint.id, 'whsec_two', DAY_MS);
      assert.ok(
        rotated !== undefined && rotated.formerSecretUntil !== null && !JSON.stringify(rotated).includes('whsec'),
      );
      assert.deepEqual((await evaluation.due())[0]?.secrets, ['whsec_two', 'whsec_one']);
      assert.equal((await evaluation.backlog()).pending, 1);
      const deliveries = await webhooks.deliveries(OURS, endpoint.id, 10);
      assert.deepEqual(
        deliveries.map(({ status, attempts }) => [status, attempts]),
        [
          ['pending', 0],
          ['delivered', 3],
        ],
      );
      assert.deepEqual(await webhooks.deliveries(THEIRS, endpoint.id, 10), []);
      assert.equal(await webhooks.rotate(THEIRS, endpoint.id, 'x', 1), undefined);
      assert.equal(await webhooks.remove(THEIRS, endpoint.id), false);
      assert.equal(await webhooks.remove(OURS, endpoint.id), true);
      assert.deepEqual(await evaluation.due(), []);
    });

    it('keeps the database roles to what they need', async () => {
      await newRule(OURS);
      const read = (table: 'alert_rules' | 'alert_states' | 'alert_transitions' | 'webhook_endpoints') =>
        store.withTenant(THEIRS, (transaction) => transaction.selectFrom(table).select('territory_id').execute());
      assert.deepEqual(await read('alert_rules').then((rows) => rows.filter((row) => row.territory_id !== 102)), []);
      assert.deepEqual(await read('alert_states'), []);
      assert.deepEqual(await read('alert_transitions'), []);
      const denied: (() => Promise<unknown>)[] = [
        () =>
          store.withTenant(OURS, (transaction) =>
            transaction.selectFrom('webhook_endpoints').select('secret').execute(),
          ),
        () => store.withTenant(OURS, (transaction) => transaction.deleteFrom('alert_transitions').execute()),
        () =>
          store.withTenant(OURS, (transaction) => transaction.updateTable('alert_states').set({ fence: 9 }).execute()),
        () => store.withTenant(OURS, (transaction) => transaction.selectFrom('alert_leases').selectAll().execute()),
        () => store.withRole('lumina_alerts', (transaction) => transaction.selectFrom('queues').selectAll().execute()),
        () =>
          store.withRole('lumina_alerts', (transaction) =>
            transaction.selectFrom('audit_events').selectAll().execute(),
          ),
        () => store.withRole('lumina_alerts', (transaction) => transaction.deleteFrom('alert_rules').execute()),
        () =>
          store.withRole('lumina_alerts', (transaction) =>
            transaction.selectFrom('alert_transitions').selectAll().execute(),
          ),
        // Of another territory than the one that the transaction names.
        () =>
          store.withTenant(THEIRS, (transaction) =>
            transaction
              .insertInto('alert_rules')
              .values({ territory_id: 101, id: 'x', body: '{}', scope: null, updated_by: 'x' })
              .execute(),
          ),
        () =>
          store.withTenant(
            THEIRS,
            (transaction) =>
              transaction
                .insertInto('alert_states')
                .values({ territory_id: 101, rule_id: 'x', number: 1, fence: 1, body: '{}' })
                .execute(),
            'lumina_alerts',
          ),
      ];
      for (const [index, attempt] of denied.entries())
        await assert.rejects(attempt(), (error) => sqlStateOf(error) === '42501', String(index));
    });
  });
}

for (const [name, start] of configEngines()) contract(name, start);
