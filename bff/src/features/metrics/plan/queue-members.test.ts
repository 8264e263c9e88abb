import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { MetricQuery } from '@lumina/contracts';
import { evaluateScan } from '../fold/evaluate-scan.ts';
import type { FactRow } from '../fold/fact-row.ts';
import { scanKey } from '../scans/scan.ts';
import type { Scan, ScanReaderFactory } from '../scans/scan.ts';
import { MetricService } from '../service.ts';
import { HOUR_MS, MINUTE_MS, QUARTER_MS, floorTo } from '../time/grid.ts';
import type { QueueMember } from './queue-members.ts';

const NOW = Date.parse('2026-03-02T12:00:00Z');
const FROM = NOW - 4 * HOUR_MS;
const AGENTS = ['x', 'y', 'z'];
const QUEUES = ['p', 'q'];

interface Stretch {
  readonly agent: string;
  readonly state: string;
  readonly fromMs: number;
  readonly toMs: number;
}

// Seconds, so that changes often meet the beginnings of slices and of bins.
const instant = fc.oneof(
  fc.integer({ min: 0, max: 240 }).map((minute) => FROM + minute * MINUTE_MS),
  fc.integer({ min: 0, max: 16 }).map((quarter) => FROM + quarter * QUARTER_MS),
);
const members = fc.array(
  fc
    .tuple(fc.constantFrom(...QUEUES), fc.constantFrom(...AGENTS), instant, fc.option(instant))
    .map(([queueId, agentId, fromMs, toMs]): QueueMember => {
      const endMs = toMs === null ? null : Math.max(fromMs, toMs) + MINUTE_MS;
      return { queueId, agentId, fromMs: toMs === fromMs ? 0 : fromMs, toMs: endMs };
    }),
  { maxLength: 8 },
);
/** No two of one agent overlap: they are drawn one after the other. */
const stretches = fc
  .tuple(...AGENTS.map(() => fc.array(fc.tuple(fc.integer({ min: 1, max: 50 }), fc.nat(2)), { maxLength: 9 })))
  .map((ofAgents) =>
    ofAgents.flatMap((drawn, index) => {
      let atMs = FROM;
      return drawn.map(([minutes, state]): Stretch => {
        const fromMs = atMs;
        atMs = Math.min(NOW, atMs + minutes * MINUTE_MS);
        return {
          agent: AGENTS[index] ?? '',
          state: ['available', 'on_contact', 'away'][state] ?? '',
          fromMs,
          toMs: atMs,
        };
      });
    }),
  );

/** As ingestion writes them: cut at quarters of an hour. */
function slicesOf(all: readonly Stretch[]): FactRow[] {
  return all.flatMap(({ agent, state, fromMs, toMs }) => {
    const rows: FactRow[] = [];
    for (let atMs = fromMs; atMs < toMs; atMs = floorTo(atMs, QUARTER_MS) + QUARTER_MS) {
      const ms = Math.min(toMs, floorTo(atMs, QUARTER_MS) + QUARTER_MS) - atMs;
      const dimensions = { agent_id: agent, state };
      rows.push({ fact: 'agent_metrics.slice', timeMs: atMs, dimensions, measures: { ms, team_id: 't' } });
    }
    return rows;
  });
}

const beats: FactRow[] = Array.from({ length: 4 * 60 + 5 }, (_, minute) => ({
  fact: 'agent_metrics.level',
  timeMs: FROM + minute * MINUTE_MS,
  dimensions: { team_id: '*', part: '-' },
  measures: { at_ms: FROM + minute * MINUTE_MS, interval_ms: 10_000 },
}));

const serves = (all: readonly QueueMember[], queue: string, agent: string, atMs: number): boolean =>
  all.some(
    ({ queueId, agentId, fromMs, toMs }) =>
      queueId === queue && agentId === agent && fromMs <= atMs && (toMs === null || atMs < toMs),
  );

/** Milliseconds of a state by bin, summed slice by slice. */
function bruteForce(rows: readonly FactRow[], isIn: (agent: string, atMs: number) => boolean, binMs: number): number[] {
  const bins = Array.from({ length: (4 * HOUR_MS) / binMs }, () => 0);
  for (const { timeMs, dimensions, measures } of rows) {
    if (dimensions['state'] !== 'available' || !isIn(dimensions['agent_id'] ?? '', timeMs)) continue;
    for (const [index, sum] of bins.entries()) {
      const [startMs, endMs] = [FROM + index * binMs, FROM + (index + 1) * binMs];
      const own = Math.min(endMs, timeMs + Number(measures['ms'])) - Math.max(startMs, timeMs);
      bins[index] = sum + Math.max(0, own);
    }
  }
  return bins;
}

