import { SLICE_CUT_MS } from '@lumina/contracts';
import type { ScanSet } from '../scans/scan-set.ts';
import { floorTo } from '../time/grid.ts';
import type { Grid } from '../time/grid.ts';
import { SliceGroups } from './slice-groups.ts';
import type { SliceSelection } from './slice-groups.ts';
import { PartBuilder } from './part-table.ts';
import type { PartTable } from './part-table.ts';

/**
 * Counts agents from their open slices at the end of each bin: a slice is open at an instant when it began before and
 * reaches to it. Used where a scope names agents, which levels, kept per team, cannot tell apart.
 */
export async function readOpenSlices(
  scans: ScanSet,
  selection: SliceSelection,
  states: readonly string[],
  grid: Grid,
): Promise<PartTable> {
  const builder = new PartBuilder({ overGroups: 'sum', overBins: 'last' });
  const asOfMs = await scans.sliceAsOf(grid);
  if (asOfMs === undefined) return builder.build(() => null);
  const untilMs = Math.min(grid.range.toMs, asOfMs);
  const range = { fromMs: floorTo(grid.range.fromMs, SLICE_CUT_MS) - SLICE_CUT_MS, toMs: untilMs };
  const slices = range.fromMs < untilMs ? await new SliceGroups(selection).slices(scans, range) : [];
  const ends = grid.starts.map((_, bin) => Math.min(grid.clip(bin).toMs, untilMs));
  const isKnown = (bin: number): boolean => grid.clip(bin).fromMs < untilMs;
  for (const { startMs, ms, state, group } of slices) {
    if (!states.includes(state)) continue;
    for (const [bin, endMs] of ends.entries()) {
      if (isKnown(bin) && startMs < endMs && endMs <= startMs + ms) builder.add(group, bin, [1]);
    }
  }
  return builder.build((bin) => (isKnown(bin) ? [0] : null));
}
