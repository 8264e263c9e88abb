import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { CustomMetric, MetricQuery, MetricQueryRequest, MetricReply, RowScope } from '@lumina/contracts';
import type { TimeSeriesStore } from '../../timestream/port.ts';
import { storeScanReaders } from './scans/store-scan-reader.ts';
import { MetricService } from './service.ts';
import { LocalStore } from './testing/local-store.ts';
import type { QueueMember } from './plan/queue-members.ts';
import type { TestFact } from './testing/local-store.ts';
import { MINUTE_MS, QUARTER_MS, floorTo } from './time/grid.ts';

const NOW = floorTo(Date.now(), QUARTER_MS) - QUARTER_MS + 5 * MINUTE_MS + 17_000;
const MINUTE = floorTo(NOW, MINUTE_MS);
const directory = {
  timeZoneOf: (): Promise<string> => Promise.resolve('Europe/London'),
  agentsOfTeams: (_: unknown, teams: readonly string[]): Promise<string[]> =>
    Promise.resolve(teams.includes('t_x') ? ['ag_1'] : []),
  queueMembers: (): Promise<readonly QueueMember[]> =>
    Promise.resolve([{ queueId: 'q_a', agentId: 'ag_1', fromMs: 0, toMs: null }]),
};
const sampled = (slotMs: number): Record<string, number | string> => ({
  part: '0',
  at_ms: slotMs + 2000,
  interval_ms: 10_000,
});
const queueLevel = (slotMs: number, queue: string, depth: number, more: Record<string, number> = {}): TestFact => ({
  fact: 'queue_metrics.level',
  timeMs: slotMs,
  values: { ...sampled(slotMs), queue_id: queue, depth, ...more },
});
const call = (timeMs: number, queue: string, agent: string, durationMs: number, territoryId = 101): TestFact => ({
  fact: 'call_metrics.call',
  timeMs,
  territoryId,
  values: {
    direction: 'inbound',
    n: 1,
    answered: 1,
    abandoned: 0,
    dur_ms: durationMs,
    talk_ms: durationMs - 1,
    wait_ms: 1,
    queue_id: queue,
    agent_id: agent,
    outcome: 'answered',
    eid: `${timeMs}${agent}`,
  },
});

const arrival = (slotMs: number, source: string, lastMs: number, territoryId = 101, rejected = 0): TestFact => ({
  fact: 'system_metrics.source',
  timeMs: slotMs,
  territoryId,
  values: { source, worker: 'w1', received: 1, rejected, last_ms: lastMs },
});

