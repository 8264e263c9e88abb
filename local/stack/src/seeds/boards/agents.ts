import type { DashboardVariable } from '@lumina/contracts';
import { limits } from './limits.ts';
import { NOW, OF_NOW, chosenBy, withoutNone, tile } from './tile.ts';
import type { Board } from './tile.ts';

/** Whose agents the board is about. */
const TEAM: DashboardVariable = { name: 'team', kind: 'team', multiple: true };

/** The agents: who is free, who is busy, and how long contacts keep them. */
export const AGENTS: Board = {
  id: 'agents',
  title: 'Agents',
  description: 'Who is free, who is busy, and how long contacts keep them.',
  variables: [TEAM],
  widgets: chosenBy(TEAM, [
    tile('available', 'stat', [0, 0, 3, 3], 'Available now', 'agent_available_count', NOW, {
      ...OF_NOW,
      thresholds: limits('available'),
      hasSparkline: true,
    }),
    tile('busy', 'stat', [3, 0, 3, 3], 'Busy now', 'agent_busy_count', NOW, { ...OF_NOW, hasSparkline: true }),
    tile(
      'handle',
      'stat',
      [6, 0, 3, 3],
      'Handle time',
      'agent_handle_time',
      { compare: '1d' },
      {
        hasSparkline: true,
      },
    ),
    tile(
      'after',
      'stat',
      [9, 0, 3, 3],
      'After-call work',
      'agent_after_call_work',
      { compare: '1d' },
      {
        hasSparkline: true,
      },
    ),
    tile(
      'states',
      'line',
      [0, 3, 8, 5],
      'Agents available and busy',
      ['agent_available_count', 'agent_busy_count'],
      NOW,
      {
        isArea: true,
        isStacked: true,
        min: 0,
      },
    ),
    tile(
      'occupancy',
      'gauge',
      [8, 3, 4, 5],
      'Occupancy',
      'occupancy',
      {},
      {
        target: 85,
        min: 0,
        max: 100,
        thresholds: limits('occupancy'),
      },
    ),
    tile(
      'teams',
      'table',
      [0, 8, 8, 5],
      'Teams now',
      ['agent_available_count', 'agent_on_contact_count', 'agent_busy_count', 'occupancy'],
      { ...NOW, groupBy: 'team_id' },
      { sortBy: 'name' },
    ),
    tile(
      'handle-by-queue',
      'bar',
      [8, 8, 4, 5],
      'Handle time by queue',
      'agent_handle_time',
      { groupBy: 'queue_id' },
      {
        orientation: 'horizontal',
        isDescending: true,
      },
    ),
    tile(
      'agents',
      'table',
      [0, 13, 12, 9],
      'Agents',
      ['occupancy', 'agent_handle_time', 'agent_after_call_work'],
      { groupBy: 'agent_id', filters: withoutNone('agent_id') },
      { sortBy: 'occupancy', isDescending: true },
    ),
  ]),
};
