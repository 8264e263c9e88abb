import { BIN_MS, METRICS } from '@lumina/contracts';
import type { MetricDefinition, MetricReply, MetricStat, MetricUnit } from '@lumina/contracts';
import type { NameResolver } from './name-resolver.ts';

/** Points of a series: `[epochMs, value]`, oldest first; null where nothing is known. */
export type TilePoints = readonly (readonly [number, number | null])[];

/** Which way is good news. */
export type TileDirection = MetricDefinition['better'];

/** One series with everything that identifies it on screen. */
export interface TileSeries {
  /** Stable over replies: the metric and the group's values. */
  readonly key: string;
  readonly metric: string;
  readonly unit: MetricUnit;
  readonly better: TileDirection;
  /** The first dimension and its value: what decides the colour. Both empty for a total. */
  readonly dimension: string;
  readonly value: string;
  /** All dimensions it is grouped by, with their values. */
  readonly group: Readonly<Record<string, string>>;
  readonly points: TilePoints;
  /** The value over the whole range, else the newest point. */
  readonly total: number | null;
  /** The same series of the compared range, its times moved onto this one; absent without a comparison. */
  readonly comparePoints?: TilePoints;
  /** The value over the whole compared range. */
  readonly compareTotal?: number | null;
}

/** How a series is named and coloured. */
export interface SeriesLabel {
  readonly name: string;
  /** Place in the palette, from 0. */
  readonly place: number;
}

/** One metric of a view. */
export interface TileMetric {
  readonly id: string;
  readonly unit: MetricUnit;
  readonly better: TileDirection;
}

/** What a range is compared with. */
export type TileCompare = NonNullable<MetricReply['data'][number]['compare']>;

/** A reply as a tile sees it, without names, formats or colours. */
export interface TileView {
  /** By metric, in the order asked; within a metric as the service sorts them. */
  readonly series: readonly TileSeries[];
  readonly metrics: readonly TileMetric[];
  /** Unit of the first metric. */
  readonly unit: MetricUnit;
  readonly fromMs: number;
  readonly toMs: number;
  /** Where the bucket begins that is not over yet; undefined when the range has ended. */
  readonly openFromMs: number | undefined;
  readonly timeZone: string;
  readonly compare?: TileCompare;
  /** Whether any value is known. */
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
export function newestValue(points: TilePoints): number | null {
  for (let index = points.length - 1; index >= 0; index -= 1) {
    const value = points[index]?.[1] ?? null;
    if (value !== null) return value;
  }
  return null;
}

function groupKey(group: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(group).sort(([a], [b]) => a.localeCompare(b)));
}

function definitionOf(metric: string): MetricDefinition | undefined {
  return (METRICS as Readonly<Record<string, MetricDefinition>>)[metric];
}

/** Whether the value of a bucket is a sum over its time, so that half a bucket shows half a value. */
function addsUp(definition: MetricDefinition | undefined, stat: MetricStat | undefined): boolean {
  return definition?.stats[stat ?? definition.defaultStat]?.kind === 'sum';
}

/**
 * Leaves out a first bucket that began before the range: of what adds up it holds only the end, and would be drawn as
 * a dip that never was. A bucket that stands alone is all there is to show and stays.
 */
function withoutCutBucket(points: TilePoints, fromMs: number): TilePoints {
  const [first, second] = points;
  return first !== undefined && second !== undefined && first[0] < fromMs ? points.slice(1) : points;
}

/** What a tile asked for, as far as it decides how the reply is read. */
export interface TileQuestion {
  /** The metrics in the order asked. */
  readonly metrics: readonly string[];
  readonly stat: MetricStat | undefined;
}

