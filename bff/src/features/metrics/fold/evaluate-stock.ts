import { MISSING, factDefinition } from '@lumina/contracts';
import type { FactId } from '@lumina/contracts';
import { seriesOf } from '../scans/row-predicates.ts';
import type { MinuteFlow, MinuteLevel, StockMinute, StockScan } from '../scans/scan.ts';
import { MINUTE_MS } from '../time/grid.ts';
import { byBucket, byGroup, isBeatOf, meets, numberOf, partOf, rowsAndBeats, textOf } from './fact-row.ts';
import type { FactRow } from './fact-row.ts';

/** What the minutes of a stock are made of: newest levels, and flows weighted by what remains of the minute. */
export function evaluateStock(scan: StockScan, rows: readonly FactRow[]): Map<number, StockMinute[]> {
  const series = seriesOf(factDefinition(scan.fact));
  const flowFacts = new Set<FactId>([...scan.inflows, ...scan.outflows]);
  const sampled = byBucket(rowsAndBeats(scan, rows), MINUTE_MS);
  const beats = byBucket(
    rows.filter((row) => row.fact === scan.fact && isBeatOf(row, series)),
    MINUTE_MS,
  );
  const flows = byBucket(
    rows.filter((row) => flowFacts.has(row.fact) && meets(row, scan.where)),
    MINUTE_MS,
  );
  const minutes = new Map<number, StockMinute[]>();
  for (const minuteMs of new Set([...sampled.keys(), ...flows.keys()])) {
    const levels = minuteLevels(scan.column, series, minuteMs, sampled.get(minuteMs) ?? []);
    const flowed = minuteFlows(series, minuteMs, flows.get(minuteMs) ?? [], beats.get(minuteMs) ?? []);
    minutes.set(minuteMs, [{ levels, flows: flowed }]);
  }
  return minutes;
}

function minuteLevels(column: string, series: string, minuteMs: number, rows: readonly FactRow[]): MinuteLevel[] {
  return [...byGroup(rows, ['part', series])].map(([[part = MISSING, name = MISSING], members]) => {
    const slotMs = Math.max(...members.map(({ timeMs }) => timeMs));
    // The newest row that has the measure: as the store's max_by, which passes over nulls.
    const known = members.filter((row) => numberOf(row, column) !== undefined);
    const newest = known.reduce<FactRow | undefined>(
      (best, row) => (best === undefined || row.timeMs > best.timeMs ? row : best),
      undefined,
    );
    return { minuteMs, part, series: name, slotMs, level: newest === undefined ? 0 : (numberOf(newest, column) ?? 0) };
  });
}

function minuteFlows(
  series: string,
  minuteMs: number,
  rows: readonly FactRow[],
  beats: readonly FactRow[],
): MinuteFlow[] {
  const lastBeats = [...Map.groupBy(beats, partOf)].map(([part, ofPart]) => {
    const newest = ofPart.reduce((best, row) => (row.timeMs > best.timeMs ? row : best));
    return { part, atMs: numberOf(newest, 'at_ms') };
  });
  const against = lastBeats.length === 0 ? [{ part: undefined, atMs: undefined }] : lastBeats;
  const kinds = [...Map.groupBy(rows, (row) => JSON.stringify([textOf(row, series), row.fact])).values()];
  return kinds.flatMap((members) => {
    const [first] = members;
    if (first === undefined) return [];
    const flowed = members.flatMap((row) => {
      const n = numberOf(row, 'n');
      return n === undefined ? [] : [{ n, atMs: instantOf(row) }];
    });
    const n = flowed.reduce((sum, flow) => sum + flow.n, 0);
    const weightedMs = flowed.reduce(
      (sum, flow) => sum + (flow.atMs === undefined ? 0 : flow.n * (minuteMs + MINUTE_MS - flow.atMs)),
      0,
    );
    const base = { minuteMs, series: textOf(first, series), fact: factDefinition(first.fact).name, n, weightedMs };
    return against.map(({ part, atMs }) => ({
      ...base,
      part,
      afterBeat: flowed.reduce(
        (sum, flow) => sum + (atMs !== undefined && flow.atMs !== undefined && flow.atMs > atMs ? flow.n : 0),
        0,
      ),
    }));
  });
}

/** A visit ends its wait after its join; a join or re-entry carries its instant. */
function instantOf(row: FactRow): number | undefined {
  if (row.fact !== 'queue_metrics.visit') return numberOf(row, 'at_ms');
  const joinMs = numberOf(row, 'join_ms');
  const waitMs = numberOf(row, 'wait_ms');
  return joinMs === undefined || waitMs === undefined ? undefined : joinMs + waitMs;
}
