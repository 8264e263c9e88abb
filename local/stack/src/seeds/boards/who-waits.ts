import type { Widget } from '@lumina/contracts';
import { limits } from './limits.ts';
import { NOW, OF_NOW, tile } from './tile.ts';

/** How many wait now and how long the first of them has: the left half of a board's first row. */
export const WHO_WAITS: readonly Widget[] = [
  tile('waiting', 'stat', [0, 0, 3, 3], 'Waiting now', 'queue_depth', NOW, {
    ...OF_NOW,
    thresholds: limits('waiting'),
    hasSparkline: true,
  }),
  tile(
    'longest',
    'stat',
    [3, 0, 3, 3],
    'Longest wait',
    'longest_wait',
    {},
    { ...OF_NOW, thresholds: limits('longestWaitS'), hasSparkline: true },
  ),
];
