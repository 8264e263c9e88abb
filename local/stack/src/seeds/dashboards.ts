import { DASHBOARD_SCHEMA_VERSION } from '@lumina/contracts';
import type { Dashboard } from '@lumina/contracts';
import type { Population } from '@lumina/simulator';
import { AGENTS } from './boards/agents.ts';
import { CALLS } from './boards/calls.ts';
import { OVERVIEW } from './boards/overview.ts';
import { QUEUES } from './boards/queues.ts';
import { SYSTEM } from './boards/system.ts';
import type { Board } from './boards/tile.ts';

/** The boards every territory begins with. */
export const BOARDS: readonly Board[] = [OVERVIEW, CALLS, QUEUES, AGENTS, SYSTEM];

/** A dashboard as the import command takes it. */
export interface SeedDashboard {
  readonly territoryId: number;
  readonly id: string;
  readonly title: string;
  readonly body: Dashboard;
}

/** The boards of one territory. They name no zone: the territory's own applies, or the one a viewer chose. */
export function dashboardsOf(population: Population): SeedDashboard[] {
  return BOARDS.map(({ id, title, description, variables, widgets }) => ({
    territoryId: population.territoryId,
    id,
    title,
    body: {
      schemaVersion: DASHBOARD_SCHEMA_VERSION,
      title,
      description,
      range: { last: '1h' },
      ...(variables === undefined ? {} : { variables: [...variables] }),
      widgets: [...widgets],
    },
  }));
}
