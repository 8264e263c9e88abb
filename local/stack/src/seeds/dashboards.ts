import { DASHBOARD_SCHEMA_VERSION } from '@lumina/contracts';
import type { Dashboard, Widget } from '@lumina/contracts';
import type { Population } from '@lumina/simulator';

type Tile = Omit<Widget, 'query'> & {
  readonly metric: string;
  readonly groupBy?: readonly string[];
  readonly stat?: 'now';
};

function widgetOf({ metric, groupBy, stat, ...place }: Tile): Widget {
  return {
    ...place,
    query: {
      ref: place.id,
      metrics: [metric],
      ...(groupBy === undefined ? {} : { groupBy: [...groupBy] }),
      ...(stat === undefined ? {} : { options: { stat } }),
    },
  };
}

const CALLS_AND_QUEUES: readonly Tile[] = [
  { id: 'calls', kind: 'stat', title: 'Calls', metric: 'call_count', x: 0, y: 0, w: 3, h: 2 },
  { id: 'answered', kind: 'stat', title: 'Answered', metric: 'call_answer_rate', x: 3, y: 0, w: 3, h: 2 },
  { id: 'waiting', kind: 'stat', title: 'Waiting now', metric: 'queue_depth', stat: 'now', x: 6, y: 0, w: 3, h: 2 },
  { id: 'service', kind: 'stat', title: 'Service level', metric: 'queue_service_level', x: 9, y: 0, w: 3, h: 2 },
  { id: 'calls-line', kind: 'line', title: 'Calls over time', metric: 'call_count', x: 0, y: 2, w: 6, h: 4 },
  {
    id: 'depth',
    kind: 'line',
    title: 'Waiting by queue',
    metric: 'queue_depth',
    groupBy: ['queue_id'],
    x: 6,
    y: 2,
    w: 6,
    h: 4,
  },
  {
    id: 'wait',
    kind: 'line',
    title: 'Wait by queue',
    metric: 'queue_wait_time',
    groupBy: ['queue_id'],
    x: 0,
    y: 6,
    w: 6,
    h: 4,
  },
  {
    id: 'abandon',
    kind: 'line',
    title: 'Abandoned by queue',
    metric: 'queue_abandon_rate',
    groupBy: ['queue_id'],
    x: 6,
    y: 6,
    w: 6,
    h: 4,
  },
];

/** A dashboard as the import command takes it. */
export interface SeedDashboard {
  readonly territoryId: number;
  readonly id: string;
  readonly title: string;
  readonly body: Dashboard;
}

/** The boards every territory begins with. */
export function dashboardsOf(population: Population): SeedDashboard[] {
  const title = 'Calls and queues';
  return [
    {
      territoryId: population.territoryId,
      id: 'calls-and-queues',
      title,
      body: {
        schemaVersion: DASHBOARD_SCHEMA_VERSION,
        title,
        description: `How calls and queues of ${population.name} are doing`,
        timeZone: population.timeZone,
        range: { last: '1h' },
        widgets: CALLS_AND_QUEUES.map(widgetOf),
      },
    },
  ];
}
