import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { MetricQuery, MetricQueryRequest, MetricReply } from '@lumina/contracts';
import type { TimeSeriesStore } from '../../timestream/port.ts';
import { serviceLevel } from './evaluate/service-level.ts';
import { readParts } from './read-parts.ts';
import { storeScanReaders } from './scans/store-scan-reader.ts';
import { MetricService } from './service.ts';
import { LocalStore } from './testing/local-store.ts';
import type { TestFact } from './testing/local-store.ts';
import { factsOf, makeWorld } from './testing/world.ts';
import { HOUR_MS, MINUTE_MS, QUARTER_MS, floorTo } from './time/grid.ts';

const SPAN_MS = 3 * HOUR_MS;
const NOW = floorTo(Date.now(), QUARTER_MS) - QUARTER_MS + 4 * MINUTE_MS + 17_000;
const FROM = floorTo(NOW - SPAN_MS, QUARTER_MS);
/** No snapshot for six minutes: depths are carried over them. */
const SILENT = { fromMs: FROM + 90 * MINUTE_MS, toMs: FROM + 96 * MINUTE_MS };

/** The oracle of service levels: 1000 answered, 860 of them in T; 60 abandoned, 20 in T, 10 in S; 5 flowed out. */
const ORACLE_TERRITORY = 404;
const THRESHOLD_MS = 20_000;
const oracle = [
  // A wait of exactly T, and of exactly S, is within it.
  { count: 860, waitMs: THRESHOLD_MS, outcome: 'answered' },
  { count: 140, waitMs: THRESHOLD_MS + 1, outcome: 'answered' },
  { count: 10, waitMs: 5_000, outcome: 'abandoned' },
  { count: 10, waitMs: 5_001, outcome: 'abandoned' },
  { count: 40, waitMs: 60_000, outcome: 'abandoned' },
  { count: 3, waitMs: 90_000, outcome: 'timeout' },
  { count: 2, waitMs: 10_000, outcome: 'callback' },
];

function oracleFacts(): TestFact[] {
  return oracle.flatMap(({ count, waitMs, outcome }, kind) =>
    Array.from({ length: count }, (_, index): TestFact => {
      const joinMs = NOW - 20 * MINUTE_MS + index * 7;
      const [answered, abandoned] = [Number(outcome === 'answered'), Number(outcome === 'abandoned')];
      return {
        fact: 'queue_metrics.visit',
        timeMs: joinMs + waitMs,
        territoryId: ORACLE_TERRITORY,
        values: {
          queue_id: 'q',
          n: 1,
          wait_ms: waitMs,
          answered,
          abandoned,
          flowout: 1 - answered - abandoned,
          resumed: 0,
          join_ms: joinMs,
          outcome,
          eid: `${String(kind)}-${String(index)}`,
        },
      };
    }),
  );
}

const arrival: TestFact = {
  fact: 'system_metrics.source',
  timeMs: NOW - 7_000,
  values: { source: 'freeswitch', worker: 'w1', received: 1, rejected: 0, last_ms: NOW - 6_000 },
};

let local: LocalStore;
const texts: string[] = [];
const counting: TimeSeriesStore = {
  query: (sql, options) => {
    texts.push(sql);
    return local.store.query(sql, options);
  },
};

before(async () => {
  local = await LocalStore.start(NOW);
  const isLost = (slotMs: number): boolean => slotMs >= SILENT.fromMs && slotMs < SILENT.toMs;
  await local.write([...factsOf(makeWorld(7, FROM, NOW + HOUR_MS), FROM, NOW, isLost), ...oracleFacts(), arrival]);
});
after(async () => {
  await local.close();
});

function ask(request: Partial<MetricQueryRequest>, territoryId = 101, zone = 'Europe/London'): Promise<MetricReply> {
  const service = new MetricService({
    readers: storeScanReaders(counting),
    directory: {
      timeZoneOf: () => Promise.resolve(zone),
      agentsOfTeams: () => Promise.resolve([]),
      queueMembers: () => Promise.resolve([]),
    },
    clock: () => NOW,
  });
  const body = { range: { last: '2h' }, bin: '5m' as const, queries: [], ...request };
  return service.query(body, { territoryId, regionId: 1, permissions: ['metrics:read'] });
}

