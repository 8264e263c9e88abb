import { limits } from './limits.ts';
import { NOW, OF_NOW, tile } from './tile.ts';
import type { Board } from './tile.ts';
import { WHO_WAITS } from './who-waits.ts';

/** What is watched all day: who waits, who can answer, and whether the promise is kept. */
export const OVERVIEW: Board = {
  id: 'overview',
  title: 'Live overview',
  description: 'Who is waiting, who can answer, and whether the service level holds.',
  widgets: [
    ...WHO_WAITS,
    tile('available', 'stat', [6, 0, 3, 3], 'Agents available', 'agent_available_count', NOW, {
      ...OF_NOW,
      thresholds: limits('available'),
      hasSparkline: true,
    }),
    tile(
      'in-progress',
      'stat',
      [9, 0, 3, 3],
      'Calls in progress',
      'calls_in_progress',
      {},
      { ...OF_NOW, hasSparkline: true },
    ),
    tile(
      'service',
      'gauge',
      [0, 3, 4, 5],
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
    tile('depth', 'line', [4, 3, 8, 5], 'Waiting by queue', 'queue_depth', { ...NOW, groupBy: 'queue_id' }),
    tile(
      'queues',
      'table',
      [0, 8, 8, 6],
      'Queues',
      ['queue_depth', 'longest_wait', 'queue_service_level', 'queue_wait_time', 'queue_abandon_rate'],
      { ...NOW, groupBy: 'queue_id' },
      { sortBy: 'longest_wait', isDescending: true },
    ),
    tile('calls', 'stat', [8, 8, 4, 3], 'Calls', 'call_count', { compare: '1d' }, { hasSparkline: true }),
    tile(
      'abandoned',
      'stat',
      [8, 11, 4, 3],
      'Abandon rate',
      'call_abandon_rate',
      { compare: '1d' },
      {
        thresholds: limits('abandonRate'),
        hasSparkline: true,
      },
    ),
  ],
};
