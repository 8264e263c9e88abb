import { SLICE_CUT_MS, factDefinition } from '@lumina/contracts';
import { column } from '../../../timestream/sql/ast.ts';
import { ceilTo, floorTo } from '../time/grid.ts';
import type { Grid } from '../time/grid.ts';
import type { TimeRange } from '../time/range.ts';
import { textColumn } from '../plan/predicates.ts';
import { numberOf, optionalNumber, textOf } from './cells.ts';
import { PartBuilder } from './parts.ts';
import type { PartTable } from './parts.ts';
import type { Reader } from './reader.ts';
import { rowsOf } from './scan.ts';
import type { RowSelection } from './scan.ts';
import { readSums } from './sum-scan.ts';
import type { Term } from './sum-scan.ts';

/** A stretch of one agent's time in one state; it never crosses a quarter of an hour. */
export interface Slice {
  readonly startMs: number;
  readonly ms: number;
  readonly state: string;
  readonly group: readonly string[];
}

const isEmpty = ({ fromMs, toMs }: TimeRange): boolean => fromMs >= toMs;

/** Time in states, clipped to the bins and to `untilMs`. The last number of each vector is the bin's elapsed time. */
export async function readStateTime(
  reader: Reader,
  selection: RowSelection,
  states: readonly string[],
  grid: Grid,
  untilMs: number,
): Promise<PartTable> {
  const builder = new PartBuilder({ overGroups: 'sum', overBins: 'sum', endsInElapsed: true });
  const known: TimeRange = { fromMs: grid.range.fromMs, toMs: Math.min(grid.range.toMs, untilMs) };
  const elapsed = elapsedPerBin(grid, known);
  const { whole, cut } = split(known, grid.stepMs % SLICE_CUT_MS === 0);
  const [sums, slices] = await Promise.all([
    isEmpty(whole) ? [] : readSums(reader, selection, states.map(timeIn), grid, whole),
    cut.length === 0 ? [] : readSlices(reader, selection, states, cut),
  ]);
  for (const cell of sums) {
    const bin = grid.indexOf(cell.stepMs);
    if (bin !== undefined) builder.add(cell.group, bin, [...cell.values, 0]);
  }
  for (const slice of slices) {
    for (const { bin, ms } of clipSlice(slice, grid, known)) {
      builder.add(slice.group, bin, [...states.map((state) => (state === slice.state ? ms : 0)), 0]);
    }
  }
  const table = builder.build((bin) => ((elapsed[bin] ?? 0) > 0 ? [...states.map(() => 0), elapsed[bin] ?? 0] : null));
  for (const { cells } of table.groups) {
    for (const [bin, vector] of cells) if (vector !== null) cells.set(bin, [...vector.slice(0, -1), elapsed[bin] ?? 0]);
  }
  return table;
}

/** The share of a slice that lies in each bin and in the known time. */
export function clipSlice(
  slice: Pick<Slice, 'startMs' | 'ms'>,
  grid: Grid,
  known: TimeRange,
): { bin: number; ms: number }[] {
  const fromMs = Math.max(slice.startMs, known.fromMs);
  const toMs = Math.min(slice.startMs + slice.ms, known.toMs);
  const shares: { bin: number; ms: number }[] = [];
  for (let atMs = fromMs; atMs < toMs;) {
    const bin = grid.indexOf(atMs);
    if (bin === undefined) break;
    const endMs = Math.min(toMs, grid.endOf(bin));
    shares.push({ bin, ms: endMs - atMs });
    atMs = endMs;
  }
  return shares;
}

function elapsedPerBin(grid: Grid, known: TimeRange): number[] {
  return grid.starts.map((_, bin) => {
    const { fromMs, toMs } = grid.clip(bin);
    return Math.max(0, Math.min(toMs, known.toMs) - Math.max(fromMs, known.fromMs));
  });
}

/**
 * Slices are cut at quarters of an hour: whole quarters can be summed by the store, the rest must be clipped here. When
 * bins are finer than a quarter everything must be.
 */
function split(known: TimeRange, binsAreQuarters: boolean): { whole: TimeRange; cut: TimeRange[] } {
  const first = floorTo(known.fromMs, SLICE_CUT_MS);
  const nothing: TimeRange = { fromMs: first, toMs: first };
  if (isEmpty(known)) return { whole: nothing, cut: [] };
  const whole: TimeRange = { fromMs: ceilTo(known.fromMs, SLICE_CUT_MS), toMs: floorTo(known.toMs, SLICE_CUT_MS) };
  if (!binsAreQuarters || isEmpty(whole)) return { whole: nothing, cut: [{ fromMs: first, toMs: known.toMs }] };
  const ends = [
    { fromMs: first, toMs: whole.fromMs },
    { fromMs: whole.toMs, toMs: known.toMs },
  ];
  return { whole, cut: ends.filter((range) => !isEmpty(range)) };
}

const timeIn = (state: string): Term => ({
  aggregate: 'sum',
  column: 'ms',
  where: [{ column: 'state', op: '=', value: state }],
});

/** Reads slices as they are, not clipped. */
export async function readSlices(
  reader: Reader,
  selection: RowSelection,
  states: readonly string[],
  ranges: readonly TimeRange[],
): Promise<Slice[]> {
  const definition = factDefinition(selection.fact);
  const inStates = { column: 'state', values: states, negated: false };
  const rows = await reader.read({
    columns: [
      { expr: column('time'), as: 'slot' },
      { expr: column('state'), as: 's' },
      { expr: column('ms'), as: 'p0' },
      ...selection.groupBy.map((name, index) => ({ expr: textColumn(definition, name), as: `g${index}` })),
    ],
    from: { kind: 'table', table: definition.table },
    where: rowsOf({ ...selection, where: [...selection.where, inStates] }, ranges),
  });
  return rows.flatMap((row) => {
    const startMs = optionalNumber(row, 'slot');
    if (startMs === undefined) return [];
    return [
      {
        startMs,
        ms: numberOf(row, 'p0'),
        state: textOf(row, 's'),
        group: selection.groupBy.map((_, index) => textOf(row, `g${index}`)),
      },
    ];
  });
}
