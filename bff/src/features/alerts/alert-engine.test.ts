import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { Registry } from 'prom-client';
import { defaultSettings } from '@lumina/contracts';
import type { AlertRuleDraft, MetricQueryRequest, MetricReply, TerritorySettings } from '@lumina/contracts';
import { LiveHub } from '../../live/index.ts';
import { FakeMetrics } from '../../live/testing/fake-metrics.ts';
import { single, viewer } from '../../live/testing/live-identity.ts';
import { ManualClock } from '../../live/testing/manual-clock.ts';
import { RecordingSink } from '../../live/testing/recording-sink.ts';
import type { QueryIdentity } from '../metrics/index.ts';
import { AlertEngine } from './alert-engine.ts';
import { createAlertMeter } from './alert-meter.ts';
import { announceNews, newsFor } from './alert-news.ts';
import type { KnownRule } from './evaluation-store.ts';
import { MemoryEvaluationStore } from './testing/memory-evaluation-store.ts';

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

function rule(id: string, more: Partial<KnownRule> & { readonly draft?: AlertRuleDraft } = {}): KnownRule {
  return {
    territoryId: 101,
    id,
    version: 1,
    draft: DRAFT,
    scope: undefined,
    isDeleted: false,
    state: undefined,
    ...more,
  };
}

let clock: ManualClock;
let store: MemoryEvaluationStore;
let asked: { readonly request: MetricQueryRequest; readonly identity: QueryIdentity }[];
/** What the metrics say; a number of visits below ten is too few. */
let world: {
  value: number | null;
  visits: number;
  watermarkAgeMs: number | null;
  fails: boolean;
  settings: TerritorySettings;
};
let engines: AlertEngine[];

const answers = {
  query: (request: MetricQueryRequest, identity: QueryIdentity): Promise<MetricReply> => {
    asked.push({ request, identity });
    if (world.fails) return Promise.reject(new Error('the store is down'));
    const aggregations = request.queries.flatMap(({ ref, metrics }) =>
      metrics.map((metric) => ({ ref, metric, group: {}, value: world.value, num: null, den: world.visits })),
    );
    const watermark = world.watermarkAgeMs === null ? null : clock.nowMs - world.watermarkAgeMs;
    const meta = {
      bin: '1m',
      from: 0,
      to: clock.nowMs,
      timeZone: 'UTC',
      asOf: clock.nowMs,
      watermark,
      definitions: {},
    };
    return Promise.resolve({
      data: [],
      aggregations,
      errors: [],
      meta: { ...meta, cache: { state: 'miss', fetched: 1 } },
    });
  },
};

function startEngine(): AlertEngine {
  const engine = new AlertEngine({
    store,
    answers,
    regionId: 1,
    settings: { current: () => Promise.resolve(world.settings) },
    send: () => Promise.reject(new Error('nothing is sent here')),
    clock,
    meter: createAlertMeter(new Registry()),
    onFailure: () => undefined,
  });
  engine.start();
  engines.push(engine);
  return engine;
}

beforeEach(() => {
  clock = new ManualClock(1_750_000_000_000);
  store = new MemoryEvaluationStore(clock.now);
  asked = [];
  world = { value: 50, visits: 100, watermarkAgeMs: 1_000, fails: false, settings: defaultSettings('UTC') };
  engines = [];
});
afterEach(async () => {
  for (const engine of engines) await engine.close();
});

