import type { LiveRowChanges, MetricSeries } from '@lumina/contracts';
import { isWithoutChanges, rowChanges } from './watched-rows.ts';
import type { TopicReply } from './watched-rows.ts';

type Points = MetricSeries['points'];

/** What a `delta` frame holds: of `data` only what changed, the rest whole. */
export interface ReplyDelta extends Omit<TopicReply, 'rows'> {
  readonly rows?: LiveRowChanges;
}

/** A reply is compared twice, as the next and as the previous. */
const keys = new WeakMap<MetricSeries, string>();

function seriesKey(series: MetricSeries): string {
  const known = keys.get(series);
  if (known !== undefined) return known;
  const { ref, metric, group, compare } = series;
  const pairs = Object.entries(group);
  const key = JSON.stringify([ref, metric, compare ?? null, pairs.toSorted(([a], [b]) => (a < b ? -1 : 1))]);
  keys.set(series, key);
  return key;
}

/** Series by key in their order; undefined where two cannot be told apart. */
function byKey(series: readonly MetricSeries[]): ReadonlyMap<string, MetricSeries> | undefined {
  const keyed = new Map(series.map((one) => [seriesKey(one), one]));
  return keyed.size === series.length ? keyed : undefined;
}

const timeAt = (points: Points, index: number): number => points[index]?.[0] ?? Number.POSITIVE_INFINITY;

/** The points that turn `previous` into `next`, or undefined where adding and replacing cannot do it. */
function changedPoints(previous: Points, next: Points, fromMs: number): Points | undefined {
  const firstMs = timeAt(next, 0);
  let index = 0;
  while (timeAt(previous, index) < firstMs) index += 1;
  // What lies before the first bucket goes by itself, but only if that bucket is the one that overlaps the start.
  if ((index > 0 && firstMs > fromMs) || timeAt(next, 1) <= fromMs) return undefined;
  const changed: Points = [];
  for (const point of next) {
    const knownMs = timeAt(previous, index);
    if (knownMs < point[0]) return undefined;
    if (knownMs > point[0] || !Object.is(previous[index]?.[1], point[1])) changed.push(point);
    if (knownMs === point[0]) index += 1;
  }
  return index === previous.length ? changed : undefined;
}

function hasOrderOf(next: ReadonlyMap<string, MetricSeries>, previous: ReadonlyMap<string, MetricSeries>): boolean {
  const fresh = [...next.keys()].filter((key) => !previous.has(key));
  const applied = [...previous.keys(), ...fresh];
  return applied.length === next.size && [...next.keys()].every((key, index) => key === applied[index]);
}

/** Whether a series is known, and known to be carried over the same buckets: that may change where no value does. */
function isDriftOf(known: MetricSeries | undefined, next: MetricSeries): boolean {
  return known !== undefined && String(known.drift ?? '') === String(next.drift ?? '');
}

/**
 * What changed from one reply to the next. Undefined where a delta cannot say it (a series that vanished or moved, other
 * bins, a grid that shifted): then the whole reply has to be sent.
 */
export function diffReplies(previous: TopicReply, next: TopicReply): ReplyDelta | undefined {
  if (previous.meta.bin !== next.meta.bin || previous.meta.timeZone !== next.meta.timeZone) return undefined;
  const known = byKey(previous.data);
  const wanted = byKey(next.data);
  if (known === undefined || wanted === undefined || !hasOrderOf(wanted, known)) return undefined;
  const data: MetricSeries[] = [];
  for (const [key, series] of wanted) {
    const points = changedPoints(known.get(key)?.points ?? [], series.points, next.meta.from);
    if (points === undefined) return undefined;
    if (points.length > 0 || !isDriftOf(known.get(key), series)) data.push({ ...series, points });
  }
  const rows = rowChanges(previous, next);
  if (rows === undefined) return undefined;
  const { aggregations, errors, meta } = next;
  return { data, aggregations, errors, ...(next.rows === undefined ? {} : { rows }), meta };
}

/** Whether a delta tells nothing but the time. */
export function isEmptyDelta(previous: TopicReply, { data, aggregations, errors, rows }: ReplyDelta): boolean {
  return (
    data.length === 0 &&
    (rows === undefined || isWithoutChanges(rows)) &&
    JSON.stringify(aggregations) === JSON.stringify(previous.aggregations) &&
    JSON.stringify(errors) === JSON.stringify(previous.errors)
  );
}

/** The buckets that closed between two replies: from the one that was open to the one that is open now. */
export function closedSpan(previous: TopicReply, next: TopicReply): { from: number; to: number } | undefined {
  const openAt = ({ data }: TopicReply): number | undefined =>
    data.find(({ compare }) => compare === undefined)?.points.at(-1)?.[0];
  const from = openAt(previous);
  const to = openAt(next);
  return from !== undefined && to !== undefined && previous.meta.bin === next.meta.bin && from < to
    ? { from, to }
    : undefined;
}
