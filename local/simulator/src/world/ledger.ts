/** The states of an agent, as the product names them. */
export type AgentState = 'available' | 'on_contact' | 'acw' | 'away' | 'offline';

export type Direction = 'inbound' | 'outbound';

export type VisitOutcome = 'answered' | 'abandoned' | 'timeout' | 'no_agent' | 'key' | 'callback';

/** A finished call. */
export interface CallRecord {
  readonly direction: Direction;
  readonly startMs: number;
  readonly endMs: number;
  readonly isAnswered: boolean;
  readonly isAbandoned: boolean;
}

/** One uninterrupted presence in a queue; a caller who comes back has a second one. */
export interface StayRecord {
  readonly queueId: string;
  readonly kind: 'join' | 'resume';
  readonly enteredMs: number;
  leftMs: number;
}

/** One end of a time in a queue, as it finally turned out. */
export interface VisitRecord {
  readonly queueId: string;
  readonly joinedMs: number;
  readonly leftMs: number;
  readonly outcome: VisitOutcome;
  /** The caller came back and was recognised: this abandon is undone. */
  isResumed: boolean;
}

/** One interval of an agent's state; the open one ends at Infinity. */
export interface StateRecord {
  readonly agentId: string;
  readonly teamId: string;
  readonly state: AgentState;
  readonly fromMs: number;
  toMs: number;
}

export interface HandleRecord {
  readonly agentId: string;
  readonly queueId: string;
  readonly contactEndMs: number;
  readonly talkMs: number;
}

export interface AcwRecord {
  readonly agentId: string;
  readonly queueId: string;
  readonly contactEndMs: number;
  readonly acwMs: number;
}

/** What a sampler saw, whether or not the snapshot was delivered. */
interface SampleRecord {
  readonly atMs: number;
  readonly isDelivered: boolean;
}

export interface QueueSample extends SampleRecord {
  readonly depths: ReadonlyMap<string, number>;
}

export interface TeamCounts {
  available: number;
  onContact: number;
  acw: number;
}

export interface AgentSample extends SampleRecord {
  readonly teams: ReadonlyMap<string, TeamCounts>;
}

export interface CallSample extends SampleRecord {
  readonly inProgress: Readonly<Record<Direction, number>>;
}

export interface TrunkSample extends SampleRecord {
  readonly intervalMs: number;
  readonly trunks: readonly { readonly trunkId: string; readonly busy: number; readonly capacity: number }[];
}

export interface ApiSample {
  readonly atMs: number;
  readonly service: string;
  readonly route: string;
  readonly requests: number;
  readonly errors: number;
  readonly latencySumMs: number;
}

/** Everything that happened in one world, from which the truth is counted by brute force. */
export interface Ledger {
  readonly territoryId: number;
  readonly calls: CallRecord[];
  readonly stays: StayRecord[];
  readonly visits: VisitRecord[];
  readonly states: StateRecord[];
  readonly handles: HandleRecord[];
  readonly acws: AcwRecord[];
  readonly queueSamples: QueueSample[];
  readonly agentSamples: AgentSample[];
  readonly callSamples: CallSample[];
  readonly trunkSamples: TrunkSample[];
  readonly apiSamples: ApiSample[];
}

export const emptyLedger = (territoryId: number): Ledger => ({
  territoryId,
  calls: [],
  stays: [],
  visits: [],
  states: [],
  handles: [],
  acws: [],
  queueSamples: [],
  agentSamples: [],
  callSamples: [],
  trunkSamples: [],
  apiSamples: [],
});
