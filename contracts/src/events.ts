/** States of an agent. */
export const AGENT_STATES = ['available', 'on_contact', 'acw', 'away', 'offline'] as const;
/** One state of an agent. */
export type AgentState = (typeof AGENT_STATES)[number];

/** How a visit to a queue can end. */
export const QUEUE_OUTCOMES = ['answered', 'abandoned', 'timeout', 'no_agent', 'key', 'overflow', 'callback'] as const;
/** How one visit ended. */
export type QueueOutcome = (typeof QUEUE_OUTCOMES)[number];

/** Outcomes that count as flow-outs: the caller left the queue by its rules, not by giving up. */
export const FLOWOUT_OUTCOMES = ['timeout', 'no_agent', 'key', 'overflow', 'callback'] as const;

/** How a call can end. */
export const CALL_OUTCOMES = ['answered', 'abandoned', 'no_answer', 'busy', 'failed'] as const;
/** How one call ended. */
export type CallOutcome = (typeof CALL_OUTCOMES)[number];

/** Directions of a call. */
export const CALL_DIRECTIONS = ['inbound', 'outbound', 'internal'] as const;
/** Direction of one call. */
export type CallDirection = (typeof CALL_DIRECTIONS)[number];

/** Who sends events. */
export const EVENT_SOURCES = ['freeswitch', 'fsxinetd', 'platform', 'cai'] as const;
/** One source of events. */
export type EventSource = (typeof EVENT_SOURCES)[number];

/** Every event type, with the sources that may send it. */
export const EVENT_TYPES = {
  CALL_START: ['freeswitch'],
  CALL_ANSWER: ['freeswitch'],
  CALL_END: ['freeswitch'],
  TRANSFER: ['freeswitch'],
  HOLD: ['freeswitch'],
  UNHOLD: ['freeswitch'],
  DTMF: ['freeswitch'],
  QUEUE_JOIN: ['freeswitch'],
  QUEUE_LEAVE: ['freeswitch'],
  QUEUE_UNANSWER: ['freeswitch'],
  QUEUE_RESUME: ['freeswitch'],
  AGENT_STATE: ['freeswitch', 'platform'],
  AGENT_HANDLE: ['freeswitch'],
  AGENT_ACW: ['freeswitch', 'platform'],
  QUEUE_SNAPSHOT: ['freeswitch'],
  AGENT_SNAPSHOT: ['freeswitch'],
  CALL_SNAPSHOT: ['freeswitch'],
  TRUNK_SNAPSHOT: ['freeswitch'],
  ROUTING_DECISION: ['fsxinetd'],
  IVR_INTERACTION: ['fsxinetd'],
  CONFIG_CHANGE: ['platform'],
  USER_ACTION: ['platform'],
  API_SAMPLE: ['platform'],
  CAI_CONVERSATION: ['cai'],
} as const satisfies Record<string, readonly EventSource[]>;
/** Type of one event. */
export type EventType = keyof typeof EVENT_TYPES;

export type {
  AgentAcw,
  AgentHandle,
  AgentSnapshot,
  AgentStateChange,
  ApiSample,
  CaiConversation,
  CallAnswer,
  CallEnd,
  CallMark,
  CallSnapshot,
  CallStart,
  ConfigChange,
  EventEnvelope,
  IvrInteraction,
  LuminaEvent,
  OriginalCallEvent,
  QueueJoin,
  QueueLeave,
  QueueResume,
  QueueSnapshot,
  QueueUnanswer,
  RoutingDecision,
  TrunkSnapshot,
  UserAction,
} from './schemas/event.ts';
