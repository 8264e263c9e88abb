import { PLATFORM_TERRITORY_ID } from '@lumina/contracts';
import { SIMULATED_TERRITORIES, populationOf } from '@lumina/simulator';
import type { Population } from '@lumina/simulator';
import type { LocalRegionId } from '../ports.ts';
import { dashboardsOf } from './dashboards.ts';
import { hashOfKey } from './ingest-keys.ts';
import type { IngestKeys } from './ingest-keys.ts';
import { settingsOf } from './settings.ts';

/** The territories of a region that have callers. */
export function tenantsOf(regionId: LocalRegionId): Population[] {
  return SIMULATED_TERRITORIES.map((id) => populationOf(id)).filter((one) => one.regionId === regionId);
}

/** Everyone and everything of a region: its tenants, and the platform itself. */
export function populationsOf(regionId: LocalRegionId): Population[] {
  return [...tenantsOf(regionId), populationOf(PLATFORM_TERRITORY_ID, regionId)];
}

/** The file that the BFF's import command takes, for one region. */
export function seedOf(regionId: LocalRegionId, keys: IngestKeys): Record<string, readonly unknown[]> {
  const populations = populationsOf(regionId);
  return {
    territories: populations.map(({ territoryId, name, timeZone }) => ({ id: territoryId, regionId, name, timeZone })),
    queues: populations.flatMap(({ territoryId, queues }) => queues.map(({ id, name }) => ({ territoryId, id, name }))),
    teams: populations.flatMap(({ territoryId, teams }) => teams.map(({ id, name }) => ({ territoryId, id, name }))),
    agents: populations.flatMap(({ territoryId, agents }) =>
      agents.map(({ id, name, teamId }) => ({ territoryId, id, name, teamId })),
    ),
    trunks: populations.flatMap(({ territoryId, trunks }) => trunks.map(({ id, name }) => ({ territoryId, id, name }))),
    queueMembers: populations.flatMap(({ territoryId, agents }) =>
      agents.flatMap(({ id, queueIds }) => queueIds.map((queueId) => ({ territoryId, queueId, agentId: id }))),
    ),
    ingestKeys: Object.entries(keys).map(([territoryId, key]) => ({
      territoryId: Number(territoryId),
      hash: hashOfKey(key),
      label: 'Local stack',
    })),
    dashboards: tenantsOf(regionId).flatMap(dashboardsOf),
    settings: tenantsOf(regionId).flatMap(settingsOf),
  };
}
