import { msg } from '@lit/localize';

const TITLES: Readonly<Record<string, () => string>> = {
  queue_id: () => msg('Queue', { id: 'dimension.queue' }),
  agent_id: () => msg('Agent', { id: 'dimension.agent' }),
  team_id: () => msg('Team', { id: 'dimension.team' }),
  trunk_id: () => msg('Trunk', { id: 'dimension.trunk' }),
  direction: () => msg('Direction', { id: 'dimension.direction' }),
  outcome: () => msg('Outcome', { id: 'dimension.outcome' }),
  state: () => msg('State', { id: 'dimension.state' }),
  type: () => msg('Type', { id: 'dimension.type' }),
  flow: () => msg('Flow', { id: 'dimension.flow' }),
  service: () => msg('Service', { id: 'dimension.service' }),
  route: () => msg('Route', { id: 'dimension.route' }),
  action: () => msg('Action', { id: 'dimension.action' }),
  source: () => msg('Source', { id: 'dimension.source' }),
  worker: () => msg('Worker', { id: 'dimension.worker' }),
};

/** What the groups of a dimension are; the dimension itself where there is no word for it. */
export function dimensionTitle(dimension: string): string {
  return TITLES[dimension]?.() ?? dimension;
}
