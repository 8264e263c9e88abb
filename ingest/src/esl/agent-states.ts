import type { AgentState } from '@lumina/contracts';

/** What is known of an agent: the words of the switch, the state they mean, and since when. */
export interface AgentRecord {
  readonly status: string | undefined;
  readonly routing: string | undefined;
  readonly state: AgentState | undefined;
  /** Epoch ms; stamped once, when the state began. */
  readonly sinceMs: number;
  /** When the switch last told the status and the routing state, epoch ms of its clock. */
  readonly statusMs: number;
  readonly routingMs: number;
}

/** A state that began; `previous` is the one that it ended. */
export interface AgentTransition {
  readonly agentId: string;
  readonly state: AgentState;
  readonly sinceMs: number;
  readonly previous: { readonly state: AgentState; readonly sinceMs: number } | null;
}

/** An agent as `callcenter_config agent list` has it; times in epoch ms, undefined for never. */
export interface ListedAgent {
  readonly agentId: string;
  readonly status: string;
  readonly routing: string;
  readonly statusChangedMs: number | undefined;
  readonly bridgeStartedMs: number | undefined;
  readonly bridgeEndedMs: number | undefined;
}

const MS_PER_SECOND = 1000;
/** The lists tell whole seconds, so what they say may lie that much before what an event said. */
const LIST_PRECISION_MS = MS_PER_SECOND;

/**
 * The state that status and routing state mean. Logging out wins over a call that still goes on; a call over a break;
 * an agent whose telephone rings is still available.
 */
export function effectiveState(status: string | undefined, routing: string | undefined): AgentState | undefined {
  if (status === 'Logged Out') return 'offline';
  if (routing === 'In a queue call') return 'on_contact';
  if (status === 'On Break') return 'away';
  return status?.startsWith('Available') === true ? 'available' : undefined;
}

function heardMs({ statusMs, routingMs }: AgentRecord): number {
  return Math.max(statusMs, routingMs);
}

function listedSinceMs(state: AgentState, agent: ListedAgent): number | undefined {
  if (state === 'on_contact') return agent.bridgeStartedMs;
  if (state !== 'available') return agent.statusChangedMs;
  const times = [agent.statusChangedMs, agent.bridgeEndedMs].filter((time) => time !== undefined);
  return times.length === 0 ? undefined : Math.max(...times);
}

/** The states of all agents of a switch. It owns `since`: every interval is stamped here, once. */
export class AgentStates {
  private readonly agents: Map<string, AgentRecord>;
  private readonly onChange: (agentId: string, record: AgentRecord | undefined) => void;
  /** Agents whose row in the last list differed from what events said; a second such list is believed. */
  private doubted = new Set<string>();

  /** `onChange` is told of every change before the transition is returned, so that it can be kept first. */
  constructor(
    known: ReadonlyMap<string, AgentRecord>,
    onChange: (agentId: string, record: AgentRecord | undefined) => void,
  ) {
    this.agents = new Map(known);
    this.onChange = onChange;
  }

  get(agentId: string): AgentRecord | undefined {
    return this.agents.get(agentId);
  }

  get size(): number {
    return this.agents.size;
  }

  /**
   * An event told a new status or routing state; returns the transition that it makes, if it makes one. An event told
   * again, or overtaken by a newer one, makes none.
   */
  hear(agentId: string, change: { status?: string; routing?: string }, atMs: number): AgentTransition | undefined {
    const before = this.agents.get(agentId);
    const { status, routing } = change;
    const isNewStatus = status !== undefined && atMs >= (before?.statusMs ?? 0);
    const isNewRouting = routing !== undefined && atMs >= (before?.routingMs ?? 0);
    if (!isNewStatus && !isNewRouting) return undefined;
    this.doubted.delete(agentId);
    const words = {
      status: isNewStatus ? status : before?.status,
      routing: isNewRouting ? routing : before?.routing,
      statusMs: isNewStatus ? atMs : (before?.statusMs ?? 0),
      routingMs: isNewRouting ? atMs : (before?.routingMs ?? 0),
    };
    return this.settle(agentId, before, words, atMs);
  }

