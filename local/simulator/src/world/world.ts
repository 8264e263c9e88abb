import type { Population, PopulationQueue } from '../population.ts';
import { Agenda } from './agenda.ts';
import { DailyShape } from './daily-shape.ts';
import type { AgentState, Direction, Ledger, StateRecord, StayRecord, VisitRecord } from './ledger.ts';
import { emptyLedger } from './ledger.ts';
import { Random } from './random.ts';
import { Wire } from './wire.ts';

/** The kinds of snapshot that a forwarder sends. */
export type SnapshotKind = 'queue' | 'agent' | 'call' | 'trunk';

export interface TrunkLine {
  readonly id: string;
  readonly capacity: number;
  busy: number;
}

export interface Call {
  readonly id: string;
  readonly direction: Direction;
  readonly trunk: TrunkLine;
  readonly callerNumber: string;
  readonly startMs: number;
  channelAnsweredMs: number | null;
  queueAnsweredMs: number | null;
  lastQueueId: string | null;
  lastAgentId: string | null;
  cancelReason: string | null;
  memberUuid: string | null;
  holdMs: number;
  transfers: number;
}

export interface Agent {
  readonly id: string;
  readonly teamId: string;
  readonly queueIds: readonly string[];
  state: AgentState;
  sinceMs: number;
  record: StateRecord;
  /** Whom this agent's phone is ringing for; a new object for each attempt. */
  offer: Offer | null;
  /** The answered call that this agent's phone is on. */
  leg: AgentLeg | null;
  /** Where the planner wants the agent to go once the contact is over. */
  wanted: 'away' | 'offline' | null;
}

/** The agent's side of an answered call. */
export interface AgentLeg {
  readonly id: string;
  readonly call: Call;
  readonly createdMs: number;
}

/** One attempt to connect a member to an agent. */
export interface Offer {
  readonly member: Member;
  readonly agent: Agent;
  readonly legId: string;
  readonly calledMs: number;
}

export interface Member {
  readonly uuid: string;
  readonly queueId: string;
  /** Kept over a resume, whole seconds. */
  readonly firstJoinedMs: number;
  /** A new one after each resume. */
  call: Call;
  phase: 'waiting' | 'offered' | 'bridging' | 'left';
  stay: StayRecord;
  offer: Offer | null;
  /** The last leave, so that a resume can undo it. */
  visit: VisitRecord | null;
}

export interface QueueLine extends PopulationQueue {
  readonly weight: number;
  /** Everyone in the queue, answered-in-this-instant callers included, oldest first. */
  members: Member[];
  /** Who left lately: mod_callcenter keeps them on its list for a while. */
  former: Member[];
}

export interface WorldOptions {
  readonly population: Population;
  readonly seed: number;
  /** The world begins here, warm; what is sent begins at `startMs`. */
  readonly worldStartMs: number;
  readonly startMs: number;
  /** Calls per second at an ordinary hour. */
  readonly callsPerSecond: number;
  /** Share of the ordinary staff that these calls need. */
  readonly staffScale: number;
  /** Below 1 when the rate is beyond what the agents can serve with ordinary talk times. */
  readonly durationScale: number;
  readonly snapshotIntervalMs: number;
  /**
   * A forwarder stands between switch and collector: it takes the snapshots of queues, calls and trunks itself, and it
   * knows what a returning caller undoes.
   */
  readonly hasForwarder: boolean;
  /** Leaves out raw events that no metric needs. */
  readonly isLean: boolean;
  /** Keeps the ledger that the truth is counted from; a live run would only grow. */
  readonly isRecording: boolean;
  readonly isLost: (kind: SnapshotKind, atMs: number) => boolean;
}

const CONCERNS = ['arrivals', 'ivr', 'queue', 'talk', 'presence', 'outbound', 'sampling', 'platform', 'ids'] as const;

type Concern = (typeof CONCERNS)[number];

/** One territory's contact centre: its state, its future, its record and its wire to the outside. */
export interface World {
  readonly options: WorldOptions;
  readonly population: Population;
  readonly agenda: Agenda;
  readonly shape: DailyShape;
  readonly random: Readonly<Record<Concern, Random>>;
  readonly ledger: Ledger;
  readonly wire: Wire;
  readonly queues: ReadonlyMap<string, QueueLine>;
  readonly agents: readonly Agent[];
  readonly trunks: readonly TrunkLine[];
  readonly calls: Set<Call>;
}

/** Relative calls per queue, in the population's order: the two pools of agents get about half each. */
const QUEUE_WEIGHTS: readonly number[] = [0.22, 0.22, 0.2, 0.14, 0.06, 0.16];

const agentAtStart = (
  person: Population['agents'][number],
  options: WorldOptions,
  random: Random,
  share: number,
): Agent => {
  const isIn = random.isHit(share);
  const state: AgentState = isIn ? 'available' : 'offline';
  const sinceMs = options.worldStartMs - random.int(60_000, 5_400_000);
  return {
    id: person.id,
    teamId: person.teamId,
    queueIds: person.queueIds,
    state,
    sinceMs,
    record: { agentId: person.id, teamId: person.teamId, state, fromMs: sinceMs, toMs: Infinity },
    offer: null,
    leg: null,
    wanted: null,
  };
};

/** A contact centre at rest, agents already logged in. */
export const createWorld = (options: WorldOptions): World => {
  const { population } = options;
  const seedText = `${String(options.seed)}:${String(options.worldStartMs)}:${String(population.territoryId)}`;
  const random = Object.fromEntries(
    CONCERNS.map((concern) => [concern, new Random(`${seedText}:${concern}`)]),
  ) as Record<Concern, Random>;
  const agenda = new Agenda(options.worldStartMs);
  const shape = new DailyShape(population.timeZone);
  const ledger = emptyLedger(population.territoryId);
  const share = shape.staffShare(options.worldStartMs) * options.staffScale;
  const agents = population.agents.map((person) => agentAtStart(person, options, random.presence, share));
  if (options.isRecording) ledger.states.push(...agents.map((agent) => agent.record));
  return {
    options,
    population,
    agenda,
    shape,
    random,
    ledger,
    wire: new Wire({
      territoryId: population.territoryId,
      regionId: population.regionId,
      startMs: options.startMs,
      isLean: options.isLean,
      coreUuid: random.ids.uuid(),
    }),
    queues: new Map(
      population.queues.map((queue, index) => [
        queue.id,
        { ...queue, weight: QUEUE_WEIGHTS[index] ?? 0.1, members: [], former: [] },
      ]),
    ),
    agents,
    trunks: population.trunks.map(({ id, capacity }) => ({ id, capacity, busy: 0 })),
    calls: new Set(),
  };
};

/** The queue of an id; every id in the world comes from its population. */
export const queueOf = (world: World, queueId: string): QueueLine => {
  const queue = world.queues.get(queueId);
  if (queue === undefined) throw new Error(`queue_unknown: ${queueId} is not in the population`);
  return queue;
};
