import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { LiveFrame, MetricQueryRequest, MetricReply, RowScope } from '@lumina/contracts';
import type { Identity } from '../auth/identity.ts';
import { ExtentCache } from '../features/metrics/extents/extent-cache.ts';
import { evaluateScan } from '../features/metrics/fold/evaluate-scan.ts';
import type { FactRow } from '../features/metrics/fold/fact-row.ts';
import { MetricService } from '../features/metrics/index.ts';
import type { QueueMember } from '../features/metrics/plan/queue-members.ts';
import type { ScanReaderFactory } from '../features/metrics/scans/scan.ts';
import { HOUR_MS, MINUTE_MS } from '../features/metrics/time/grid.ts';
import { LiveHub } from './hub.ts';
import { FollowedReply } from './testing/followed-reply.ts';
import { viewer } from './testing/live-identity.ts';
import { ManualClock } from './testing/manual-clock.ts';
import { RecordingSink } from './testing/recording-sink.ts';

const NOW = Date.parse('2026-03-02T12:00:30Z');
const TERRITORIES = [101, 202];
const QUEUES = ['q_a', 'q_b', 'q_c'];
const SCOPES: readonly (RowScope | undefined)[] = [undefined, { queues: ['q_a'] }, { queues: ['q_b', 'q_c'] }];

/** Everybody asks the very same. */
const REQUEST: MetricQueryRequest = {
  range: { last: '1h' },
  bin: '5m',
  timeZone: 'UTC',
  queries: [
    { ref: 'A', metrics: ['queue_wait_time', 'agent_handle_time'] },
    { ref: 'B', metrics: ['flowout_rate', 'occupancy'], groupBy: ['queue_id'] },
  ],
};

const members: readonly QueueMember[] = QUEUES.map((queueId) => ({
  queueId,
  agentId: `ag_${queueId}`,
  fromMs: 0,
  toMs: null,
}));

/** Every territory and queue has numbers of its own: whoever gets another's can be told. */
function rowsOf(territoryId: number): FactRow[] {
  return QUEUES.flatMap((queue, index) =>
    Array.from({ length: 12 }, (_, bin): FactRow[] => {
      const timeMs = NOW - HOUR_MS + bin * 5 * MINUTE_MS + MINUTE_MS;
      const own = territoryId * 100 + 7 ** index;
      const dimensions = { queue_id: queue, agent_id: `ag_${queue}`, team_id: 't' };
      return [
        {
          fact: 'queue_metrics.visit',
          timeMs,
          dimensions,
          measures: { n: own, wait_ms: own * own * 1_000, flowout: index, answered: 1, abandoned: 0, resumed: 0 },
        },
        { fact: 'agent_metrics.handle', timeMs, dimensions, measures: { n: 1, talk_ms: own * 1_000, hold_ms: 0 } },
        {
          fact: 'agent_metrics.slice',
          timeMs,
          dimensions: { ...dimensions, state: 'on_contact' },
          measures: { ms: own, team_id: 't' },
        },
        {
          fact: 'agent_metrics.slice',
          timeMs,
          dimensions: { ...dimensions, state: 'available' },
          measures: { ms: 5_000, team_id: 't' },
        },
        {
          fact: 'agent_metrics.level',
          timeMs: NOW - HOUR_MS + bin * 5 * MINUTE_MS - 30_000,
          dimensions: { team_id: '*', part: '-' },
          measures: { at_ms: NOW - MINUTE_MS, interval_ms: 10_000 },
        },
      ];
    }).flat(),
  );
}
const rowsByTerritory = new Map(TERRITORIES.map((territoryId) => [territoryId, rowsOf(territoryId)]));

/** A store that answers when it is told to. */
const storeReaders =
  (turn: () => Promise<void>): ScanReaderFactory =>
  ({ territoryId }) => ({
    read: async (scan, range) => {
      await turn();
      return evaluateScan(scan, rowsByTerritory.get(territoryId) ?? [], range);
    },
    watermark: async () => {
      await turn();
      return NOW - territoryId;
    },
    account: () => ({ state: 'miss', fetched: 1 }),
  });

function serviceOver(readers: ScanReaderFactory, turn: () => Promise<void>): MetricService {
  const directory = {
    timeZoneOf: () => Promise.resolve('UTC'),
    agentsOfTeams: () => Promise.resolve([]),
    queueMembers: async () => {
      await turn();
      return members;
    },
  };
  return new MetricService({ readers, directory, clock: () => NOW });
}

const viewers: readonly Identity[] = TERRITORIES.flatMap((territoryId) =>
  SCOPES.map((scope, index) =>
    viewer({
      territoryId,
      sub: `viewer ${String(index)}`,
      permissions: ['metrics:read'],
      ...(scope === undefined ? {} : { scope }),
    }),
  ),
);

/** All that a reply says of anybody's rows. */
function saysOf({ data, aggregations, errors, meta }: MetricReply): unknown {
  return { data, aggregations, errors, watermark: meta.watermark };
}

describe('the same question of two territories and three scopes at one instant', () => {
  it('gives everybody his own answer, through single flight, cache and stream, in whatever order the store answers', async () => {
    const atOnce = (): Promise<void> => Promise.resolve();
    const alone = serviceOver(storeReaders(atOnce), atOnce);
    const expected = await Promise.all(viewers.map(async (identity) => saysOf(await alone.query(REQUEST, identity))));
    const distinct = new Set(expected.map((own) => JSON.stringify(own)));
    assert.equal(distinct.size, viewers.length, 'every viewer has an answer of his own');

    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.tuple(fc.nat(viewers.length - 1), fc.boolean()), { minLength: 6, maxLength: 14 }),
        async (scheduler, asked) => {
          const turn = (): Promise<void> => scheduler.schedule(Promise.resolve());
          const clock = new ManualClock(NOW);
          const cache = new ExtentCache({ inner: storeReaders(turn), clock: clock.now });
          const service = serviceOver(cache.readers, turn);
          const failures: unknown[] = [];
          const rows = { query: () => Promise.reject(new Error('Nobody asks for rows.')) };
          const hub = new LiveHub({ service, rows, clock, onFailure: (error) => failures.push(error) });
          const answers = asked.map(async ([index, isStream]) => {
            const identity = viewers[index];
            assert.ok(identity);
            if (!isStream) return { index, own: saysOf(await service.query(REQUEST, identity)) };
            const sink = new RecordingSink();
            hub.open(identity, [{ id: undefined, ask: REQUEST }]).start(sink, undefined);
            const frame = await firstAnswer(sink, clock, scheduler);
            const followed = new FollowedReply();
            followed.take(frame);
            assert.ok(followed.reply);
            return { index, own: saysOf(followed.reply) };
          });
          const settled = Promise.all(answers);
          await scheduler.waitFor(settled);
          for (const { index, own } of await settled) assert.deepEqual(own, expected[index], String(index));
          hub.drain();
          assert.deepEqual(failures, []);
        },
      ),
      { numRuns: 60 },
    );
  });
});

/** Time passes until a stream has its first answer. */
async function firstAnswer(sink: RecordingSink, clock: ManualClock, scheduler: fc.Scheduler): Promise<LiveFrame> {
  for (;;) {
    const found = sink.frames.find(({ event }) => event === 'snapshot');
    if (found !== undefined) return found;
    await clock.pass(0);
    await scheduler.schedule(Promise.resolve());
  }
}
