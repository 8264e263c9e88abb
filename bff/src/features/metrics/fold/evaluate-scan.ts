import { factDefinition } from '@lumina/contracts';
import type { Operator } from '../../../timestream/sql/ast.ts';
import { seriesOf } from '../scans/row-predicates.ts';
import type {
  Beat,
  BeatScan,
  Condition,
  GroupCell,
  LevelRow,
  LevelScan,
  PartBuckets,
  PeakScan,
  Sample,
  Scan,
  Slice,
  SliceScan,
  SumScan,
  Term,
} from '../scans/scan.ts';
import { MINUTE_MS, SECOND_MS, ceilTo, floorTo } from '../time/grid.ts';
import type { TimeRange } from '../time/range.ts';
import { evaluateStock } from './evaluate-stock.ts';
import { byBucket, byGroup, isBeatOf, meets, numberOf, partOf, rowsAndBeats, textOf } from './fact-row.ts';
import type { FactRow } from './fact-row.ts';

/**
 * What a scan finds among rows in memory: the meaning that each `scans/*-scan.ts` puts into SQL, said once more for the open
 * buckets of live queries. The two are held against each other, scan by scan, over drawn rows on a real store.
 */
export function evaluateScan<S extends Scan>(scan: S, rows: readonly FactRow[], range: TimeRange): PartBuckets<S> {
  const fromMs = floorTo(range.fromMs, SECOND_MS);
  const toMs = ceilTo(range.toMs, SECOND_MS);
  const inRange = range.fromMs < range.toMs ? rows.filter(({ timeMs }) => timeMs >= fromMs && timeMs < toMs) : [];
  return evaluateByKind(scan, inRange) as PartBuckets<S>;
}

function evaluateByKind(scan: Scan, rows: readonly FactRow[]): ReadonlyMap<number, unknown> {
  switch (scan.kind) {
    case 'sum':
      return evaluateSums(scan, rows);
    case 'peak':
      return evaluatePeaks(scan, rows);
    case 'level':
      return evaluateSamples(scan, rows);
    case 'slice':
      return evaluateSlices(scan, rows);
    case 'stock':
      return evaluateStock(scan, rows);
    case 'beat':
      return evaluateBeats(scan, rows);
  }
}

function evaluateSums(scan: SumScan, rows: readonly FactRow[]): Map<number, GroupCell[]> {
  const { series } = factDefinition(scan.fact);
  const own = rows.filter(
    (row) => row.fact === scan.fact && meets(row, scan.where) && (series === undefined || !isBeatOf(row, series)),
  );
  const buckets = new Map<number, GroupCell[]>();
  for (const [startMs, ofBucket] of byBucket(own, scan.binMs)) {
    const cells = [...byGroup(ofBucket, scan.groupBy)]
      .map(([group, members]) => ({ group, values: scan.terms.map((term) => totalOf(term, members)) }))
      .filter(({ values }) => !isBare(scan, values));
    if (cells.length > 0) buckets.set(startMs, cells);
  }
  return buckets;
}

/** As in the store's reading: what counts nothing founds no group. */
function isBare({ terms }: SumScan, values: readonly number[]): boolean {
  return values.every((value, index) => value === 0 && terms[index]?.aggregate === 'sum');
}

function totalOf(term: Term, rows: readonly FactRow[]): number {
  const numbers = rows.flatMap((row) => termValue(term, row) ?? []);
  if (term.aggregate === 'sum') return numbers.reduce((sum, value) => sum + value, 0);
  return numbers.reduce((most, value) => Math.max(most, value), numbers[0] ?? 0);
}

function termValue({ column, times, where }: Term, row: FactRow): number | undefined {
  if (!where.every((condition) => holds(condition, row))) return 0;
  const value = numberOf(row, column);
  const factor = times === undefined ? 1 : numberOf(row, times);
  return value === undefined || factor === undefined ? undefined : value * factor;
}

const COMPARISONS: Partial<Record<Operator, (left: number | string, right: number | string) => boolean>> = {
  '=': (left, right) => left === right,
  '<>': (left, right) => left !== right,
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
};

/** A condition on a measure that the row lacks does not hold, whatever it says. */
function holds({ column, op, value }: Condition, row: FactRow): boolean {
  const own = row.dimensions[column] ?? row.measures[column];
  const compare = COMPARISONS[op];
  if (compare === undefined) throw new TypeError(`No condition of a part compares with ${op}.`);
  return own !== undefined && compare(own, value);
}

