import { LATENCY_BUCKET_EDGES_MS } from '@lumina/contracts';

/**
 * A quantile of merged latency buckets, placed within its bucket by proportion. The last bucket has no upper edge:
 * there the lower one is given, which is the most that can be claimed.
 */
export function quantileOf(counts: readonly number[], q: number): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total <= 0) return null;
  const rank = q * total;
  let below = 0;
  for (const [index, count] of counts.entries()) {
    if (count > 0 && below + count >= rank) {
      const lower = index === 0 ? 0 : (LATENCY_BUCKET_EDGES_MS[index - 1] ?? 0);
      const upper = LATENCY_BUCKET_EDGES_MS[index] ?? lower;
      return Number.isFinite(upper) ? lower + ((upper - lower) * Math.max(0, rank - below)) / count : lower;
    }
    below += count;
  }
  return LATENCY_BUCKET_EDGES_MS.at(-2) ?? null;
}