interface Read {
  readonly bins: ReadonlyMap<string, readonly number[]>;
  readonly scans: readonly Scan[];
}

async function read(
  rows: readonly FactRow[],
  all: readonly QueueMember[],
  bin: '5m' | '15m' | '1h',
  query: Partial<MetricQuery>,
): Promise<Read> {
  const scans: Scan[] = [];
  const readers: ScanReaderFactory = () => ({
    read: (scan, range) => {
      scans.push(scan);
      return Promise.resolve(evaluateScan(scan, [...rows, ...beats], range));
    },
    watermark: () => Promise.resolve(NOW),
    account: () => ({ state: 'miss', fetched: 1 }),
  });
  const directory = {
    timeZoneOf: () => Promise.resolve('UTC'),
    agentsOfTeams: () => Promise.resolve([]),
    queueMembers: () => Promise.resolve(all),
  };
  const range = { from: new Date(FROM).toISOString(), to: new Date(NOW).toISOString() };
  const reply = await new MetricService({ readers, directory, clock: () => NOW + 5 * MINUTE_MS }).query(
    { range, bin, queries: [{ ref: 'A', metrics: ['agent_available_count'], ...query }] },
    { territoryId: 101, regionId: 1, permissions: ['metrics:read'] },
  );
  assert.deepEqual(reply.errors, []);
  const binMs = { '5m': 5, '15m': 15, '1h': 60 }[bin] * MINUTE_MS;
  const bins = reply.data.map(({ group, points }): [string, number[]] => [
    group['queue_id'] ?? '',
    points.map(([, value]) => Math.round((value ?? 0) * binMs)),
  ]);
  return { bins: new Map(bins), scans };
}

describe('state time of the queues that agents served', () => {
  it('is what each slice says whose agent served the queue when it began, by filter and by group', async () => {
    await fc.assert(
      fc.asyncProperty(stretches, members, fc.constantFrom('5m', '15m', '1h'), async (drawn, all, bin) => {
        const rows = slicesOf(drawn);
        const binMs = { '5m': 5, '15m': 15, '1h': 60 }[bin] * MINUTE_MS;
        const grouped = await read(rows, all, bin, { groupBy: ['queue_id'] });
        for (const queue of QUEUES) {
          const expected = bruteForce(rows, (agent, atMs) => serves(all, queue, agent, atMs), binMs);
          const none = expected.map(() => 0);
          const filters = [{ dim: 'queue_id', op: 'eq' as const, values: [queue] }];
          assert.deepEqual([...(await read(rows, all, bin, { filters })).bins.values()][0], expected);
          assert.deepEqual(grouped.bins.get(queue) ?? none, expected);
          const both = await read(rows, all, bin, { filters, groupBy: ['queue_id'] });
          assert.deepEqual(both.bins.get(queue) ?? none, expected);
          assert.ok([...both.bins.keys()].every((group) => group === queue));
        }
        const others = bruteForce(rows, (agent, atMs) => !serves(all, 'p', agent, atMs), binMs);
        const without = await read(rows, all, bin, { filters: [{ dim: 'queue_id', op: 'ne', values: ['p'] }] });
        assert.deepEqual([...without.bins.values()][0], others);
      }),
      { numRuns: 150 },
    );
  });

  it('is read by scans that do not grow with agents or queues, and by others once a membership changes', async () => {
    const rows = slicesOf(
      Array.from({ length: 40 }, (_, index) => ({
        agent: `ag_${String(index)}`,
        state: 'available',
        fromMs: FROM,
        toMs: NOW,
      })),
    );
    const steady = rows.map(({ dimensions }, index): QueueMember => ({
      queueId: `q_${String(index % 7)}`,
      agentId: dimensions['agent_id'] ?? '',
      fromMs: FROM - HOUR_MS,
      toMs: null,
    }));
    const ofSlices = ({ scans }: Read): Scan[] => scans.filter(({ fact }) => fact === 'agent_metrics.slice');
    assert.equal(ofSlices(await read(rows, steady, '1h', { groupBy: ['queue_id'] })).length, 1);
    const filters = [{ dim: 'queue_id', op: 'eq' as const, values: ['q_6'] }];
    const [before] = ofSlices(await read(rows, steady, '1h', { filters }));
    const left = steady.map((member) => (member.agentId === 'ag_3' ? { ...member, toMs: NOW } : member));
    const [after] = ofSlices(await read(rows, left, '1h', { filters }));
    assert.ok(before !== undefined && after !== undefined);
    assert.notEqual(scanKey(before), scanKey(after));
  });
});