const one = (metric: string, more: Partial<MetricQuery> = {}): MetricQuery => ({
  ref: 'A',
  metrics: [metric],
  ...more,
});
const totalOf = (reply: MetricReply): number | null | undefined => reply.aggregations[0]?.value;

test('the oracle of service levels, from raw waits in the store', async () => {
  const level = async (formula: 'SL1' | 'SL2' | 'SL3' | 'SL4' | 'SL5' | 'SL6' | 'SL7'): Promise<string> =>
    (
      totalOf(await ask({ queries: [one('queue_service_level', { options: { formula } })] }, ORACLE_TERRITORY)) ?? 0
    ).toFixed(1);
  // Without flow-outs 83.0 is (860 + 20) / 1060; here five flowed out, two of them to a callback within T.
  assert.equal(await level('SL1'), ((100 * (860 + 20 + 2)) / 1065).toFixed(1));
  assert.deepEqual(await Promise.all([level('SL2'), level('SL3'), level('SL4'), level('SL5'), level('SL6')]), [
    '86.0',
    '81.1',
    '82.7',
    '82.1',
    '81.9',
  ]);
  assert.equal(await level('SL7'), ((100 * 860) / 1065).toFixed(1));
  const counts = {
    answered: 1000,
    answeredInT: 860,
    abandoned: 60,
    abandonedInT: 20,
    abandonedInS: 10,
    flowout: 0,
    callbackInT: 0,
  };
  const { num, den } = serviceLevel(counts, 'SL1');
  assert.equal(((100 * num) / den).toFixed(1), '83.0');
});

test('presets set the rules of four metrics at once, and a query outranks them', async () => {
  const metrics = ['queue_service_level', 'call_wait_time', 'queue_abandon_rate'];
  const values = async (options: MetricQuery['options']): Promise<(number | null)[]> =>
    (
      await ask({ queries: [{ ref: 'A', metrics, ...(options === undefined ? {} : { options }) }] }, ORACLE_TERRITORY)
    ).aggregations.map(({ value }) => value);
  const waitOf = (chosen: typeof oracle): number =>
    chosen.reduce((sum, { count, waitMs }) => sum + count * waitMs, 0) /
    chosen.reduce((sum, { count }) => sum + count, 0) /
    1_000;
  const answered = waitOf(oracle.filter(({ outcome }) => outcome === 'answered'));
  const sl6 = (100 * 860) / 1050;
  assert.deepEqual(await values(undefined), [sl6, answered, (100 * 60) / 1065]);
  assert.deepEqual(await values({ preset: 'connect' }), [(100 * 882) / 1065, answered, (100 * 60) / 1065]);
  assert.deepEqual(await values({ preset: 'talkdesk' }), [sl6, waitOf(oracle), (100 * 50) / 1050]);
  assert.deepEqual((await values({ preset: 'talkdesk', formula: 'SL2' }))[0], 86);
  const { definitions } = (await ask({ queries: [one('queue_service_level', { options: { preset: 'genesys' } })] }))
    .meta;
  assert.match(definitions['queue_service_level']?.text ?? '', /SL7: A_T \/ \(A \+ B \+ F\), T = 20 s, S = 0 s/u);
});

test('all widgets of a board are few scans', async () => {
  const now = { options: { stat: 'now' as const } };
  const widgets: MetricQuery[] = [
    one('call_count'),
    one('call_count', { groupBy: ['direction'] }),
    one('call_count', { groupBy: ['queue_id'], top: 5 }),
    one('call_abandon_rate', { filters: [{ dim: 'queue_id', op: 'eq', values: ['q_a'] }] }),
    one('queue_service_level'),
    one('queue_service_level', { groupBy: ['queue_id'] }),
    one('call_wait_time', { filters: [{ dim: 'queue_id', op: 'in', values: ['q_b'] }] }),
    one('queue_abandon_rate'),
    one('queue_depth'),
    one('queue_depth', { groupBy: ['queue_id'] }),
    one('queue_depth', now),
    one('longest_wait', { groupBy: ['queue_id'] }),
    one('agent_available_count'),
    one('agent_busy_count', { groupBy: ['team_id'] }),
    one('agent_available_count', now),
    one('occupancy', { groupBy: ['agent_id'] }),
  ].map((query, index) => ({ ...query, ref: `w${String(index)}` }));
  texts.length = 0;
  const together = await ask({ bin: '1m', queries: widgets });
  // Calls, visits, levels and flows of a stock, queue levels, agent levels, beats, slices, and how fresh it all is.
  assert.equal(texts.length, 9);
  const apart = await Promise.all(widgets.map((query) => ask({ bin: '1m', queries: [query] })));
  assert.deepEqual(
    together.data,
    apart.flatMap(({ data }) => data),
  );
  assert.deepEqual(
    together.aggregations,
    apart.flatMap(({ aggregations }) => aggregations),
  );
});

