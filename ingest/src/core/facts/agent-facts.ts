import {
  BEAT_SERIES,
  SLICE_CUT_MS,
  type AgentAcw,
  type AgentHandle,
  type AgentSnapshot,
  type AgentState,
  type AgentStateChange,
  type Fact,
  type LuminaEvent,
} from '@lumina/contracts';

import { epochMsOf } from '../instants.ts';
import { hashedFact, keyedFact, slotOf, versionOf } from './build.ts';

const MINUTE_MS = 60_000;
/** For so long after a quarter, snapshots complete the slice before it too, in case the last one was lost. */
const COMPLETION_MS = 300_000;

interface Interval {
  readonly agentId: string;
  readonly teamId: string;
  readonly state: AgentState;
}

function quarterOf(ms: number): number {
  return Math.floor(ms / SLICE_CUT_MS) * SLICE_CUT_MS;
}

function slice(event: LuminaEvent, of: Interval, startMs: number, ms: number): Fact {
  return keyedFact(event, {
    id: 'agent_metrics.slice',
    timeMs: startMs,
    // The longest known length of a slice wins.
    version: ms + 1,
    dimensions: { agent_id: of.agentId, state: of.state },
    measures: { ms, team_id: of.teamId },
  });
}

/** All slices of a state held from `fromMs` to `toMs`, cut at UTC quarter hours. */
function closedSlices(event: LuminaEvent, of: Interval, fromMs: number, toMs: number): Fact[] {
  if (of.state === 'offline') return [];
  if (fromMs === toMs) return [slice(event, of, fromMs, 0)];
  const slices: Fact[] = [];
  for (let startMs = fromMs; startMs < toMs;) {
    const endMs = Math.min(toMs, quarterOf(startMs) + SLICE_CUT_MS);
    slices.push(slice(event, of, startMs, endMs - startMs));
    startMs = endMs;
  }
  return slices;
}

/** Closes the state before, and opens the new one. */
export function agentStateFacts(event: AgentStateChange): Fact[] {
  const { agentId, teamId, state, previous } = event;
  const sinceMs = epochMsOf(event.since);
  const closed =
    previous === null
      ? []
      : closedSlices(event, { agentId, teamId, state: previous.state }, epochMsOf(previous.since), sinceMs);
  return state === 'offline' ? closed : [...closed, slice(event, { agentId, teamId, state }, sinceMs, 0)];
}

function isFirstSlotOfMinute(slotMs: number, intervalMs: number): boolean {
  return slotMs % MINUTE_MS < intervalMs;
}

/** Extends the open slice of one agent up to the snapshot. */
function extendedSlices(event: AgentSnapshot, agent: AgentSnapshot['agents'][number], atMs: number): Fact[] {
  const sinceMs = epochMsOf(agent.since);
  if (agent.state === 'offline' || sinceMs > atMs) return [];
  const quarterMs = quarterOf(atMs);
  const startMs = Math.max(sinceMs, quarterMs);
  const open = slice(event, agent, startMs, atMs - startMs);
  if (atMs - quarterMs >= COMPLETION_MS || sinceMs >= quarterMs) return [open];
  const beforeMs = Math.max(sinceMs, quarterMs - SLICE_CUT_MS);
  return [slice(event, agent, beforeMs, quarterMs - beforeMs), open];
}

interface TeamLevel {
  available: number;
  on_contact: number;
  acw: number;
  away: number;
  staffed: number;
}

function teamLevels(agents: AgentSnapshot['agents']): Map<string, TeamLevel> {
  const levels = new Map<string, TeamLevel>();
  for (const { teamId, state } of agents) {
    const level = levels.get(teamId) ?? { available: 0, on_contact: 0, acw: 0, away: 0, staffed: 0 };
    if (state !== 'offline') {
      level[state] += 1;
      level.staffed += 1;
    }
    levels.set(teamId, level);
  }
  return levels;
}

/** `level` of each team and the beat; once a minute also the open slices. */
export function agentSnapshotFacts(event: AgentSnapshot): Fact[] {
  const { part, intervalMs: interval_ms } = event;
  const at_ms = epochMsOf(event.time);
  const { timeMs, version } = slotOf(at_ms, interval_ms);
  const row = (team_id: string, measures: Fact['measures']): Fact =>
    keyedFact(event, { id: 'agent_metrics.level', timeMs, version, dimensions: { team_id, part }, measures });
  const facts: Fact[] = [];
  for (const [teamId, level] of teamLevels(event.agents)) facts.push(row(teamId, { ...level, at_ms, interval_ms }));
  facts.push(row(BEAT_SERIES, { at_ms, interval_ms }));
  if (!isFirstSlotOfMinute(timeMs, interval_ms)) return facts;
  for (const agent of event.agents) facts.push(...extendedSlices(event, agent, at_ms));
  return facts;
}

/** `handle`: an agent finished a contact. */
export function agentHandleFacts(event: AgentHandle): Fact[] {
  return [
    hashedFact(event, {
      id: 'agent_metrics.handle',
      timeMs: epochMsOf(event.time),
      version: versionOf(event),
      dimensions: { agent_id: event.agentId, team_id: event.teamId, queue_id: event.queueId },
      measures: { n: 1, talk_ms: event.talkMs, hold_ms: event.holdMs, eid: event.contactId },
    }),
  ];
}

/** `acw`: work after a contact, kept at the end of that contact. */
export function agentAcwFacts(event: AgentAcw): Fact[] {
  return [
    hashedFact(event, {
      id: 'agent_metrics.acw',
      timeMs: epochMsOf(event.contactEnd),
      version: versionOf(event),
      dimensions: { agent_id: event.agentId, team_id: event.teamId, queue_id: event.queueId },
      measures: { n: 1, acw_ms: event.acwMs, eid: event.contactId },
    }),
  ];
}
