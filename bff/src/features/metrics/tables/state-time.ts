import { SLICE_CUT_MS } from '@lumina/contracts';
import type { Slice } from '../scans/scan.ts';
import type { ScanSet } from '../scans/scan-set.ts';
import { scanTerms } from '../scans/terms.ts';
import { ceilTo, floorTo } from '../time/grid.ts';
import type { Grid } from '../time/grid.ts';
import type { TimeRange } from '../time/range.ts';
import { PartBuilder } from './part-table.ts';
import type { PartTable } from './part-table.ts';
import { SliceGroups } from './slice-groups.ts';
import type { SliceSelection } from './slice-groups.ts';

const isEmpty = ({ fromMs, toMs }: TimeRange): boolean => fromMs >= toMs;

/** Time in states, clipped to the bins and to what is known. The last number of each vector is the bin's elapsed time. */
export async function readStateTime(
  scans: ScanSet,
  selection: SliceSelection,
  states: readonly string[],
  grid: Grid,
): Promise<PartTable> {
  const untilMs = (await scans.sliceAsOf(grid)) ?? grid.range.fromMs;
  const known: TimeRange = { fromMs: grid.range.fromMs, toMs: Math.min(grid.range.toMs, untilMs) };
  const { whole, cut } = split(known, grid.stepMs % SLICE_CUT_MS === 0);
  const groups = new SliceGroups(selection);
  const terms = scanTerms('agent_metrics.slice', []);
  const positions = states.map((state) => terms.findIndex(({ where }) => where.some(({ value }) => value === state)));
  const readWhole = isEmpty(whole) ? undefined : scans.wantSums(groups.selection, terms, grid.stepMs, whole);
  const readSums = async (): Promise<Awaited<ReturnType<SliceGroups['sums']>>> =>
    groups.sums(scans, (await readWhole?.()) ?? [], { binMs: grid.stepMs, range: whole });
  // Whoever else waits for the same moment asks before anything is read.
  await Promise.resolve();
  const [sums, ...slices] = await Promise.all([readSums(), ...cut.map((range) => groups.slices(scans, range))]);
  const builder = new PartBuilder({ overGroups: 'sum', overBins: 'sum', endsInElapsed: true });
  for (const { startMs, group, values } of sums.cells) {
    const bin = grid.indexOf(startMs);
    if (bin !== undefined) builder.add(group, bin, [...positions.map((at) => values[at] ?? 0), 0]);
  }
  for (const { group, bin, ms } of clippedTimes([...sums.slices, ...slices.flat()], states, grid, known))
    builder.add(group, bin, [...ms, 0]);
  return withElapsed(builder, states.length, grid, known);
}

interface StateTimes {
  readonly group: readonly string[];
  readonly bin: number;
  /** By state, in the order asked for. */
  readonly ms: number[];
}

/** What all slices together add to each group and bin: there are many more slices than cells. */
function clippedTimes(
  slices: readonly Slice[],
  states: readonly string[],
  grid: Grid,
  known: TimeRange,
): Iterable<StateTimes> {
  const cells = new Map<string, StateTimes>();
  for (const slice of slices) {
    const at = states.indexOf(slice.state);
    if (at < 0 || slice.ms === 0) continue;
    const name = slice.group.length === 0 ? '' : JSON.stringify(slice.group);
    for (const { bin, ms } of clipSlice(slice, grid, known)) {
      const key = `${String(bin)}${name}`;
      let cell = cells.get(key);
      if (cell === undefined) cells.set(key, (cell = { group: slice.group, bin, ms: states.map(() => 0) }));
      cell.ms[at] = (cell.ms[at] ?? 0) + ms;
    }
  }
  return cells.values();
}

function withElapsed(builder: PartBuilder, states: number, grid: Grid, known: TimeRange): PartTable {
  const elapsed = elapsedPerBin(grid, known);
  const zeros = Array.from({ length: states }, () => 0);
  const table = builder.build((bin) => ((elapsed[bin] ?? 0) > 0 ? [...zeros, elapsed[bin] ?? 0] : null));
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
