import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { it } from 'node:test';
import { defaultSettings } from '@lumina/contracts';
import type { AlertRuleDraft, TerritorySettings } from '@lumina/contracts';
import { storesOf } from '../../compose/stores.ts';
import { openConfigStore } from '../../config-store/config-store.ts';
import { importSeed } from '../../config-store/import-seed.ts';
import { embeddedEngine, migratedPostgres } from '../../testing/config-engines.ts';
import { SEED } from '../../testing/fixtures.ts';
import { startLocalIssuer } from '../../testing/local-issuer.ts';
import { LocalStore } from '../metrics/testing/local-store.ts';
import type { TestFact } from '../metrics/testing/local-store.ts';
import type { AlertRuleStore, RuleAuthor } from './alert-rule-store.ts';
import { documentedReceiver } from './testing/documented-receiver.ts';
import { startReplica } from './testing/replicas.ts';
import type { Replica } from './testing/replicas.ts';
import { WebhookReceiver } from './testing/webhook-receiver.ts';

const ADMIN: RuleAuthor = { territoryId: 101, sub: 'admin', roles: ['admin'] };
const SECRET = 'whsec_test';
const RULE: AlertRuleDraft = {
  name: 'Service level of sales',
  metric: 'queue_service_level',
  filters: [{ dim: 'queue_id', op: 'eq', values: ['q_sales'] }],
  options: { formula: 'SL6', thresholdS: 20, shortAbandonS: 5 },
  window: '30m',
  op: 'lt',
  threshold: 80,
  forS: 0,
  minVolume: { n: 10 },
  hours: 'opening',
  noData: 'keep',
  severity: 'critical',
  enabled: true,
};

let visits = 0;
/** Answered visits that ended just now, each after so long a wait, and the news that something came in. */
function answeredAfter(waitMs: number, count: number): TestFact[] {
  const nowMs = Date.now();
  return [
    {
      fact: 'system_metrics.source',
      timeMs: nowMs - (nowMs % 10_000),
      version: (nowMs % 10_000) + 1,
      values: { source: 'freeswitch', worker: 'w', received: 1, rejected: 0, last_ms: nowMs },
    },
    ...Array.from({ length: count }, (): TestFact => {
      visits += 1;
      const timeMs = nowMs - 1_000;
      return {
        fact: 'queue_metrics.visit',
        timeMs,
        values: {
          queue_id: 'q_sales',
          n: 1,
          wait_ms: waitMs,
          answered: 1,
          abandoned: 0,
          flowout: 0,
          resumed: 0,
          join_ms: timeMs - waitMs,
          outcome: 'answered',
          eid: `visit-${String(visits)}`,
        },
      };
    }),
  ];
}

/** Looks again until it is so; a test that waits in vain ends with its own time. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await delay(100);
}

const closedSettings = (): TerritorySettings => {
  const settings = defaultSettings('Europe/London');
  const closed = Object.fromEntries(Object.keys(settings.openingHours).map((day) => [day, []]));
  return { ...settings, openingHours: closed as unknown as TerritorySettings['openingHours'] };
};

const historyOf = async (rules: AlertRuleStore, id: string): Promise<string[]> =>
  (await rules.history(ADMIN, id, 100)).map(({ kind, reason }) => `${kind} ${reason}`).toReversed();

it(
  'tells an alert once and its end once, not at night, though the process that tells is killed while it does',
  { timeout: 120_000 },
  async (context) => {
    const engine = await (migratedPostgres() ?? embeddedEngine)();
    const store = openConfigStore(engine.config);
    await store.migrate();
    await importSeed(store, SEED);
    const [timestream, receiver, issuer, isFromLumina] = await Promise.all([
      LocalStore.start(() => Date.now()),
      WebhookReceiver.start(),
      startLocalIssuer(),
      documentedReceiver(),
    ]);
    const replicas: Replica[] = [];
    context.after(async () => {
      for (const replica of replicas) await replica.close();
      issuer.close();
      await Promise.all([receiver.close(), store.close()]);
      await Promise.all([timestream.close(), engine.stop()]);
    });

    const { alertRules: rules, webhooks, settings } = storesOf(store);
    const endpoint = await webhooks.create(ADMIN, { name: 'Pager', url: receiver.url }, SECRET);
    const rule = await rules.create(ADMIN, { ...RULE, ...(endpoint === undefined ? {} : { webhook: endpoint.id }) });
    const demanding = await rules.create(ADMIN, {
      ...RULE,
      minVolume: { n: 1_000 },
      ...(endpoint === undefined ? {} : { webhook: endpoint.id }),
    });
    assert.ok(endpoint !== undefined && rule !== undefined && demanding !== undefined);
    await settings.replace(ADMIN, { expectedVersion: 0, body: closedSettings() });
    await timestream.write(answeredAfter(60_000, 20));
    const around = { config: engine.config, store, timestream, issuer, allowedHost: receiver.host };
    replicas.push(...(await Promise.all([startReplica(around), startReplica(around)])));

    // At night it is looked at, and nothing is told.
    await until(async () => (await rules.states(ADMIN)).length === 2);
    assert.deepEqual(await rules.history(ADMIN, rule.id, 10), []);

    // In the morning it fires; whoever tells it is killed before it hears that it was heard.
    await settings.replace(ADMIN, { expectedVersion: 1, body: defaultSettings('Europe/London') });
    await receiver.message(0);
    const holding = await Promise.all(replicas.map((replica) => replica.holdsLease()));
    assert.deepEqual(holding.toSorted(), [false, true]);
    await replicas[holding.indexOf(true)]?.kill();

    // The other goes on: it tells the same again, under the same id, and in its turn the end.
    (await receiver.message(1)).take();
    await timestream.write(answeredAfter(1_000, 180));
    (await receiver.message(2)).take();
    await until(async () =>
      (await webhooks.deliveries(ADMIN, endpoint.id, 10)).every(({ status }) => status === 'delivered'),
    );

    assert.deepEqual(await historyOf(rules, rule.id), ['firing value', 'resolved value']);
    assert.deepEqual(await historyOf(rules, demanding.id), [], 'too few visits to judge');
    const seen = new Map<string, string>();
    for (const { headers, body } of receiver.messages) {
      assert.ok(isFromLumina(SECRET, String(headers['lumina-signature']), body));
      const id = String(headers['lumina-delivery']);
      const message = JSON.parse(body.toString()) as { id: string; event: string; rule: { id: string }; value: number };
      assert.equal(message.id, id);
      assert.equal(message.rule.id, rule.id);
      seen.set(id, `${message.event} ${message.value < RULE.threshold ? 'low' : 'high'}`);
    }
    assert.equal(receiver.messages.length, 3);
    assert.deepEqual([...seen.values()], ['alert.firing low', 'alert.resolved high']);
  },
);