function facts(): TestFact[] {
  const levels = [-60, -50, -10, 0, 10].map((seconds) => MINUTE + seconds * 1000);
  return [
    ...levels.map((slotMs) => queueLevel(slotMs, '*', 0)),
    ...levels.map((slotMs) => ({
      fact: 'agent_metrics.level' as const,
      timeMs: slotMs,
      values: { ...sampled(slotMs), team_id: '*', available: 0, on_contact: 0, acw: 0, away: 0, staffed: 0 },
    })),
    queueLevel(MINUTE - 60_000, 'q_a', 5, { oldest_join_ms: MINUTE - 90_000 }),
    queueLevel(MINUTE - 60_000, 'q_b', 4, { oldest_join_ms: MINUTE - 80_000 }),
    queueLevel(MINUTE - 10_000, 'q_a', 2, { oldest_join_ms: MINUTE - 70_000 }),
    queueLevel(MINUTE + 10_000, 'q_b', 3, { oldest_join_ms: MINUTE - 30_000 }),
    {
      fact: 'agent_metrics.level',
      timeMs: MINUTE + 10_000,
      values: { ...sampled(MINUTE + 10_000), team_id: 't_x', available: 2, on_contact: 1, acw: 0, away: 0, staffed: 3 },
    },
    {
      fact: 'agent_metrics.slice',
      timeMs: MINUTE - 120_000,
      values: { agent_id: 'ag_1', team_id: 't_x', state: 'available', ms: 122_000 },
    },
    {
      fact: 'agent_metrics.slice',
      timeMs: MINUTE - 120_000,
      values: { agent_id: 'ag_2', team_id: 't_x', state: 'available', ms: 122_000 },
    },
    {
      fact: 'agent_metrics.slice',
      timeMs: MINUTE - 180_000,
      values: { agent_id: 'ag_1', team_id: 't_x', state: 'on_contact', ms: 60_000 },
    },
    call(MINUTE - 30_000, 'q_a', 'ag_1', 1000),
    call(MINUTE - 20_000, 'q_a', 'ag_2', 2000),
    call(MINUTE - 10_000, 'q_b', 'ag_2', 4000),
    call(MINUTE + 5000, 'q_c', 'ag_9', 8000),
    call(MINUTE - 3_600_000 - 10_000, 'q_c', 'ag_9', 16_000),
    call(MINUTE - 30_000, 'q_a', 'ag_1', 5, 202),
    arrival(MINUTE, 'freeswitch', MINUTE + 9_000),
    arrival(MINUTE, 'cai', MINUTE + 4_000),
    arrival(MINUTE + 10_000, 'collector', MINUTE + 12_000, 101, 1),
    arrival(MINUTE - 3 * 3_600_000, 'freeswitch', MINUTE - 3 * 3_600_000 + 2_000, 202),
  ];
}

let local: LocalStore;
const texts: string[] = [];
before(async () => {
  local = await LocalStore.start(NOW, 3);
  await local.write(facts());
});
after(async () => {
  await local.close();
});

function service(): MetricService {
  const counting: TimeSeriesStore = {
    query: (sql, options) => {
      texts.push(sql);
      return local.store.query(sql, options);
    },
  };
  return new MetricService({
    readers: storeScanReaders(counting),
    directory,
    customMetrics: {
      find: ({ territoryId }, id) => Promise.resolve(territoryId === 101 ? customMetric(id) : undefined),
    },
    clock: () => NOW,
  });
}

const FORMULAS: Readonly<Record<string, Pick<CustomMetric, 'formula' | 'unit'>>> = {
  'custom:share': { formula: "sum(calls where queue_id = 'q_a') / calls * 100", unit: '%' },
  'custom:mean': { formula: '(call_duration + call_duration) / 2', unit: 's' },
  'custom:rate': { formula: 'calls / (elapsed / 1h)', unit: 'count' },
  'custom:nothing': { formula: "calls / sum(calls where queue_id = 'nowhere')", unit: '%' },
  'custom:free': { formula: 'agent.available_ms / elapsed', unit: '%' },
  'custom:old': { formula: 'no_such_part', unit: 'count' },
};

function customMetric(id: string): CustomMetric | undefined {
  const found = Object.hasOwn(FORMULAS, id) ? FORMULAS[id] : undefined;
  return found && { id, title: id, version: 3, updatedAt: '', updatedBy: '', ...found };
}

function ask(
  query: Partial<MetricQuery>,
  options: { scope?: RowScope; request?: Partial<MetricQueryRequest>; territoryId?: number } = {},
): Promise<MetricReply> {
  const { scope, request = {}, territoryId = 101 } = options;
  const body: MetricQueryRequest = {
    range: { last: '10m' },
    bin: '1m',
    queries: [{ ref: 'A', metrics: ['call_count'], ...query }],
    ...request,
  };
  return service().query(body, {
    territoryId,
    regionId: 1,
    permissions: ['metrics:read'],
    ...(scope === undefined ? {} : { scope }),
  });
}

const values = (reply: MetricReply): Record<string, number | null> =>
  Object.fromEntries(
    reply.aggregations.map(({ group, value, compare }) => [
      [...Object.values(group), ...(compare === undefined ? [] : [compare])].join(' '),
      value,
    ]),
  );
