import { limits } from './limits.ts';
import { OF_NOW, withoutNone, tile } from './tile.ts';
import type { Board } from './tile.ts';

/** The calls: how many, how they ended, how long they took. */
export const CALLS: Board = {
  id: 'calls',
  title: 'Calls',
  description: 'How many calls came, how they ended and how long they took.',
  widgets: [
    tile('calls', 'stat', [0, 0, 3, 3], 'Calls', 'call_count', { compare: '1d' }, { hasSparkline: true }),
    tile(
      'in-progress',
      'stat',
      [3, 0, 3, 3],
      'In progress now',
      'calls_in_progress',
      {},
      { ...OF_NOW, hasSparkline: true },
    ),
    tile(
      'abandoned',
      'stat',
      [6, 0, 3, 3],
      'Abandon rate',
      'call_abandon_rate',
      {},
      {
        thresholds: limits('abandonRate'),
        hasSparkline: true,
      },
    ),
    tile(
      'speed',
      'stat',
      [9, 0, 3, 3],
      'Speed of answer',
      'call_wait_time',
      {},
      {
        thresholds: limits('waitS'),
        hasSparkline: true,
      },
    ),
    tile(
      'volume',
      'line',
      [0, 3, 8, 5],
      'Calls by direction',
      'call_count',
      { groupBy: 'direction' },
      {
        isArea: true,
        isStacked: true,
      },
    ),
    tile(
      'answered',
      'gauge',
      [8, 3, 4, 5],
      'Answer rate',
      'call_answer_rate',
      {},
      {
        target: 90,
        min: 0,
        max: 100,
        thresholds: limits('answerRate'),
      },
    ),
    tile(
      'outcomes',
      'bar',
      [0, 8, 4, 5],
      'Calls by outcome',
      'call_count',
      { groupBy: 'outcome' },
      {
        orientation: 'horizontal',
        isDescending: true,
      },
    ),
    tile('duration', 'line', [4, 8, 4, 5], 'Call duration', 'call_duration', { compare: '1d' }),
    tile(
      'rates',
      'line',
      [8, 8, 4, 5],
      'Answered and abandoned',
      ['call_answer_rate', 'call_abandon_rate'],
      {},
      {
        min: 0,
        max: 100,
      },
    ),
    tile(
      'by-queue',
      'table',
      [0, 13, 8, 6],
      'Calls by queue',
      ['call_count', 'call_answer_rate', 'call_abandon_rate', 'call_duration'],
      { groupBy: 'queue_id', filters: withoutNone('queue_id') },
      { sortBy: 'call_count', isDescending: true, subtitle: 'Calls that met a queue' },
    ),
    tile('menus', 'stat', [8, 13, 4, 3], 'IVR interactions', 'ivr_count', { compare: '1d' }, { hasSparkline: true }),
    tile(
      'contained',
      'stat',
      [8, 16, 4, 3],
      'AI containment',
      'cai_containment_rate',
      { compare: '1d' },
      {
        hasSparkline: true,
      },
    ),
  ],
};