describe('an engine', () => {
  it('asks for all rules of a territory, scope and window at once, and for equal ones once', async () => {
    for (const id of ['a', 'b']) store.put(rule(id));
    store.put(rule('c', { draft: { ...DRAFT, metric: 'call_count', minVolume: { metric: 'call_count', n: 1 } } }));
    store.put(rule('d', { draft: { ...DRAFT, window: '1h' } }));
    store.put(rule('e', { scope: { queues: ['q'] } }));
    store.put(rule('f', { territoryId: 102 }));
    startEngine();
    await clock.pass(1_000);
    assert.deepEqual(
      asked
        .toSorted((one, other) => one.identity.territoryId - other.identity.territoryId)
        .map(({ request, identity }) => [
          identity.territoryId,
          identity.scope,
          request.range,
          request.queries.map(({ metrics }) => metrics[0]),
        ]),
      [
        [101, undefined, { last: '15m' }, ['queue_service_level', 'call_count']],
        [101, undefined, { last: '1h' }, ['queue_service_level']],
        [101, { queues: ['q'] }, { last: '15m' }, ['queue_service_level']],
        [102, undefined, { last: '15m' }, ['queue_service_level']],
      ],
    );
    for (const { identity } of asked) assert.deepEqual(identity.permissions, ['metrics:read']);
  });

  it('asks every five seconds, and a second after news of the territory', async () => {
    store.put(rule('a'));
    store.put(rule('b', { territoryId: 102 }));
    const engine = startEngine();
    await clock.pass(1_000);
    asked.splice(0);
    await clock.pass(4_000);
    assert.equal(asked.length, 0);
    engine.wake(new Set([101]));
    await clock.pass(1_000);
    assert.equal(asked.filter(({ identity }) => identity.territoryId === 101).length, 1);
    await clock.pass(60_000);
    assert.equal(asked.filter(({ identity }) => identity.territoryId === 102).length, 1 + 12);
  });

  it('writes only what has changed', async () => {
    store.put(rule('a'));
    world.value = 90;
    startEngine();
    await clock.pass(600_000);
    assert.equal(store.saved.length, 1);
    world.value = 50;
    await clock.pass(600_000);
    assert.equal(store.saved.length, 2);
    assert.deepEqual(store.told, ['a firing value']);
  });

  it('decides nothing for too few, without news, or when it cannot ask', async () => {
    store.put(rule('a'));
    world.visits = 9;
    startEngine();
    await clock.pass(20_000);
    Object.assign(world, { visits: 100, watermarkAgeMs: 121_000 });
    await clock.pass(20_000);
    assert.equal(store.rules[0]?.state?.phase, 'no_data');
    Object.assign(world, { watermarkAgeMs: 1_000, fails: true });
    await clock.pass(20_000);
    assert.deepEqual(store.told, []);
    world.fails = false;
    await clock.pass(20_000);
    assert.deepEqual(store.told, ['a firing value']);
  });

  it('keeps quiet outside the hours of the territory and of the rule, and asks nothing', async () => {
    const openingHours = { ...world.settings.openingHours };
    for (const day of Object.keys(openingHours) as (keyof typeof openingHours)[]) openingHours[day] = [];
    store.put(rule('a', { draft: { ...DRAFT, hours: 'opening' } }));
    store.put(rule('b', { draft: { ...DRAFT, hours: { openingHours } } }));
    startEngine();
    await clock.pass(10_000);
    assert.deepEqual(store.told, ['a firing value']);
    world.settings = { ...world.settings, openingHours };
    asked.splice(0);
    await clock.pass(10_000);
    assert.deepEqual(store.told, ['a firing value', 'a resolved hours']);
    assert.deepEqual(asked, []);
  });

  it('ends what fires when the rule is switched off or deleted', async () => {
    for (const id of ['a', 'b']) store.put(rule(id));
    startEngine();
    await clock.pass(2_000);
    const [a, b] = store.rules;
    assert.ok(a !== undefined && b !== undefined);
    store.put({ ...a, version: 2, draft: { ...a.draft, enabled: false } });
    store.put({ ...b, version: 2, isDeleted: true });
    await clock.pass(10_000);
    assert.deepEqual(store.told.slice(2).toSorted(), ['a resolved disabled', 'b resolved deleted']);
  });

  it('takes over where another died, and writes nothing while another holds the lease', async () => {
    store.put(rule('a', { draft: { ...DRAFT, forS: 60 } }));
    const first = startEngine();
    await clock.pass(500);
    startEngine();
    await clock.pass(30_000);
    assert.equal(asked.length, 6, 'one of them asks');
    await first.close();
    await clock.pass(29_000);
    assert.deepEqual(store.told, []);
    await clock.pass(6_000);
    assert.deepEqual(store.told, ['a firing value'], 'the wait goes on over the change of hands');
  });
});

describe('live streams', () => {
  it('hear of alerts that they may see, from any process, and of all of them when they begin', async () => {
    const hub: LiveHub = new LiveHub({
      service: new FakeMetrics(clock.now),
      clock,
      onFailure: () => undefined,
      news: (identity) => newsFor(listening.book, identity),
    });
    startEngine();
    await clock.pass(100);
    // This one never holds the lease: what it tells, another has found out.
    const listening = startEngine();
    announceNews(listening.book, (announcement) => {
      hub.announce(announcement);
    });
    const watch = (more: Parameters<typeof viewer>[0] = {}): RecordingSink => {
      const sink = new RecordingSink();
      hub.open(viewer(more), single()).start(sink, undefined);
      return sink;
    };
    const alertsOf = ({ frames }: RecordingSink): string[] =>
      frames.flatMap((frame) =>
        frame.event === 'alert' ? [`${frame.ruleId} ${frame.state} ${String(frame.value)}`] : [],
      );
    const everything = watch();
    const sales = watch({ scope: { queues: ['q_sales'] } });
    const foreign = watch({ territoryId: 102 });
    store.put(rule('all'));
    store.put(rule('sales', { scope: { queues: ['q_sales'] } }));
    await clock.pass(8_000);
    assert.deepEqual(alertsOf(everything).toSorted(), ['all alerting 50', 'sales alerting 50']);
    assert.deepEqual(alertsOf(sales), ['sales alerting 50']);
    assert.deepEqual(alertsOf(foreign), []);
    assert.deepEqual(alertsOf(watch({ scope: { queues: ['q_sales'] } })), ['sales alerting 50']);
    world.value = 90;
    await clock.pass(8_000);
    assert.deepEqual(alertsOf(sales), ['sales alerting 50', 'sales normal 90']);
    const slow = watch();
    assert.deepEqual(alertsOf(slow).toSorted(), ['all normal 90', 'sales normal 90']);
    // Whoever is behind is told once it has caught up, and then what is so by then.
    slow.pending = 2_000_000;
    world.value = 10;
    await clock.pass(8_000);
    assert.equal(alertsOf(slow).length, 2);
    slow.pending = 0;
    await clock.pass(2_000);
    assert.deepEqual(alertsOf(slow).slice(2).toSorted(), ['all alerting 10', 'sales alerting 10']);
    hub.drain();
  });
});