  /**
   * A whole list arrived, taken at `atMs`. With `isFirst`, the first of a connection, what differs was missed and
   * is made up for, `since` from the seconds that the list tells; else a difference is believed when a second list
   * still has it: the event that tells it exactly is usually just behind.
   */
  reconcile(list: readonly ListedAgent[], atMs: number, isFirst: boolean): AgentTransition[] {
    const transitions: AgentTransition[] = [];
    const doubted = new Set<string>();
    for (const agent of list) {
      const before = this.agents.get(agent.agentId);
      if (before !== undefined && heardMs(before) > atMs) continue;
      const state = effectiveState(agent.status, agent.routing);
      const isBelieved = isFirst || before?.state === undefined || this.doubted.has(agent.agentId);
      if (before !== undefined && before.state !== state && !isBelieved) {
        doubted.add(agent.agentId);
        continue;
      }
      transitions.push(...this.adopt(agent, before, atMs, isFirst));
    }
    const listed = new Set(list.map(({ agentId }) => agentId));
    for (const [agentId, record] of this.agents) {
      if (listed.has(agentId) || heardMs(record) > atMs) continue;
      if (!isFirst && !this.doubted.has(agentId)) doubted.add(agentId);
      else transitions.push(...this.remove(agentId, record, atMs));
    }
    this.doubted = doubted;
    return transitions;
  }

  private adopt(
    agent: ListedAgent,
    before: AgentRecord | undefined,
    atMs: number,
    isFirst: boolean,
  ): AgentTransition[] {
    const { agentId, status, routing } = agent;
    const state = effectiveState(status, routing);
    if (state === undefined) return [];
    const transitions: AgentTransition[] = [];
    // What the list tells is as old as the list: an event from before it has nothing to add.
    const words = { status, routing, statusMs: atMs, routingMs: atMs };
    const missedMs = isFirst ? this.missedContactMs(agent, before, state) : undefined;
    if (missedMs !== undefined) {
      const missed = this.settle(agentId, before, { ...words, routing: 'In a queue call' }, missedMs);
      if (missed !== undefined) transitions.push(missed);
    }
    const last = this.agents.get(agentId);
    const floorMs = last?.state === undefined ? 0 : last.sinceMs;
    const listedMs = listedSinceMs(state, agent);
    const isPlausible = listedMs !== undefined && listedMs >= floorMs - LIST_PRECISION_MS;
    const sinceMs = isPlausible ? Math.min(Math.max(listedMs, floorMs), atMs) : atMs;
    const transition = this.settle(agentId, last, words, sinceMs);
    if (transition !== undefined) transitions.push(transition);
    return transitions;
  }

  /** An agent who was and is available may have had a contact while nobody listened: when its last one began. */
  private missedContactMs(agent: ListedAgent, before: AgentRecord | undefined, state: AgentState): number | undefined {
    const { bridgeStartedMs, bridgeEndedMs } = agent;
    if (before?.state !== 'available' || state !== 'available') return undefined;
    if (bridgeStartedMs === undefined || bridgeEndedMs === undefined) return undefined;
    const isMissed = bridgeStartedMs > before.sinceMs && bridgeEndedMs >= bridgeStartedMs;
    return isMissed ? bridgeStartedMs : undefined;
  }

  private remove(agentId: string, record: AgentRecord, atMs: number): AgentTransition[] {
    const gone = this.settle(agentId, record, { ...record, status: 'Logged Out' }, atMs);
    this.agents.delete(agentId);
    this.onChange(agentId, undefined);
    return gone === undefined ? [] : [gone];
  }

  private settle(
    agentId: string,
    before: AgentRecord | undefined,
    words: Omit<AgentRecord, 'state' | 'sinceMs'>,
    sinceMs: number,
  ): AgentTransition | undefined {
    const state = effectiveState(words.status, words.routing) ?? before?.state;
    const isNew = state !== before?.state;
    // An interval never begins before the one that it ends.
    const startMs = isNew
      ? Math.max(sinceMs, before?.state === undefined ? 0 : before.sinceMs)
      : (before?.sinceMs ?? sinceMs);
    const { status, routing, statusMs, routingMs } = words;
    const record = { status, routing, statusMs, routingMs, state, sinceMs: startMs };
    this.agents.set(agentId, record);
    const isSame = before !== undefined && before.status === status && before.routing === routing;
    if (isNew || !isSame) this.onChange(agentId, record);
    if (state === undefined || !isNew) return undefined;
    const previous = before?.state === undefined ? null : { state: before.state, sinceMs: before.sinceMs };
    return { agentId, state, sinceMs: startMs, previous };
  }
}