test('an average is made of integrals that add up: seven minutes are one bin of seven', async () => {
  const cells = (binMs: number): ReturnType<typeof readParts> =>
    readParts(local.store, {
      territoryId: 101,
      regionId: 1,
      metric: 'queue_depth',
      groupBy: ['queue_id'],
      fromMs: floorTo(FROM + HOUR_MS, 7 * MINUTE_MS),
      toMs: floorTo(FROM + 2 * HOUR_MS, 7 * MINUTE_MS),
      binMs,
      timeZone: 'UTC',
      nowMs: NOW,
    });
  const minutes = await cells(MINUTE_MS);
  const sevens = await cells(7 * MINUTE_MS);
  assert.ok(sevens.length > 0 && sevens.some(({ num }) => (num ?? 0) > 0));
  for (const { group, startMs, num, den } of sevens) {
    const inside = minutes.filter(
      (cell) => cell.group['queue_id'] === group['queue_id'] && floorTo(cell.startMs, 7 * MINUTE_MS) === startMs,
    );
    assert.equal(
      inside.reduce((sum, cell) => sum + (cell.num ?? 0), 0),
      num,
    );
    assert.equal(
      inside.reduce((sum, cell) => sum + (cell.den ?? 0), 0),
      den,
    );
  }
});

test('levels that were carried over lost snapshots are marked, and only those', async () => {
  const reply = await ask({ range: { last: '150m' }, queries: [one('queue_depth')] });
  const marked = reply.data[0]?.drift ?? [];
  // The minute after the last beat still stands on it; the one after the first new beat does so again.
  assert.deepEqual(
    [marked[0], marked.at(-1)],
    [floorTo(SILENT.fromMs + MINUTE_MS, 5 * MINUTE_MS), floorTo(SILENT.toMs, 5 * MINUTE_MS)],
  );
  assert.equal(reply.aggregations[0]?.drift, true);
  const recent = await ask({ range: { last: '30m' }, queries: [one('queue_depth')] });
  assert.equal(recent.data[0]?.drift, undefined);
  assert.equal(recent.aggregations[0]?.drift, undefined);
});

test('whoever looks, from London or Sydney, sees the same numbers: the zone is the board’s or the territory’s', async () => {
  const request = {
    range: { calendar: 'today' as const },
    bin: '1h' as const,
    queries: [one('call_count', { groupBy: ['queue_id'] })],
  };
  const inZone = process.env['TZ'];
  const seen: MetricReply[] = [];
  try {
    for (const browser of ['Europe/London', 'Australia/Sydney']) {
      process.env['TZ'] = browser;
      seen.push(await ask(request, 101, 'Asia/Kolkata'));
    }
  } finally {
    if (inZone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = inZone;
  }
  assert.equal(seen[0]?.meta.timeZone, 'Asia/Kolkata');
  assert.deepEqual(seen[0], seen[1]);
  const ofBoard = await ask({ ...request, timeZone: 'Europe/London' }, 101, 'Asia/Kolkata');
  assert.equal(ofBoard.meta.timeZone, 'Europe/London');
});

test('a compared series shows the groups of the current one, in their order', async () => {
  const reply = await ask({
    range: { last: '1h' },
    queries: [one('call_count', { groupBy: ['queue_id'], top: 1, compare: 'previous' })],
  });
  const groups = (compare: string | undefined): (string | undefined)[] =>
    reply.aggregations.filter((found) => found.compare === compare).map(({ group }) => group['queue_id']);
  assert.deepEqual(groups('previous'), groups(undefined));
  assert.equal(groups(undefined).length, 2);
});
