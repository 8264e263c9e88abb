import type { AgentState } from '../events.ts';
import type { FactId } from '../facts.ts';

/**
 * A part: one additive integer, read from one kind of fact. Parts are what is stored, cached, folded and merged;
 * metrics are computed from them last.
 */
export interface PartDefinition {
  readonly fact: FactId;
  /** The measure that is summed (or sampled, for levels). */
  readonly column: string;
  /** A second measure it is multiplied by, row by row, before summing. */
  readonly times?: string;
  /** Only rows where this measure equals the value count. */
  readonly where?: { readonly column: string; readonly equals: number | string };
  /** For slices of agent state: the state whose time is summed. */
  readonly state?: AgentState;
}

/** Every part of the catalogue. Rows with `claim` = 1 and beat rows never count. */
export const PARTS = {
  'call.n': { fact: 'call_metrics.call', column: 'n' },
  'call.answered': { fact: 'call_metrics.call', column: 'answered' },
  'call.abandoned': { fact: 'call_metrics.call', column: 'abandoned' },
  'call.dur_ms': { fact: 'call_metrics.call', column: 'dur_ms' },
  'call.talk_ms': { fact: 'call_metrics.call', column: 'talk_ms' },
  'call.wait_ms_answered': { fact: 'call_metrics.call', column: 'wait_ms', where: { column: 'answered', equals: 1 } },
  'call.transfer_events': { fact: 'call_metrics.event', column: 'n', where: { column: 'type', equals: 'TRANSFER' } },
  'call.level': { fact: 'call_metrics.level', column: 'in_progress' },
  'ivr.n': { fact: 'call_metrics.ivr', column: 'n' },
  'cai.n': { fact: 'call_metrics.cai', column: 'n' },
  'cai.contained': { fact: 'call_metrics.cai', column: 'contained' },
  'join.n': { fact: 'queue_metrics.join', column: 'n' },
  'resume.n': { fact: 'queue_metrics.resume', column: 'n' },
  'visit.left': { fact: 'queue_metrics.visit', column: 'n' },
  'visit.n': { fact: 'queue_metrics.visit', column: 'n', where: { column: 'resumed', equals: 0 } },
  'visit.wait_ms': { fact: 'queue_metrics.visit', column: 'wait_ms', where: { column: 'resumed', equals: 0 } },
  'visit.answered': { fact: 'queue_metrics.visit', column: 'answered' },
  'visit.answered_wait_ms': {
    fact: 'queue_metrics.visit',
    column: 'wait_ms',
    where: { column: 'answered', equals: 1 },
  },
  'visit.abandoned': { fact: 'queue_metrics.visit', column: 'abandoned' },
  'visit.flowout': { fact: 'queue_metrics.visit', column: 'flowout' },
  'queue.level': { fact: 'queue_metrics.level', column: 'depth' },
  'queue.oldest': { fact: 'queue_metrics.level', column: 'oldest_join_ms' },
  'agent.available_ms': { fact: 'agent_metrics.slice', column: 'ms', state: 'available' },
  'agent.on_contact_ms': { fact: 'agent_metrics.slice', column: 'ms', state: 'on_contact' },
  'agent.acw_ms': { fact: 'agent_metrics.slice', column: 'ms', state: 'acw' },
  'agent.away_ms': { fact: 'agent_metrics.slice', column: 'ms', state: 'away' },
  'agent.level_available': { fact: 'agent_metrics.level', column: 'available' },
  'agent.level_on_contact': { fact: 'agent_metrics.level', column: 'on_contact' },
  'agent.level_acw': { fact: 'agent_metrics.level', column: 'acw' },
  'agent.level_away': { fact: 'agent_metrics.level', column: 'away' },
  'agent.level_staffed': { fact: 'agent_metrics.level', column: 'staffed' },
  'handle.n': { fact: 'agent_metrics.handle', column: 'n' },
  'handle.talk_ms': { fact: 'agent_metrics.handle', column: 'talk_ms' },
  'handle.hold_ms': { fact: 'agent_metrics.handle', column: 'hold_ms' },
  'acw.n': { fact: 'agent_metrics.acw', column: 'n' },
  'acw.acw_ms': { fact: 'agent_metrics.acw', column: 'acw_ms' },
  'trunk.busy_ms': { fact: 'system_metrics.trunk', column: 'busy', times: 'interval_ms' },
  'trunk.capacity_ms': { fact: 'system_metrics.trunk', column: 'capacity', times: 'interval_ms' },
  'api.n': { fact: 'system_metrics.api', column: 'n' },
  'api.errors': { fact: 'system_metrics.api', column: 'errors' },
  'api.lat_sum_ms': { fact: 'system_metrics.api', column: 'lat_sum_ms' },
  'ingest.lag_ms': { fact: 'system_metrics.ingest', column: 'lag_ms' },
} as const satisfies Record<string, PartDefinition>;

/** Id of a part. */
export type PartId = keyof typeof PARTS;

/** The definition of a part. */
export function partDefinition(id: PartId): PartDefinition {
  return PARTS[id];
}