const lastPoints = (reply: MetricReply, count: number): (number | null)[] =>
  reply.data[0]?.points.slice(-count).map(([, value]) => value) ?? [];

test('calls are counted in their bins, in total and by group, for one territory only', async () => {
  const reply = await ask({});
  assert.deepEqual(lastPoints(reply, 3), [0, 3, 1]);
  assert.deepEqual(values(reply), { '': 4 });
  assert.deepEqual(values(await ask({ groupBy: ['queue_id'] })), { q_a: 2, q_b: 1, q_c: 1 });
  assert.deepEqual(values(await ask({}, { territoryId: 202 })), { '': 1 });
  assert.deepEqual(
    { from: reply.meta.from, to: reply.meta.to, zone: reply.meta.timeZone, state: reply.meta.cache.state },
    { from: NOW - 600_000, to: NOW, zone: 'Europe/London', state: 'miss' },
  );
});

test('the watermark is the newest arrival of the territory, however long ago, and unknown when there was none', async () => {
  assert.equal((await ask({})).meta.watermark, MINUTE + 9_000);
  assert.equal((await ask({}, { territoryId: 202 })).meta.watermark, MINUTE - 3 * 3_600_000 + 2_000);
  assert.equal((await ask({}, { territoryId: 303 })).meta.watermark, null);
});

test('an aggregation comes from parts, not from the means of the bins', async () => {
  const reply = await ask({ metrics: ['call_duration'] });
  assert.deepEqual(lastPoints(reply, 2), [7 / 3, 8]);
  assert.deepEqual(reply.aggregations[0], {
    ref: 'A',
    metric: 'call_duration',
    group: {},
    value: 15 / 4,
    num: 15_000,
    den: 4,
  });
});

test('filters keep, drop and combine', async () => {
  const filtered = async (...filters: NonNullable<MetricQuery['filters']>): Promise<number | null | undefined> =>
    values(await ask({ filters }))[''];
  assert.equal(await filtered({ dim: 'queue_id', op: 'eq', values: ['q_a'] }), 2);
  assert.equal(await filtered({ dim: 'queue_id', op: 'ne', values: ['q_a'] }), 2);
  assert.equal(
    await filtered(
      { dim: 'queue_id', op: 'in', values: ['q_a', 'q_b'] },
      { dim: 'agent_id', op: 'eq', values: ['ag_2'] },
    ),
    2,
  );
  assert.equal(await filtered({ dim: 'queue_id', op: 'eq', values: ["' OR 1=1 --"] }), 0);
});

test('top keeps the largest and puts the rest together', async () => {
  assert.deepEqual(values(await ask({ groupBy: ['queue_id'], top: 1 })), { q_a: 2, other: 2 });
});

test('a compared series lies over the current one', async () => {
  const reply = await ask({ compare: 'previous' }, { request: { range: { last: '1h' } } });
  assert.deepEqual(values(reply), { '': 4, previous: 1 });
  const [current, previous] = reply.data;
  assert.equal(previous?.compare, 'previous');
  assert.deepEqual(
    previous.points.map(([at]) => at),
    current?.points.map(([at]) => at),
  );
});

test('depth now is the last beat: a queue without a row there is empty', async () => {
  const now = { metrics: ['queue_depth'], options: { stat: 'now' as const } };
  assert.deepEqual(lastPoints(await ask(now), 2), [2, 3]);
  assert.deepEqual(values(await ask({ ...now, groupBy: ['queue_id'] })), { q_a: 0, q_b: 3 });
  assert.deepEqual(lastPoints(await ask(now), 10).slice(0, 7), [null, null, null, null, null, null, null]);
});

test('the peak of a total is the largest sum of one slot', async () => {
  const peak = { metrics: ['queue_depth'], options: { stat: 'peak' as const } };
  assert.deepEqual(values(await ask(peak)), { '': 9 });
  assert.deepEqual(values(await ask({ ...peak, groupBy: ['queue_id'] })), { q_a: 5, q_b: 4 });
});

