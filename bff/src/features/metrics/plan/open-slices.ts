import { SLICE_CUT_MS } from '@lumina/contracts';
import { PartBuilder } from '../scans/parts.ts';
import { readSlices } from '../scans/slice-scan.ts';
import { floorTo } from '../time/grid.ts';
import type { MetricPlan, ReadParts } from './metric-plan.ts';

/**
 * Counts agents from their open slices at the end of each bin: a slice is open at an instant when it began before and
 * reaches to it. Used where a scope names agents, which levels, kept per team, cannot tell apart.
 */
export function planOpenSlices(states: readonly string[], { scans, grid, rowsOf }: MetricPlan): ReadParts {
  const selection = rowsOf.get('agent_metrics.slice') ?? { fact: 'agent_metrics.slice', where: [], groupBy: [] };
  return () =>
    scans.once('open', selection, states, grid, async () => {
      const builder = new PartBuilder({ overGroups: 'sum', overBins: 'last' });
      const asOfMs = await scans.sliceAsOf(grid);
      if (asOfMs === undefined) return builder.build(() => null);
      const untilMs = Math.min(grid.range.toMs, asOfMs);
      const range = { fromMs: floorTo(grid.range.fromMs, SLICE_CUT_MS) - SLICE_CUT_MS, toMs: untilMs };
      const slices = range.fromMs < untilMs ? await readSlices(scans.reader, selection, states, [range]) : [];
      const ends = grid.starts.map((_, bin) => Math.min(grid.clip(bin).toMs, untilMs));
      const isKnown = (bin: number): boolean => grid.clip(bin).fromMs < untilMs;
      for (const { startMs, ms, group } of slices) {
        for (const [bin, endMs] of ends.entries()) {
          if (isKnown(bin) && startMs < endMs && endMs <= startMs + ms) builder.add(group, bin, [1]);
        }
      }
      return builder.build((bin) => (isKnown(bin) ? [0] : null));
    });
}
