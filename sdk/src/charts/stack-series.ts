import type { Point } from './decimate.ts';

/**
 * Puts series on top of each other: each comes back with the sum of itself and all before it. Where one has no value
 * the others go on; where none has, all have a gap.
 */
export function stackSeries(series: readonly (readonly Point[])[]): readonly (readonly Point[])[] {
  const times = [...new Set(series.flatMap((points) => points.map(([time]) => time)))].sort((a, b) => a - b);
  const values = series.map((points) => new Map(points));
  const known = new Set(times.filter((time) => values.some((map) => (map.get(time) ?? null) !== null)));
  const sums = new Map<number, number>();
  return values.map((map) =>
    times.map((time): Point => {
      if (!known.has(time)) return [time, null];
      const sum = (sums.get(time) ?? 0) + (map.get(time) ?? 0);
      sums.set(time, sum);
      return [time, sum];
    }),
  );
}
