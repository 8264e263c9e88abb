import type { LevelRow, Sample } from '../scans/scan.ts';
import { RETIRED_AFTER_MS } from '../scans/scan-set.ts';
import type { Grid } from '../time/grid.ts';

/** What is known at one instant. */
export interface Reading {
  /** Newest row of each series, from parts that are not silent. */
  readonly rows: readonly (LevelRow & { readonly atMs: number })[];
  /** Some part is silent: series without a row cannot be told from series that are 0. */
  readonly isPartial: boolean;
  /** When the slowest part that is not silent was sampled. */
  readonly atMs: number;
}

const SILENT_AFTER_INTERVALS = 3;

/** What the samples say at the end of each bin (or of the range); undefined where they say nothing. */
export function readingsAtBinEnds(samples: readonly Sample[], grid: Grid): (Reading | undefined)[] {
  const newest = new Map<string, Sample>();
  let next = 0;
  return grid.starts.map((_, bin) => {
    const { toMs } = grid.clip(bin);
    for (let sample = samples[next]; sample !== undefined && sample.slotMs < toMs; sample = samples[next]) {
      newest.set(sample.part, sample);
      next += 1;
    }
    return readingAt([...newest.values()], toMs);
  });
}

function readingAt(newest: readonly Sample[], instantMs: number): Reading | undefined {
  const seen = newest.filter(({ slotMs }) => slotMs >= instantMs - RETIRED_AFTER_MS);
  const speaking = seen.filter(({ atMs, intervalMs }) => instantMs - atMs <= SILENT_AFTER_INTERVALS * intervalMs);
  if (speaking.length === 0) return undefined;
  // A series belongs to the part of its newest row: when it has moved, the older row is history. Of two parts that tell of it
  // at one instant the last counts, in whatever order they were read.
  const rows = new Map<string, LevelRow & { atMs: number }>();
  for (const sample of [...speaking].sort((a, b) => a.slotMs - b.slotMs || (a.part < b.part ? -1 : 1))) {
    for (const row of sample.rows) rows.set(row.series, { ...row, atMs: sample.atMs });
  }
  const atMs = Math.min(...speaking.map((sample) => sample.atMs));
  return { rows: [...rows.values()], isPartial: speaking.length < seen.length, atMs };
}
