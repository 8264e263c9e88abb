/** A point of a series; null is a gap. */
export type Point = readonly [epochMs: number, value: number | null];

type Known = readonly [epochMs: number, value: number];

/** A stretch of points between two gaps, and the gap's first point, which closes it. */
interface Stretch {
  readonly known: Known[];
  gap: Point | undefined;
}

/**
 * Thins a series to about `limit` points by largest triangle three buckets, each stretch between gaps by itself: a gap
 * stays a gap, and the highest and the lowest point of all are always kept. The chart library's own decimation draws
 * through gaps and may lose a peak.
 */
export function decimate(points: readonly Point[], limit: number): readonly Point[] {
  if (points.length <= limit || limit < 4) return points;
  const stretches = stretchesOf(points);
  const knownCount = stretches.reduce((sum, { known }) => sum + known.length, 0);
  const extremes = extremesOf(stretches);
  const kept: Point[] = [];
  for (const { known, gap } of stretches) {
    const share = Math.max(2, Math.round((limit * known.length) / Math.max(1, knownCount)));
    kept.push(...withExtremes(largestTriangles(known, share), extremes, known));
    if (gap !== undefined) kept.push(gap);
  }
  return kept;
}

function stretchesOf(points: readonly Point[]): readonly Stretch[] {
  const stretches: Stretch[] = [];
  let current: Stretch = { known: [], gap: undefined };
  for (const point of points) {
    const [epochMs, value] = point;
    if (value !== null) {
      if (current.gap !== undefined) {
        stretches.push(current);
        current = { known: [], gap: undefined };
      }
      current.known.push([epochMs, value]);
    } else {
      current.gap ??= point;
    }
  }
  stretches.push(current);
  return stretches;
}

function extremesOf(stretches: readonly Stretch[]): readonly Known[] {
  let lowest: Known | undefined;
  let highest: Known | undefined;
  for (const { known } of stretches) {
    for (const point of known) {
      if (lowest === undefined || point[1] < lowest[1]) lowest = point;
      if (highest === undefined || point[1] > highest[1]) highest = point;
    }
  }
  return [lowest, highest].filter((point) => point !== undefined);
}

function withExtremes(kept: readonly Known[], extremes: readonly Known[], all: readonly Known[]): readonly Known[] {
  const missing = extremes.filter((point) => all.includes(point) && !kept.includes(point));
  return missing.length === 0 ? kept : [...kept, ...missing].sort(([a], [b]) => a - b);
}

/** Keeps the ends, and of each bucket between them the point that spans the largest triangle with its neighbours. */
function largestTriangles(points: readonly Known[], count: number): readonly Known[] {
  const [first] = points;
  const last = points.at(-1);
  if (points.length <= count || first === undefined || last === undefined) return points;
  const kept: Known[] = [first];
  const bucketSize = (points.length - 2) / Math.max(1, count - 2);
  let before = first;
  for (let bucket = 0; bucket < count - 2; bucket += 1) {
    const start = Math.floor(bucket * bucketSize) + 1;
    const end = Math.min(Math.floor((bucket + 1) * bucketSize) + 1, points.length - 1);
    const nextEnd = Math.min(Math.floor((bucket + 2) * bucketSize) + 1, points.length);
    const chosen = largestOf(points, start, end, before, meanOf(points, end, nextEnd));
    if (chosen === undefined) continue;
    kept.push(chosen);
    before = chosen;
  }
  kept.push(last);
  return kept;
}

function meanOf(points: readonly Known[], start: number, end: number): Known {
  let timeSum = 0;
  let valueSum = 0;
  let count = 0;
  for (let index = start; index < end; index += 1) {
    timeSum += points[index]?.[0] ?? 0;
    valueSum += points[index]?.[1] ?? 0;
    count += 1;
  }
  return [timeSum / Math.max(1, count), valueSum / Math.max(1, count)];
}

function largestOf(
  points: readonly Known[],
  start: number,
  end: number,
  [beforeMs, before]: Known,
  [afterMs, after]: Known,
): Known | undefined {
  let chosen: Known | undefined;
  let largest = -1;
  for (let index = start; index < end; index += 1) {
    const point = points[index];
    if (point === undefined) continue;
    const area = Math.abs((beforeMs - afterMs) * (point[1] - before) - (beforeMs - point[0]) * (after - before));
    if (area <= largest) continue;
    largest = area;
    chosen = point;
  }
  return chosen;
}
