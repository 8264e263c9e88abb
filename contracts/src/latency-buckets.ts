/** Number of latency buckets stored with an `api` fact. */
export const LATENCY_BUCKET_COUNT = 48;
/** Names of the latency bucket measures, `h00` to `h47`. */
export const LATENCY_BUCKETS: readonly string[] = Array.from(
  { length: LATENCY_BUCKET_COUNT },
  (_, index) => `h${String(index).padStart(2, '0')}`,
);
/**
 * Upper edges of the latency buckets in ms, ratio 1.25 from 1 ms; the last bucket has no upper edge. Bucket i holds
 * latencies in (edge[i - 1], edge[i]], the first one those of at most 1 ms.
 */
export const LATENCY_BUCKET_EDGES_MS: readonly number[] = Array.from({ length: LATENCY_BUCKET_COUNT }, (_, index) =>
  index === LATENCY_BUCKET_COUNT - 1 ? Number.POSITIVE_INFINITY : 1.25 ** index,
);