/** Under a grouping by series the beats are a group too, as in the store's reading. */
function evaluatePeaks(scan: PeakScan, rows: readonly FactRow[]): Map<number, GroupCell[]> {
  const series = seriesOf(factDefinition(scan.fact));
  const own = rowsAndBeats(scan, rows);
  const buckets = new Map<number, GroupCell[]>();
  for (const [startMs, ofBucket] of byBucket(own, scan.binMs)) {
    const cells = [...byGroup(ofBucket, scan.groupBy)].map(([group, members]) => {
      const slots = [...Map.groupBy(members, ({ timeMs }) => timeMs).values()];
      const values = scan.levels.map((columns) =>
        Math.max(...slots.map((slot) => slotTotal(slot, columns, series) ?? Number.NEGATIVE_INFINITY)),
      );
      return { group, values: values.map((value) => (Number.isFinite(value) ? value : 0)) };
    });
    buckets.set(startMs, cells);
  }
  return buckets;
}

function slotTotal(rows: readonly FactRow[], columns: readonly string[], series: string): number | undefined {
  const levels = rows.flatMap((row) => {
    if (isBeatOf(row, series)) return 0;
    const values = columns.map((name) => numberOf(row, name));
    return values.some((value) => value === undefined)
      ? []
      : values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
  });
  return levels.length === 0 ? undefined : levels.reduce((sum, value) => sum + value, 0);
}

function evaluateSamples(scan: LevelScan, rows: readonly FactRow[]): Map<number, Sample[]> {
  const series = seriesOf(factDefinition(scan.fact));
  const own = rowsAndBeats(scan, rows);
  const buckets = new Map<number, Sample[]>();
  for (const [startMs, ofBucket] of byBucket(own, scan.binMs)) {
    const samples = [...Map.groupBy(ofBucket, partOf)].flatMap(([part, ofPart]) => {
      const beats = ofPart.filter((row) => isBeatOf(row, series));
      if (beats.length === 0) return [];
      const beat = beats.reduce((newest, row) => (row.timeMs > newest.timeMs ? row : newest));
      const slotMs = beat.timeMs;
      const atMs = numberOf(beat, 'at_ms') ?? slotMs;
      const intervalMs = numberOf(beat, 'interval_ms') ?? 0;
      const found = ofPart.filter((row) => row.timeMs === slotMs && !isBeatOf(row, series));
      const levels = found.map((row): LevelRow => {
        const values = scan.columns.map((name) => numberOf(row, name));
        return { slotMs, part, series: textOf(row, series), values };
      });
      return [{ slotMs, part, atMs, intervalMs, rows: levels }];
    });
    if (samples.length > 0)
      buckets.set(
        startMs,
        samples.sort((a, b) => a.slotMs - b.slotMs),
      );
  }
  return buckets;
}

function evaluateSlices(scan: SliceScan, rows: readonly FactRow[]): Map<number, Slice[]> {
  const own = rows.filter((row) => row.fact === scan.fact && meets(row, scan.where));
  return new Map(
    [...byBucket(own, scan.binMs)].map(([startMs, ofBucket]) => [
      startMs,
      ofBucket.map((row) => ({
        startMs: row.timeMs,
        ms: numberOf(row, 'ms') ?? 0,
        state: textOf(row, 'state'),
        group: scan.groupBy.map((name) => textOf(row, name)),
      })),
    ]),
  );
}

function evaluateBeats(scan: BeatScan, rows: readonly FactRow[]): Map<number, Beat[]> {
  const series = seriesOf(factDefinition(scan.fact));
  const own = rows.filter((row) => row.fact === scan.fact && isBeatOf(row, series) && row.timeMs % MINUTE_MS === 0);
  const buckets = new Map<number, Beat[]>();
  for (const [startMs, ofBucket] of byBucket(own, scan.binMs)) {
    const beats = [...Map.groupBy(ofBucket, partOf)].flatMap(([part, ofPart]) => {
      const instants = ofPart.flatMap((row) => numberOf(row, 'at_ms') ?? []);
      return instants.length === 0 ? [] : [{ part, atMs: Math.max(...instants) }];
    });
    if (beats.length > 0) buckets.set(startMs, beats);
  }
  return buckets;
}
