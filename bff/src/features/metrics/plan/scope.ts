import { factDefinition } from '@lumina/contracts';
import type { FactId, RowScope } from '@lumina/contracts';
import type { Membership } from '../scans/membership.ts';
import { canonical } from '../scans/scan.ts';
import { QueryRefusal } from './query-error.ts';
import { servedBy, servingAt } from './queue-members.ts';
import type { QueueMember } from './queue-members.ts';

/** The territory whose directory is asked. */
export interface Territory {
  readonly territoryId: number;
}

/** Which agents belong to teams and queues, by the directory. */
export interface AgentDirectory {
  agentsOfTeams: (tenant: Territory, teamIds: readonly string[]) => Promise<readonly string[]>;
  /** Who served which queue from when to when; the very same list while nothing has changed. */
  queueMembers: (tenant: Territory) => Promise<readonly QueueMember[]>;
}

// Facts of no queue, team or agent: whoever may see only some of these may not see them.
const UNSCOPED: ReadonlySet<FactId> = new Set<FactId>([
  'call_metrics.start',
  'call_metrics.level',
  'call_metrics.ivr',
  'call_metrics.cai',
  'system_metrics.trunk',
  'system_metrics.api',
  'system_metrics.admin',
  'system_metrics.ingest',
  'system_metrics.source',
]);

const ON_QUEUE: ReadonlySet<FactId> = new Set<FactId>([
  'queue_metrics.join',
  'queue_metrics.visit',
  'queue_metrics.resume',
  'queue_metrics.level',
  'call_metrics.call',
  'call_metrics.event',
  'agent_metrics.handle',
  'agent_metrics.acw',
]);
const ON_TEAM: ReadonlySet<FactId> = new Set<FactId>([
  'agent_metrics.slice',
  'agent_metrics.level',
  'agent_metrics.handle',
  'agent_metrics.acw',
]);
const ON_AGENT: ReadonlySet<FactId> = new Set<FactId>([
  'agent_metrics.slice',
  'agent_metrics.handle',
  'agent_metrics.acw',
  'call_metrics.call',
]);

/** Whether the levels of agents cannot express a scope, so that agents must be counted from their open slices. */
export function needsOpenSlices(fact: FactId, scope: RowScope | undefined): boolean {
  return fact === 'agent_metrics.level' && (scope?.agents !== undefined || scope?.queues !== undefined);
}

/**
 * The conditions that a row scope puts on a fact's rows; each key limits on its own. Slices belong to the queues that their
 * agent served when they began; with `atMs` to those that are served at that instant, whenever they began.
 */
export async function scopeOf(
  fact: FactId,
  scope: RowScope | undefined,
  territoryId: number,
  directory: AgentDirectory,
  atMs?: number,
): Promise<Membership[]> {
  if (scope === undefined || (scope.queues ?? scope.teams ?? scope.agents) === undefined) return [];
  if (UNSCOPED.has(fact)) {
    const { name } = factDefinition(fact);
    throw new QueryRefusal(
      'out_of_scope',
      `Facts "${name}" belong to no queue, team or agent; your access is limited to some of these.`,
    );
  }
  const tenant = { territoryId };
  const limits: Membership[] = [];
  const limit = (column: string, values: readonly string[]): void => {
    limits.push({ column, values: [...new Set(values)].sort(), negated: false });
  };
  const { queues, teams, agents } = scope;
  if (queues !== undefined && ON_QUEUE.has(fact)) limit('queue_id', queues);
  if (queues !== undefined && fact === 'agent_metrics.slice') {
    const members = await directory.queueMembers(tenant);
    if (atMs === undefined) limits.push(servedBy(members, queues));
    else limit('agent_id', servingAt(members, queues, atMs));
  }
  if (teams !== undefined && ON_TEAM.has(fact)) limit('team_id', teams);
  if (teams !== undefined && fact === 'call_metrics.call')
    limit('agent_id', await directory.agentsOfTeams(tenant, teams));
  if (agents !== undefined && ON_AGENT.has(fact)) limit('agent_id', agents);
  return limits;
}

/** Names a scope: lists are sets, and no limit is not the same as nothing. */
export function scopeKey(scope: RowScope | undefined): string {
  if (scope === undefined) return 'all';
  const sets = Object.entries(scope).map(([name, ids]: [string, readonly string[]]) => [
    name,
    [...new Set(ids)].sort(),
  ]);
  return canonical(Object.fromEntries(sets));
}