/** Sorts a reply out for a tile. */
export function tileViewOf(reply: MetricReply, question: TileQuestion): TileView {
  const ids = question.metrics.length > 0 ? question.metrics : [...new Set(reply.data.map(({ metric }) => metric))];
  const series = ids.flatMap((id) => seriesOf(reply, id, question.stat));
  const metrics = ids.map((id): TileMetric => {
    const definition = definitionOf(id);
    return { id, unit: definition?.unit ?? 'count', better: definition?.better ?? 'neutral' };
  });
  const compare = [...reply.data, ...reply.aggregations].find((one) => one.compare !== undefined)?.compare;
  return {
    series,
    metrics,
    unit: metrics[0]?.unit ?? 'count',
    fromMs: reply.meta.from,
    toMs: reply.meta.to,
    openFromMs: openFromMsOf(reply, series),
    timeZone: reply.meta.timeZone,
    ...(compare === undefined ? {} : { compare }),
    hasValues: series.some(({ points, total }) => total !== null || points.some(([, value]) => value !== null)),
  };
}

type Keyed = Pick<MetricReply['data'][number], 'group' | 'metric' | 'compare'>;

/** All of one metric by group: points and totals of the range and of the one it is compared with. */
interface Parts {
  readonly group: Readonly<Record<string, string>>;
  points?: TilePoints;
  total?: number | null;
  comparePoints?: TilePoints;
  compareTotal?: number | null;
}

function seriesOf(reply: MetricReply, metric: string, stat: MetricStat | undefined): TileSeries[] {
  const definition = definitionOf(metric);
  const partsByGroup = partsOf(reply, metric);
  const shown: TileSeries[] = [];
  for (const [key, parts] of partsByGroup) {
    // What was there only in the compared range has no place in this one.
    if (parts.points === undefined && parts.total === undefined) continue;
    const drawn = (points: TilePoints): TilePoints =>
      addsUp(definition, stat) ? withoutCutBucket(points, reply.meta.from) : points;
    // A total may come without points, e.g. where the bins are too small but the range is not.
    const points = drawn(parts.points ?? []);
    const [dimension, value] = Object.entries(parts.group)[0] ?? ['', ''];
    shown.push({
      key: `${metric} ${key}`,
      metric,
      unit: definition?.unit ?? 'count',
      better: definition?.better ?? 'neutral',
      dimension,
      value,
      group: parts.group,
      points,
      total: parts.total === undefined ? newestValue(points) : parts.total,
      ...(parts.comparePoints === undefined ? {} : { comparePoints: drawn(parts.comparePoints) }),
      ...(parts.compareTotal === undefined ? {} : { compareTotal: parts.compareTotal }),
    });
  }
  return shown;
}

function partsOf(reply: MetricReply, metric: string): Map<string, Parts> {
  const byGroup = new Map<string, Parts>();
  const partsFor = ({ group }: Keyed): Parts => {
    const key = groupKey(group);
    const parts = byGroup.get(key) ?? { group };
    byGroup.set(key, parts);
    return parts;
  };
  for (const one of reply.data) {
    if (one.metric === metric) partsFor(one)[one.compare === undefined ? 'points' : 'comparePoints'] = one.points;
  }
  for (const one of reply.aggregations) {
    if (one.metric === metric) partsFor(one)[one.compare === undefined ? 'total' : 'compareTotal'] = one.value;
  }
  return byGroup;
}

function openFromMsOf(reply: MetricReply, series: readonly TileSeries[]): number | undefined {
  const lastMs = Math.max(...series.map(({ points }) => points.at(-1)?.[0] ?? 0), 0);
  const binMs = (BIN_MS as Readonly<Record<string, number>>)[reply.meta.bin] ?? 0;
  return lastMs > 0 && lastMs + binMs > reply.meta.to ? lastMs : undefined;
}

/** The name of a series: its values' names from the directory, else the words given for closed sets, else their ids. */
export function seriesName(
  series: Pick<TileSeries, 'group'>,
  names: NameResolver,
  titleOf: (value: string) => string | undefined,
  total: string,
): string {
  const parts = Object.entries(series.group).map(
    ([dimension, value]) => names.nameOf(dimension, value) ?? titleOf(value) ?? value,
  );
  return parts.length === 0 ? total : parts.join(' · ');
}
