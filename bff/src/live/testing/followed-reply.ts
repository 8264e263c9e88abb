import { applyRowChanges, parseRowOrder } from '@lumina/contracts';
import type { LiveFrame, MetricSeries } from '@lumina/contracts';
import type { TopicReply } from '../watched-rows.ts';

/** What a client knows of one subscription: a snapshot, and what the deltas made of it. */
export class FollowedReply {
  reply: TopicReply | undefined;

  take(frame: LiveFrame): void {
    if (frame.event === 'snapshot') {
      const { data, aggregations, errors, rows, meta } = frame;
      this.reply = { data, aggregations, errors, ...(rows === undefined ? {} : { rows }), meta };
    } else if (frame.event === 'delta') {
      if (this.reply === undefined) throw new Error('A delta came before a snapshot.');
      const { aggregations, errors, meta } = frame;
      const known = new Map(this.reply.data.map((series) => [keyOf(series), series]));
      for (const series of frame.data) {
        const points = new Map([...(known.get(keyOf(series))?.points ?? []), ...series.points]);
        known.set(keyOf(series), { ...series, points: [...points].sort(([a], [b]) => a - b) });
      }
      const data = [...known.values()].map((series) => ({ ...series, points: within(series.points, meta.from) }));
      const rows =
        frame.rows === undefined
          ? {}
          : { rows: applyRowChanges(this.reply.rows ?? [], frame.rows, parseRowOrder(meta.rows?.order ?? '')) };
      this.reply = { data, aggregations, errors, ...rows, meta };
    } else if (frame.event === 'problem') {
      this.reply = undefined;
    }
  }
}

function keyOf({ ref, metric, group, compare }: MetricSeries): string {
  return JSON.stringify([ref, metric, compare, Object.entries(group).toSorted()]);
}

/** Points before the first bucket that overlaps the range are over. */
function within(points: MetricSeries['points'], fromMs: number): MetricSeries['points'] {
  return points.filter((_point, index) => {
    const next = points[index + 1];
    return next === undefined || next[0] > fromMs;
  });
}
