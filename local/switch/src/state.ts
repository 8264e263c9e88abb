/** A queue of mod_callcenter, as its configuration has it. */
export interface QueueRow {
  /** `name` or `name@domain`. */
  readonly name: string;
  readonly strategy?: string;
  /** Seconds for which an abandoned caller may come back to the old place. */
  readonly discardAbandonedAfterS?: number;
  readonly isAbandonedResumeAllowed?: boolean;
  readonly maxWaitTimeS?: number;
  readonly answered?: number;
  readonly abandoned?: number;
}

/** What a member of a queue is doing; abandoned ones stay on the list until they are discarded. */
export type MemberState = 'Waiting' | 'Trying' | 'Answered' | 'Abandoned';

/** A caller in a queue. Epochs are whole seconds; 0 stands for never. */
export interface MemberRow {
  readonly queue: string;
  readonly uuid: string;
  readonly sessionUuid: string;
  readonly callerNumber: string;
  readonly callerName: string;
  readonly joinedEpoch: number;
  readonly rejoinedEpoch?: number;
  readonly bridgeEpoch?: number;
  readonly abandonedEpoch?: number;
  readonly servingAgent?: string;
  readonly state: MemberState;
}

/** An agent of mod_callcenter. */
export interface AgentRow {
  readonly name: string;
  readonly status: 'Available' | 'Available (On Demand)' | 'On Break' | 'Logged Out';
  readonly state: 'Waiting' | 'Receiving' | 'In a queue call' | 'Idle' | 'Reserved';
  readonly contact?: string;
  readonly lastStatusChangeEpoch?: number;
  readonly lastBridgeStartEpoch?: number;
  readonly lastBridgeEndEpoch?: number;
}

/** A leg. */
export interface ChannelRow {
  readonly uuid: string;
  readonly callUuid: string;
  readonly direction: 'inbound' | 'outbound';
  readonly createdMs: number;
  /** Such as `sofia/gateway/tr_1/+4420…`. */
  readonly name: string;
  readonly isAnswered: boolean;
  readonly callerNumber: string;
  readonly callerName: string;
  readonly destination: string;
}

/** What a switch can be asked about, at the instant of the asking. */
export interface SwitchState {
  queues(): readonly QueueRow[];
  /** The members of one queue, or of all. */
  members(queue: string | undefined): readonly MemberRow[];
  agents(): readonly AgentRow[];
  channels(): readonly ChannelRow[];
}

/** A switch with nothing on it. */
export const idleState: SwitchState = { queues: () => [], members: () => [], agents: () => [], channels: () => [] };
