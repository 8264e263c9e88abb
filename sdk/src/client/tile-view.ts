import { BIN_MS } from '@lumina/contracts';
import type { MetricDefinition, MetricReply, MetricStat, MetricUnit } from '@lumina/contracts';
import type { NameResolver } from './name-resolver.ts';

/** One series with everything that identifies it on screen. */
export interface TileSeries {
  /** Stable over replies: the group's values. */
  readonly key: string;
  /** The first dimension and its value: what decides the colour. */
  readonly dimension: string;
  readonly value: string;
  readonly points: readonly (readonly [number, number | null])[];
  /** The value over the whole range, else the newest point. */
  readonly total: number | null;
}

/** A reply as a tile sees it, without names, formats or colours. */
export interface TileView {
  readonly series: readonly TileSeries[];
  readonly unit: MetricUnit;
  readonly fromMs: number;
  readonly toMs: number;
  readonly openFromMs: number | undefined;
  readonly timeZone: string;
  readonly hasValues: boolean;
}

/**
 * The instant up to which a reply tells the truth: what came in by then is counted. Without a watermark nothing has come
 * in for longer than anyone looks back, so not even the beginning of the range is newer than the last news.
 */
export function coveredUntilMs(reply: MetricReply): number {
  return Math.min(reply.meta.asOf, reply.meta.watermark ?? reply.meta.from);
}

/** The newest value that is known. */
export function newestValue(points: TileSeries['points']): number | null {
  for (let index = points.length - 1; index >= 0; index -= 1) {
    const value = points[index]?.[1] ?? null;
    if (value !== null) return value;
  }
  return null;
}

function groupKey(group: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(group).sort(([a], [b]) => a.localeCompare(b)));
}

/** Whether the value of a bucket is a sum over its time, so that half a bucket shows half a value. */
function addsUp(definition: MetricDefinition | undefined, stat: MetricStat | undefined): boolean {
  return definition?.stats[stat ?? definition.defaultStat]?.kind === 'sum';
}

/**
 * Leaves out a first bucket that began before the range: of what adds up it holds only the end, and would be drawn as
 * a dip that never was. A bucket that stands alone is all there is to show and stays.
 */
function withoutCutBucket(points: TileSeries['points'], fromMs: number): TileSeries['points'] {
  const [first, second] = points;
  return first !== undefined && second !== undefined && first[0] < fromMs ? points.slice(1) : points;
}

/** Sorts a reply out for a tile that shows one metric. */
export function tileViewOf(
  reply: MetricReply,
  definition: MetricDefinition | undefined,
  stat: MetricStat | undefined,
): TileView {
  const leavesOutCutBucket = addsUp(definition, stat);
  const totals = new Map(reply.aggregations.map((one) => [groupKey(one.group), one.value]));
  const series = reply.data.map((one): TileSeries => {
    const [dimension, value] = Object.entries(one.group)[0] ?? ['', ''];
    const all = one.points as TileSeries['points'];
    const points = leavesOutCutBucket ? withoutCutBucket(all, reply.meta.from) : all;
    const key = groupKey(one.group);
    return { key, dimension, value, points, total: totals.has(key) ? (totals.get(key) ?? null) : newestValue(points) };
  });
  // A total may come without points, e.g. where the bins are too small but the range is not.
  for (const one of reply.aggregations) {
    const key = groupKey(one.group);
    if (series.some((known) => known.key === key)) continue;
    const [dimension, value] = Object.entries(one.group)[0] ?? ['', ''];
    series.push({ key, dimension, value, points: [], total: one.value });
  }
  const toMs = reply.meta.to;
  const lastMs = Math.max(...series.map(({ points }) => points.at(-1)?.[0] ?? 0), 0);
  const binMs = (BIN_MS as Readonly<Record<string, number>>)[reply.meta.bin] ?? 0;
  return {
    series,
    unit: definition?.unit ?? 'count',
    fromMs: reply.meta.from,
    toMs,
    openFromMs: lastMs > 0 && lastMs + binMs > toMs ? lastMs : undefined,
    timeZone: reply.meta.timeZone,
    hasValues: series.some(({ points, total }) => total !== null || points.some(([, value]) => value !== null)),
  };
}

/** The name of a series: from the directory, else the words given for closed sets, else its id. */
export function seriesName(
  series: TileSeries,
  names: NameResolver,
  titleOf: (value: string) => string | undefined,
  total: string,
): string {
  if (series.dimension === '') return total;
  return names.nameOf(series.dimension, series.value) ?? titleOf(series.value) ?? series.value;
}
