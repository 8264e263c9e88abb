import type { MetricQuery, MetricQueryRequest } from '@lumina/contracts';

/** Twelve widgets of a supervisor's board. */
const WIDGETS: readonly Omit<MetricQuery, 'ref'>[] = [
  { metrics: ['call_count'] },
  { metrics: ['call_answer_rate', 'call_abandon_rate'] },
  { metrics: ['call_duration'] },
  { metrics: ['queue_service_level'] },
  { metrics: ['queue_wait_time', 'queue_abandon_rate'], groupBy: ['queue_id'] },
  { metrics: ['call_wait_time'] },
  { metrics: ['queue_depth'], groupBy: ['queue_id'] },
  { metrics: ['queue_depth'], options: { stat: 'now' } },
  { metrics: ['agent_handle_time', 'agent_after_call_work'] },
  { metrics: ['agent_available_count'], options: { stat: 'now' } },
  { metrics: ['agent_busy_count'], options: { stat: 'now' }, groupBy: ['team_id'] },
  { metrics: ['calls_in_progress'] },
];

/** The board of twelve widgets over a range. */
export function boardOf(last: '1h' | '24h', bin: '1m' | '5m', filters?: MetricQuery['filters']): MetricQueryRequest {
  return {
    range: { last },
    bin,
    timeZone: 'Europe/London',
    queries: WIDGETS.map((widget, index) => ({
      ref: String.fromCharCode(65 + index),
      ...widget,
      // Only facts of queues know queues; the other widgets of a narrower board stay as they are.
      ...(filters === undefined || !isOfQueues(widget) ? {} : { filters }),
    })),
  };
}

function isOfQueues({ metrics }: Omit<MetricQuery, 'ref'>): boolean {
  return metrics.every((id) => id.startsWith('queue_'));
}

/** A board's widgets asked each for itself, as a page without a service that knows better would. */
export function widgetsOf(board: MetricQueryRequest): MetricQueryRequest[] {
  return board.queries.flatMap((query) =>
    query.metrics.map((metric) => ({ ...board, queries: [{ ...query, metrics: [metric] }] })),
  );
}
