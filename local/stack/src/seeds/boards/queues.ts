import type { DashboardVariable } from '@lumina/contracts';
import { limits } from './limits.ts';
import { NOW, chosenBy, tile } from './tile.ts';
import type { Board } from './tile.ts';
import { WHO_WAITS } from './who-waits.ts';

/** Which queues the board is about. */
const QUEUE: DashboardVariable = { name: 'queue', kind: 'queue', multiple: true };

/** The queues: who waits where, how long, and what is kept of the promise. */
export const QUEUES: Board = {
  id: 'queues',
  title: 'Queues',
  description: 'Who waits where, for how long, and whether the service level holds.',
  variables: [QUEUE],
  widgets: chosenBy(QUEUE, [
    ...WHO_WAITS,
    tile(
      'wait',
      'stat',
      [6, 0, 3, 3],
      'Mean wait',
      'queue_wait_time',
      {},
      {
        thresholds: limits('waitS'),
        hasSparkline: true,
      },
    ),
    tile(
      'abandoned',
      'stat',
      [9, 0, 3, 3],
      'Abandon rate',
      'queue_abandon_rate',
      {},
      {
        thresholds: limits('abandonRate'),
        hasSparkline: true,
      },
    ),
    tile(
      'service',
      'gauge',
      [0, 3, 4, 6],
      'Service level',
      'queue_service_level',
      {},
      {
        target: 80,
        min: 0,
        max: 100,
        thresholds: limits('serviceLevel'),
      },
    ),
    tile(
      'queues',
      'table',
      [4, 3, 8, 6],
      'Queues now',
      ['queue_depth', 'longest_wait', 'queue_service_level', 'queue_wait_time', 'queue_abandon_rate'],
      { ...NOW, groupBy: 'queue_id' },
      { sortBy: 'longest_wait', isDescending: true },
    ),
    tile('depth', 'line', [0, 9, 6, 5], 'Waiting by queue', 'queue_depth', { ...NOW, groupBy: 'queue_id' }),
    tile('waits', 'line', [6, 9, 6, 5], 'Wait by queue', 'queue_wait_time', { groupBy: 'queue_id' }, { bin: '5m' }),
    tile(
      'service-by-queue',
      'bar',
      [0, 14, 4, 5],
      'Service level by queue',
      'queue_service_level',
      {
        groupBy: 'queue_id',
      },
      { orientation: 'horizontal', target: 80, min: 0, max: 100, thresholds: limits('serviceLevel') },
    ),
    tile(
      'abandoned-by-queue',
      'bar',
      [4, 14, 4, 5],
      'Abandon rate by queue',
      'queue_abandon_rate',
      {
        groupBy: 'queue_id',
      },
      { orientation: 'horizontal', min: 0, isDescending: true, thresholds: limits('abandonRate') },
    ),
    tile(
      'service-trend',
      'line',
      [8, 14, 4, 5],
      'Service level over time',
      'queue_service_level',
      { compare: '1d' },
      {
        bin: '5m',
        target: 80,
        min: 0,
        max: 100,
        thresholds: limits('serviceLevel'),
      },
    ),
  ]),
};
