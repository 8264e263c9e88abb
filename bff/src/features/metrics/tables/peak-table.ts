import { BEAT_SERIES } from '@lumina/contracts';
import type { PartBuckets, PeakScan } from '../scans/scan.ts';
import type { Grid } from '../time/grid.ts';
import { PartBuilder } from './part-table.ts';
import type { PartTable } from './part-table.ts';

/** The largest per-slot sums of each bin; 0 where only beats were seen, null where not even those. */
export function peakTable(buckets: PartBuckets<PeakScan>, grid: Grid): PartTable {
  const builder = new PartBuilder({ overGroups: 'max', overBins: 'max' });
  const sampled = new Set<number>();
  for (const [startMs, cells] of buckets) {
    const bin = grid.indexOf(Math.max(startMs, grid.startOf(0)));
    if (bin === undefined) continue;
    sampled.add(bin);
    for (const { group, values } of cells) if (!group.includes(BEAT_SERIES)) builder.add(group, bin, values);
  }
  return builder.build((bin) => (sampled.has(bin) ? [0] : null));
}
