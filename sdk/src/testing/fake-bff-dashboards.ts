import type { Dashboard, Widget } from '@lumina/contracts';

/** A stored dashboard of the fake, as `GET /api/dashboards/{id}` answers it. */
export interface FakeDashboard {
  readonly id: string;
  readonly title: string;
  readonly version: number;
  readonly updatedAt: string;
  readonly updatedBy: string;
  readonly body: Dashboard;
}

type Place = readonly [x: number, y: number, w: number, h: number];

function widget(
  id: string,
  kind: Widget['kind'],
  title: string,
  place: Place,
  query: Omit<Widget['query'], 'ref'>,
): Widget {
  const [x, y, w, h] = place;
  return { id, kind, title, query: { ref: 'A', ...query }, x, y, w, h };
}

function board(id: string, title: string, description: string, widgets: Widget[]): FakeDashboard {
  return {
    id,
    title,
    version: 3,
    updatedAt: '2026-03-02T09:30:00.000Z',
    updatedBy: 'user_1',
    body: { schemaVersion: 1, title, description, range: { last: '1h' }, widgets },
  };
}

/** Boards of the fake territory; every kind of widget is on one. */
export const FAKE_DASHBOARDS: readonly FakeDashboard[] = [
  board('calls', 'Calls', 'Volume, answer rate and duration of the last hour.', [
    widget('calls', 'stat', 'Calls', [0, 0, 3, 2], { metrics: ['call_count'], compare: 'previous' }),
    widget('answered', 'gauge', 'Answer rate', [3, 0, 3, 2], { metrics: ['call_answer_rate'] }),
    widget('waiting', 'stat', 'Speed of answer', [6, 0, 3, 2], { metrics: ['call_wait_time'] }),
    widget('running', 'stat', 'Calls in progress', [9, 0, 3, 2], { metrics: ['calls_in_progress'] }),
    widget('volume', 'line', 'Calls by direction', [0, 2, 8, 5], { metrics: ['call_count'], groupBy: ['direction'] }),
    widget('outcomes', 'bar', 'Outcomes', [8, 2, 4, 5], { metrics: ['call_count'], groupBy: ['outcome'] }),
  ]),
  board('queues', 'Queues', 'Who waits where, and for how long.', [
    widget('depth', 'stat', 'Waiting now', [0, 0, 3, 2], { metrics: ['queue_depth'], options: { stat: 'now' } }),
    widget('level', 'gauge', 'Service level', [3, 0, 3, 2], { metrics: ['queue_service_level'] }),
    widget('longest', 'stat', 'Longest wait', [6, 0, 3, 2], { metrics: ['longest_wait'] }),
    widget('lost', 'stat', 'Abandoned', [9, 0, 3, 2], { metrics: ['queue_abandon_rate'] }),
    widget('depths', 'line', 'Depth by queue', [0, 2, 7, 5], { metrics: ['queue_depth'], groupBy: ['queue_id'] }),
    widget('queues', 'table', 'All queues', [7, 2, 5, 5], {
      metrics: ['queue_depth', 'queue_wait_time', 'queue_service_level'],
      groupBy: ['queue_id'],
    }),
  ]),
  board('agents', 'Agents', 'Who is available, and what handling takes.', [
    widget('available', 'stat', 'Available', [0, 0, 4, 2], { metrics: ['agent_available_count'] }),
    widget('busy', 'stat', 'Busy', [4, 0, 4, 2], { metrics: ['agent_busy_count'] }),
    widget('occupancy', 'gauge', 'Occupancy', [8, 0, 4, 2], { metrics: ['occupancy'] }),
    widget('handle', 'bar', 'Handle time by agent', [0, 2, 6, 5], {
      metrics: ['agent_handle_time'],
      groupBy: ['agent_id'],
    }),
    widget('people', 'table', 'All agents', [6, 2, 6, 5], {
      metrics: ['agent_handle_time', 'agent_after_call_work', 'occupancy'],
      groupBy: ['agent_id'],
    }),
  ]),
];