test('the longest wait grows until now, and in the past until its beat', async () => {
  const reply = await ask({ metrics: ['longest_wait'] });
  assert.deepEqual(lastPoints(reply, 2), [62, 30 + 17]);
  assert.deepEqual(values(reply), { '': 47 });
});

test('without samples a level is unknown, not zero', async () => {
  const reply = await ask(
    { metrics: ['queue_depth', 'calls_in_progress'], options: { stat: 'now' } },
    { territoryId: 202 },
  );
  assert.deepEqual(
    reply.aggregations.map(({ value }) => value),
    [null, null],
  );
  assert.deepEqual(values(await ask({ metrics: ['queue_depth'], fill: 'zero' }, { territoryId: 202 })), { '': null });
});

test('state time ends where the slices were last extended', async () => {
  const reply = await ask({ metrics: ['agent_available_count'] });
  assert.deepEqual(lastPoints(reply, 3), [2, 2, 2]);
  const { num, den } = reply.aggregations[0] ?? {};
  assert.deepEqual({ num, den }, { num: 2 * 122_000, den: 585_000 });
});

test('agents now come from levels, or under a scope of agents or queues from their open slices', async () => {
  const now = { metrics: ['agent_available_count'], options: { stat: 'now' as const } };
  assert.deepEqual(values(await ask(now)), { '': 2 });
  assert.deepEqual(values(await ask(now, { scope: { teams: ['t_x'] } })), { '': 2 });
  assert.deepEqual(values(await ask(now, { scope: { agents: ['ag_1'] } })), { '': 1 });
  assert.deepEqual(values(await ask(now, { scope: { queues: ['q_a'] } })), { '': 1 });
  assert.deepEqual(values(await ask(now, { scope: { agents: [] } })), { '': 0 });
});

test('a scope is ANDed to every query; facts of nobody are refused to it', async () => {
  assert.deepEqual(values(await ask({ groupBy: ['queue_id'] }, { scope: { queues: ['q_a'] } })), { q_a: 2 });
  assert.deepEqual(values(await ask({}, { scope: { teams: ['t_x'] } })), { '': 1 });
  assert.deepEqual(values(await ask({}, { scope: { queues: ['q_a'], agents: ['ag_2'] } })), { '': 1 });
  assert.deepEqual(
    values(await ask({ filters: [{ dim: 'queue_id', op: 'eq', values: ['q_b'] }] }, { scope: { queues: ['q_a'] } })),
    { '': 0 },
  );
  assert.deepEqual(values(await ask({}, { scope: { queues: [] } })), { '': 0 });
  assert.deepEqual(
    (await ask({ metrics: ['error_rate', 'calls_in_progress'] }, { scope: { queues: ['q_a'] } })).errors.map(
      ({ code }) => code,
    ),
    ['out_of_scope', 'out_of_scope'],
  );
});

test('what cannot be answered is said per query, and the rest is answered', async () => {
  const code = async (
    query: Partial<MetricQuery>,
    request: Partial<MetricQueryRequest> = {},
  ): Promise<string | undefined> => (await ask(query, { request })).errors[0]?.code;
  assert.equal(await code({ metrics: ['nonsense'] }), 'unknown_metric');
  assert.equal(await code({ metrics: ['ingest_lag'] }), 'unknown_metric');
  assert.equal(await code({ metrics: ['queue_depth'] }, { bin: '10s' }), 'bin_too_small');
  assert.equal(await code({ metrics: ['occupancy'] }, { range: { last: '7h' } }), 'bin_too_small');
  assert.equal(await code({}, { range: { last: '9d' }, bin: '10s' }), 'bin_too_small');
  assert.equal(await code({ groupBy: ['team_id'] }), 'dimension_unsupported');
  assert.equal(await code({ metrics: ['transfer_rate'], groupBy: ['direction'] }), 'dimension_unsupported');
  assert.equal(await code({}, { range: { last: '401d' }, bin: '1d' }), 'beyond_retention');
  assert.equal(await code({}, { territory: 'platform' }), 'forbidden');
  const mixed = await ask({ metrics: ['nonsense', 'call_count'] });
  assert.deepEqual([mixed.errors.length, values(mixed)], [1, { '': 4 }]);
});

