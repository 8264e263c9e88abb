import { BIN_MS } from '@lumina/contracts';
import type { LiveFrame, MetricReply, MetricSeries } from '@lumina/contracts';

type Points = MetricSeries['points'];
type Delta = Extract<LiveFrame, { readonly event: 'delta' }>;

/** A day of the longest kind, when clocks go back. */
const LONGEST_DAY_MS = 25 * 3_600_000;

/**
 * The reply after a frame. Pure; what a frame does not touch stays the same object. A `snapshot` is the reply; a
 * `delta` replaces and inserts points by time, drops the buckets that left the range, and replaces the rest; `stale`
 * takes back a watermark that was newer; all other frames leave the reply alone.
 *
 * Undefined when the frame cannot be applied: a delta without anything it could be a change of.
 */
export function applyFrame(reply: MetricReply | undefined, frame: LiveFrame): MetricReply | undefined {
  switch (frame.event) {
    case 'snapshot': {
      const { data, aggregations, errors, meta } = frame;
      return { data, aggregations, errors, meta };
    }
    case 'delta':
      return reply === undefined ? undefined : withDelta(reply, frame);
    case 'stale': {
      const watermark = reply?.meta.watermark ?? null;
      if (reply === undefined || watermark === null || watermark <= frame.since) return reply;
      return { ...reply, meta: { ...reply.meta, watermark: frame.since } };
    }
    default:
      return reply;
  }
}

function withDelta(reply: MetricReply, delta: Delta): MetricReply {
  const { aggregations, errors, meta } = delta;
  const changes = new Map(delta.data.map((series) => [seriesKey(series), series]));
  const data: MetricSeries[] = [];
  const keep = (series: MetricSeries, all: Points): void => {
    const points = inRange(all, meta);
    // A series that never had points stays: its value is in the aggregations.
    if (points.length === 0 && all.length > 0) return;
    data.push(points === series.points ? series : { ...series, points });
  };
  for (const series of reply.data) {
    const key = seriesKey(series);
    keep(series, mergedPoints(series.points, changes.get(key)?.points ?? []));
    changes.delete(key);
  }
  // What is left is new; a new series is whole.
  for (const series of changes.values()) keep(series, series.points);
  return { data, aggregations, errors, meta };
}

/** What tells a series from all others of a reply. */
export function seriesKey({ ref, metric, group, compare }: MetricSeries): string {
  return JSON.stringify([ref, metric, compare ?? null, Object.entries(group).sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/** Two ascending lists as one; where both know an instant the second is right. */
function mergedPoints(known: Points, changed: Points): Points {
  if (changed.length === 0) return known;
  const merged: Points = [];
  let next = 0;
  for (const point of known) {
    for (let one = changed[next]; one !== undefined && one[0] < point[0]; one = changed[next]) {
      merged.push(one);
      next += 1;
    }
    const same = changed[next];
    if (same?.[0] === point[0]) next += 1;
    merged.push(same?.[0] === point[0] ? same : point);
  }
  merged.push(...changed.slice(next));
  return merged;
}

/** Without the points before the first bucket that overlaps the range. */
function inRange(points: Points, { bin, from }: MetricReply['meta']): Points {
  const binMs = (BIN_MS as Readonly<Record<string, number>>)[bin] ?? LONGEST_DAY_MS;
  let first = 0;
  for (; first < points.length; first += 1) {
    const startMs = points[first]?.[0] ?? 0;
    const nextMs = points[first + 1]?.[0] ?? Number.POSITIVE_INFINITY;
    // A day ends where the next begins: it has 23 to 25 hours.
    if (startMs + binMs > from && nextMs > from) break;
  }
  return first === 0 ? points : points.slice(first);
}
