/** A point of a series; null is a gap. */
export type Point = readonly [epochMs: number, value: number | null];

/**
 * Thins a series to about `limit` points. Each stretch between gaps keeps its first, last, lowest and highest points;
 * gaps survive, which is why the chart library's own decimation is not used: it draws through them.
 */
export function decimate(points: readonly Point[], limit: number): readonly Point[] {
  if (points.length <= limit || limit < 4) return points;
  const bucketSize = Math.ceil(points.length / (limit / 2));
  const kept: Point[] = [];
  for (let start = 0; start < points.length; start += bucketSize) {
    keepExtremes(points, start, Math.min(start + bucketSize, points.length), kept);
  }
  return kept;
}

function keepExtremes(points: readonly Point[], start: number, end: number, kept: Point[]): void {
  let lowest: number | undefined;
  let highest: number | undefined;
  const chosen = new Set<number>();
  if (start === 0) chosen.add(0);
  if (end === points.length) chosen.add(end - 1);
  for (let index = start; index < end; index += 1) {
    const value = points[index]?.[1] ?? null;
    if (value === null) {
      const isEdge = (points[index - 1]?.[1] ?? null) !== null || (points[index + 1]?.[1] ?? null) !== null;
      if (isEdge) chosen.add(index);
      continue;
    }
    if (lowest === undefined || value < (points[lowest]?.[1] ?? value)) lowest = index;
    if (highest === undefined || value > (points[highest]?.[1] ?? value)) highest = index;
  }
  if (lowest !== undefined) chosen.add(lowest);
  if (highest !== undefined) chosen.add(highest);
  for (const index of [...chosen].sort((a, b) => a - b)) {
    const point = points[index];
    if (point !== undefined) kept.push(point);
  }
}
