import { rfc3339, sendEnvelope } from '../emit/envelope.ts';
import type { EnvelopeSource } from '../emit/envelope.ts';
import type { AgentState } from './ledger.ts';
import type { Agent, World } from './world.ts';

/** Who reports a change of state: presence comes from the platform, the rest from the switch's forwarder. */
const sourceOf = (state: AgentState): EnvelopeSource =>
  state === 'away' || state === 'offline' ? 'platform' : 'freeswitch';

/** Closes the agent's interval and opens the next, telling both. */
export const changeState = (world: World, agent: Agent, state: AgentState, atMs: number): void => {
  const previous = { state: agent.state, since: rfc3339(agent.sinceMs) };
  agent.record.toMs = atMs;
  agent.record = { agentId: agent.id, teamId: agent.teamId, state, fromMs: atMs, toMs: Infinity };
  agent.state = state;
  agent.sinceMs = atMs;
  if (world.options.isRecording) world.ledger.states.push(agent.record);
  sendEnvelope(world, {
    source: sourceOf(state),
    type: 'AGENT_STATE',
    about: `${agent.id}:${String(atMs)}:${state}`,
    atMs,
    fields: { agentId: agent.id, teamId: agent.teamId, state, since: rfc3339(atMs), previous },
  });
};

/** Whether a call may ring this agent now. */
export const isFree = (agent: Agent): boolean =>
  agent.state === 'available' && agent.offer === null && agent.wanted === null;

/** The free agent who has been idle longest, of those that serve a queue. */
export const longestIdle = (world: World, queueId: string): Agent | null => {
  let best: Agent | null = null;
  for (const agent of world.agents) {
    if (!isFree(agent) || !agent.queueIds.includes(queueId)) continue;
    if (best === null || agent.sinceMs < best.sinceMs) best = agent;
  }
  return best;
};

/** Whether anybody who serves a queue is logged in. */
export const isStaffed = (world: World, queueId: string): boolean =>
  world.agents.some((agent) => agent.state !== 'offline' && agent.queueIds.includes(queueId));

/** After a contact, an offer or a break: does what the planner asked for, else makes the agent available. */
export const settle = (world: World, agent: Agent, atMs: number): void => {
  const next = agent.wanted ?? 'available';
  agent.wanted = null;
  if (agent.state !== next) changeState(world, agent, next, atMs);
};
