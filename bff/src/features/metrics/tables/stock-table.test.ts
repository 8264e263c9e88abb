import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { PartBuckets, Scan, ScanReader, StockMinute } from '../scans/scan.ts';
import { ScanSet } from '../scans/scan-set.ts';
import { DAY_MS, Grid, HOUR_MS, MINUTE_MS } from '../time/grid.ts';
import type { TimeRange } from '../time/range.ts';
import { readStockTable } from './stock-table.ts';

const ORIGIN = 20_000 * DAY_MS;
const selection = { fact: 'queue_metrics.level' as const, limits: [], filters: [], groupBy: [] };
const source = {
  column: 'depth',
  inflows: ['queue_metrics.join' as const],
  outflows: ['queue_metrics.visit' as const],
};

/** A store in which one queue always holds as many as the minute's place in a cycle. */
function store(isSampled: (minuteMs: number) => boolean): { reader: ScanReader; ranges: TimeRange[] } {
  const ranges: TimeRange[] = [];
  const depthAt = (minuteMs: number): number => (minuteMs / MINUTE_MS) % 5;
  const minuteOf = (minuteMs: number): StockMinute => {
    const slotMs = minuteMs + 50_000;
    const row = { minuteMs, part: '0', slotMs };
    const change = depthAt(minuteMs + MINUTE_MS) - depthAt(minuteMs);
    const flow = { minuteMs, series: 'q', part: isSampled(minuteMs) ? '0' : undefined, weightedMs: 0, afterBeat: 0 };
    return {
      levels: isSampled(minuteMs)
        ? [
            { ...row, series: '*', level: 0 },
            { ...row, series: 'q', level: depthAt(minuteMs) + change },
          ]
        : [],
      // All of it at the last instant of the minute's sample: weighted with nothing.
      flows: [
        { ...flow, fact: 'join', n: Math.max(0, change) },
        { ...flow, fact: 'visit', n: Math.max(0, -change) },
      ],
    };
  };
  const reader: ScanReader = {
    read: <S extends Scan>(_scan: S, range: TimeRange) => {
      ranges.push(range);
      const buckets = new Map<number, StockMinute[]>();
      for (let minuteMs = range.fromMs; minuteMs < range.toMs; minuteMs += MINUTE_MS) {
        buckets.set(minuteMs, [minuteOf(minuteMs)]);
      }
      return Promise.resolve(buckets as unknown as PartBuckets<S>);
    },
    watermark: () => Promise.resolve(undefined),
    account: () => ({ state: 'miss', fetched: 0 }),
  };
  return { reader, ranges };
}

async function totals(isSampled: (minuteMs: number) => boolean, grid: Grid): Promise<(readonly number[] | null)[]> {
  const table = await readStockTable(new ScanSet(store(isSampled).reader, grid.range.toMs), selection, source, grid);
  const cells = table.groups[0]?.cells;
  return grid.starts.map((_, bin) => cells?.get(bin) ?? table.empty(bin));
}

test('a long range is rebuilt in stretches, each with its own anchors, and is what its days are', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(3 * DAY_MS),
      fc.uniqueArray(fc.nat(5 * 1440), { maxLength: 60 }),
      async (offsetMs, lost) => {
        const gone = new Set(lost.map((index) => ORIGIN + index * MINUTE_MS));
        const isSampled = (minuteMs: number): boolean => !gone.has(minuteMs);
        const fromMs = ORIGIN + Math.floor(offsetMs / HOUR_MS) * HOUR_MS;
        const whole = await totals(isSampled, Grid.uniform({ fromMs, toMs: fromMs + 4 * DAY_MS }, HOUR_MS));
        for (let day = 0; day < 4; day += 1) {
          const range = { fromMs: fromMs + day * DAY_MS, toMs: fromMs + (day + 1) * DAY_MS };
          assert.deepEqual(
            await totals(isSampled, Grid.uniform(range, HOUR_MS)),
            whole.slice(day * 24, (day + 1) * 24),
          );
        }
      },
    ),
    { numRuns: 15 },
  );
});

test('no read grows with the range', async () => {
  const { reader, ranges } = store(() => true);
  const grid = Grid.uniform({ fromMs: ORIGIN + HOUR_MS, toMs: ORIGIN + 31 * DAY_MS + 30_000 }, HOUR_MS);
  await readStockTable(new ScanSet(reader, grid.range.toMs), selection, source, grid);
  assert.equal(ranges.length, 16);
  assert.ok(ranges.every(({ fromMs, toMs }) => toMs - fromMs < 2 * DAY_MS + HOUR_MS));
});