test('a custom metric is computed from parts, per bin, over the range and by group', async () => {
  const share = await ask({ metrics: ['custom:share'] });
  assert.deepEqual(lastPoints(share, 3), [null, 200 / 3, 0]);
  assert.deepEqual(share.aggregations[0], { ref: 'A', metric: 'custom:share', group: {}, value: 50, num: 2, den: 4 });
  assert.deepEqual(share.meta.definitions, {
    'custom:share': { version: 3, text: "sum(calls where queue_id = 'q_a') / calls * 100" },
  });
  const grouped = { metrics: ['custom:share'], groupBy: ['queue_id'] };
  assert.deepEqual(values(await ask(grouped)), { q_a: 100, q_b: 0, q_c: 0 });
  // The rest is divided from its own parts: an average of its groups would also be 0, of all 33.
  assert.deepEqual(values(await ask({ ...grouped, metrics: ['custom:share'], top: 1 })), { q_a: 100, other: 0 });
  assert.deepEqual(values(await ask({ metrics: ['custom:share'] }, { scope: { queues: ['q_b'] } })), { '': 0 });
  assert.deepEqual(values(await ask({ metrics: ['custom:mean'] })), { '': 3.75 });
  assert.deepEqual(values(await ask({ metrics: ['custom:rate'] })), { '': 24 });
  assert.deepEqual(values(await ask({ metrics: ['custom:nothing'] })), { '': null });
  assert.deepEqual(values(await ask({ metrics: ['custom:free'] })), { '': (2 * 122_000) / 600_000 });
});

test('a custom metric of another territory, or one whose formula no longer holds, is not answered', async () => {
  const code = async (metric: string, territoryId = 101): Promise<string | undefined> =>
    (await ask({ metrics: [metric] }, { territoryId })).errors[0]?.code;
  assert.equal(await code('custom:share', 202), 'unknown_metric');
  assert.equal(await code('custom:old'), 'unknown_metric');
  assert.equal(await code('custom:__proto__'), 'unknown_metric');
});

test('widgets that read the same rows share one scan', async () => {
  texts.length = 0;
  await ask(
    {},
    {
      request: {
        queries: ['call_count', 'call_duration', 'call_answer_rate', 'call_abandon_rate'].map((metric, index) => ({
          ref: `R${index}`,
          metrics: [metric],
        })),
      },
    },
  );
  // The watermark is read once a request, whatever it asks.
  assert.equal(texts.filter((sql) => sql.includes('call_metrics')).length, 1);
  assert.equal(texts.length, 2);
});

test('every metric of the catalogue is answered, before anything was ever stored too', async () => {
  const metrics = (await import('@lumina/contracts')).METRIC_IDS.filter((id) => id !== 'ingest_lag');
  const empty = await LocalStore.start(NOW);
  try {
    for (const store of [local.store, empty.store]) {
      const every = new MetricService({ readers: storeScanReaders(store), directory, clock: () => NOW });
      for (const stat of ['average', 'now', 'peak', 'p95'] as const) {
        const reply = await every.query(
          {
            range: { last: '30m' },
            queries: [
              { ref: 'A', metrics: [...metrics].slice(0, 20), options: { stat } },
              { ref: 'B', metrics: [...metrics].slice(20), options: { stat } },
            ],
          },
          { territoryId: 101, regionId: 1, permissions: ['metrics:read'] },
        );
        assert.deepEqual(reply.errors, []);
        assert.deepEqual(new Set(reply.aggregations.map(({ metric }) => metric)), new Set(metrics));
      }
    }
  } finally {
    await empty.close();
  }
});
