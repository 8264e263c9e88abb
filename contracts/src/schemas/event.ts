import Type from 'typebox';

import {
  AGENT_STATES,
  CALL_DIRECTIONS,
  CALL_OUTCOMES,
  EVENT_SOURCES,
  QUEUE_OUTCOMES,
  type EventType,
} from '../events.ts';
import { LATENCY_BUCKET_COUNT } from '../latency-buckets.ts';
import { DirectoryFieldsSchema } from './directory-fields.ts';
import { IdSchema, MAX_ID_LENGTH } from './id.ts';

/** RFC 3339 date and time with an offset, milliseconds optional. */
export const InstantSchema = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?(Z|[+-]\\d{2}:\\d{2})$',
});
/** Far above any real count or duration in ms (11 days), and low enough that sums of millions stay exact. */
const MAX_COUNT = 1_000_000_000;
const Count = Type.Integer({ minimum: 0, maximum: MAX_COUNT });
const AgentStateSchema = Type.Enum([...AGENT_STATES]);
const DirectionSchema = Type.Enum([...CALL_DIRECTIONS]);
/** Positive ids come as numbers or decimal strings; 0 is the platform. */
const NumericId = Type.Union([
  Type.Integer({ minimum: 0, maximum: 2_147_483_647 }),
  Type.String({ pattern: '^(0|[1-9]\\d{0,9})$' }),
]);

/** What every event carries, whatever its type. */
export const EnvelopeSchema = Type.Object({
  v: Type.Literal(1),
  id: IdSchema,
  type: Type.String(),
  source: Type.Enum([...EVENT_SOURCES]),
  time: InstantSchema,
  territoryId: NumericId,
  regionId: NumericId,
  rev: Type.Optional(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })),
  void: Type.Optional(Type.Boolean()),
});
/** What every event carries. `rev` corrects, `void` takes back. */
export type EventEnvelope = Type.Static<typeof EnvelopeSchema>;

function event<const T extends EventType, F extends Type.TProperties>(type: T, fields: F) {
  return Type.Object({ ...EnvelopeSchema.properties, type: Type.Literal(type), ...fields });
}

const CallStartSchema = event('CALL_START', { callId: IdSchema, direction: DirectionSchema });
const CallAnswerSchema = event('CALL_ANSWER', { callId: IdSchema });
const CallEndSchema = event('CALL_END', {
  callId: IdSchema,
  direction: DirectionSchema,
  startedAt: InstantSchema,
  answeredAt: Type.Optional(InstantSchema),
  queueId: Type.Optional(IdSchema),
  agentId: Type.Optional(IdSchema),
  holdMs: Count,
  transfers: Count,
  outcome: Type.Enum([...CALL_OUTCOMES]),
});
const mark = { callId: IdSchema, queueId: Type.Optional(IdSchema) };
const TransferSchema = event('TRANSFER', mark);
const HoldSchema = event('HOLD', mark);
const UnholdSchema = event('UNHOLD', mark);
const DtmfSchema = event('DTMF', mark);
const RoutingDecisionSchema = event('ROUTING_DECISION', mark);

const QueueJoinSchema = event('QUEUE_JOIN', {
  visitId: IdSchema,
  stayId: IdSchema,
  queueId: IdSchema,
  callId: IdSchema,
});
const QueueLeaveSchema = event('QUEUE_LEAVE', {
  visitId: IdSchema,
  stayId: IdSchema,
  queueId: IdSchema,
  callId: IdSchema,
  joinedAt: InstantSchema,
  outcome: Type.Enum([...QUEUE_OUTCOMES]),
  agentId: Type.Optional(IdSchema),
});
const QueueUnanswerSchema = event('QUEUE_UNANSWER', {
  stayId: IdSchema,
  queueId: IdSchema,
  joinedAt: InstantSchema,
  answeredAt: InstantSchema,
  visitId: Type.Optional(IdSchema),
  callId: Type.Optional(IdSchema),
});
const QueueResumeSchema = event('QUEUE_RESUME', {
  visitId: IdSchema,
  queueId: IdSchema,
  callId: IdSchema,
  undoes: Type.Union([
    Type.Object({ stayId: IdSchema, time: InstantSchema, joinedAt: InstantSchema, callId: IdSchema }),
    Type.Null(),
  ]),
});

const AgentStateSchemaEvent = event('AGENT_STATE', {
  agentId: IdSchema,
  teamId: IdSchema,
  state: AgentStateSchema,
  since: InstantSchema,
  previous: Type.Union([Type.Object({ state: AgentStateSchema, since: InstantSchema }), Type.Null()]),
});
const AgentHandleSchema = event('AGENT_HANDLE', {
  contactId: IdSchema,
  agentId: IdSchema,
  teamId: IdSchema,
  queueId: IdSchema,
  startedAt: InstantSchema,
  talkMs: Count,
  holdMs: Count,
});
const AgentAcwSchema = event('AGENT_ACW', {
  contactId: IdSchema,
  contactEnd: InstantSchema,
  agentId: IdSchema,
  teamId: IdSchema,
  queueId: IdSchema,
  acwMs: Count,
});

const sampling = { part: IdSchema, intervalMs: Type.Integer({ minimum: 1_000, maximum: 3_600_000 }) };
const QueueSnapshotSchema = event('QUEUE_SNAPSHOT', {
  ...sampling,
  queues: Type.Array(Type.Object({ queueId: IdSchema, depth: Count, oldestJoinedAt: Type.Optional(InstantSchema) })),
});
const AgentSnapshotSchema = event('AGENT_SNAPSHOT', {
  ...sampling,
  agents: Type.Array(
    Type.Object({ agentId: IdSchema, teamId: IdSchema, state: AgentStateSchema, since: InstantSchema }),
  ),
});
const CallSnapshotSchema = event('CALL_SNAPSHOT', {
  ...sampling,
  directions: Type.Array(Type.Object({ direction: DirectionSchema, inProgress: Count })),
});
const TrunkSnapshotSchema = event('TRUNK_SNAPSHOT', {
  ...sampling,
  trunks: Type.Array(Type.Object({ trunkId: IdSchema, busy: Count, capacity: Count })),
});

const IvrInteractionSchema = event('IVR_INTERACTION', {
  flow: IdSchema,
  startedAt: InstantSchema,
  outcome: Type.String({ maxLength: MAX_ID_LENGTH }),
});
const ConfigChangeSchema = event('CONFIG_CHANGE', {
  /** `queue`, `agent`, `team` and `trunk` feed the directory; other entities are accepted and not kept. */
  entity: IdSchema,
  /** The id by which facts know the thing. */
  externalId: IdSchema,
  /** `created`, `updated`, `deleted`, or the fields that changed. */
  change: Type.Union([Type.String({ maxLength: MAX_ID_LENGTH }), DirectoryFieldsSchema]),
});
const UserActionSchema = event('USER_ACTION', { action: IdSchema });
const ApiSampleSchema = event('API_SAMPLE', {
  service: IdSchema,
  route: IdSchema,
  n: Count,
  errors: Count,
  latSumMs: Count,
  latMaxMs: Count,
  buckets: Type.Array(Count, { minItems: LATENCY_BUCKET_COUNT, maxItems: LATENCY_BUCKET_COUNT }),
});
const CaiConversationSchema = event('CAI_CONVERSATION', {
  startedAt: InstantSchema,
  flow: Type.Optional(IdSchema),
  turns: Count,
  contained: Type.Boolean(),
  escalated: Type.Boolean(),
  intent: Type.String({ maxLength: MAX_ID_LENGTH }),
});

/** The schema of each event type. Unknown fields are ignored, never stored. */
export const EVENT_SCHEMAS = {
  CALL_START: CallStartSchema,
  CALL_ANSWER: CallAnswerSchema,
  CALL_END: CallEndSchema,
  TRANSFER: TransferSchema,
  HOLD: HoldSchema,
  UNHOLD: UnholdSchema,
  DTMF: DtmfSchema,
  QUEUE_JOIN: QueueJoinSchema,
  QUEUE_LEAVE: QueueLeaveSchema,
  QUEUE_UNANSWER: QueueUnanswerSchema,
  QUEUE_RESUME: QueueResumeSchema,
  AGENT_STATE: AgentStateSchemaEvent,
  AGENT_HANDLE: AgentHandleSchema,
  AGENT_ACW: AgentAcwSchema,
  QUEUE_SNAPSHOT: QueueSnapshotSchema,
  AGENT_SNAPSHOT: AgentSnapshotSchema,
  CALL_SNAPSHOT: CallSnapshotSchema,
  TRUNK_SNAPSHOT: TrunkSnapshotSchema,
  ROUTING_DECISION: RoutingDecisionSchema,
  IVR_INTERACTION: IvrInteractionSchema,
  CONFIG_CHANGE: ConfigChangeSchema,
  USER_ACTION: UserActionSchema,
  API_SAMPLE: ApiSampleSchema,
  CAI_CONVERSATION: CaiConversationSchema,
} as const satisfies Record<EventType, Type.TSchema>;

/**
 * The call event of the original product, accepted as it was: `duration` in seconds, the start is timestamp less
 * duration, its id a hash of callId, eventType and timestamp.
 */
export const OriginalCallEventSchema = Type.Object({
  eventType: Type.Union([
    Type.Literal('CALL_START'),
    Type.Literal('CALL_END'),
    Type.Literal('TRANSFER'),
    Type.Literal('HOLD'),
  ]),
  timestamp: InstantSchema,
  callId: IdSchema,
  territoryId: NumericId,
  regionId: NumericId,
  agentId: Type.Optional(IdSchema),
  queueId: Type.Optional(IdSchema),
  duration: Type.Optional(Type.Number({ minimum: 0 })),
  outcome: Type.Optional(Type.String({ maxLength: MAX_ID_LENGTH })),
});
/** The call event of the original product. */
export type OriginalCallEvent = Type.Static<typeof OriginalCallEventSchema>;

/** A call began. */
export type CallStart = Type.Static<typeof CallStartSchema>;
/** A call was answered. */
export type CallAnswer = Type.Static<typeof CallAnswerSchema>;
/** A call ended; alone enough to rebuild the call. */
export type CallEnd = Type.Static<typeof CallEndSchema>;
/** Something counted that happened within a call. */
export type CallMark =
  | Type.Static<typeof TransferSchema>
  | Type.Static<typeof HoldSchema>
  | Type.Static<typeof UnholdSchema>
  | Type.Static<typeof DtmfSchema>
  | Type.Static<typeof RoutingDecisionSchema>;
/** A caller entered a queue. */
export type QueueJoin = Type.Static<typeof QueueJoinSchema>;
/** A stay in a queue ended. */
export type QueueLeave = Type.Static<typeof QueueLeaveSchema>;
/** An answer that turned out not to be one. */
export type QueueUnanswer = Type.Static<typeof QueueUnanswerSchema>;
/** A caller who had given up came back to the place they had; `undoes` names the abandon, null when unknown. */
export type QueueResume = Type.Static<typeof QueueResumeSchema>;
/** An agent changed state. */
export type AgentStateChange = Type.Static<typeof AgentStateSchemaEvent>;
/** An agent finished a contact. */
export type AgentHandle = Type.Static<typeof AgentHandleSchema>;
/** An agent finished the work after a contact. */
export type AgentAcw = Type.Static<typeof AgentAcwSchema>;
/** Depth of every queue of a part. */
export type QueueSnapshot = Type.Static<typeof QueueSnapshotSchema>;
/** State of every agent of a part. */
export type AgentSnapshot = Type.Static<typeof AgentSnapshotSchema>;
/** Calls in progress by direction. */
export type CallSnapshot = Type.Static<typeof CallSnapshotSchema>;
/** Channels in use of every trunk of a part. */
export type TrunkSnapshot = Type.Static<typeof TrunkSnapshotSchema>;
/** The call flow decided where a call goes. */
export type RoutingDecision = Type.Static<typeof RoutingDecisionSchema>;
/** A caller finished with an automatic menu. */
export type IvrInteraction = Type.Static<typeof IvrInteractionSchema>;
/** Configuration changed; feeds the directory. */
export type ConfigChange = Type.Static<typeof ConfigChangeSchema>;
/** A user did something in the platform. */
export type UserAction = Type.Static<typeof UserActionSchema>;
/** Requests to one route of one service since its last sample. */
export type ApiSample = Type.Static<typeof ApiSampleSchema>;
/** A conversation with the AI agent ended. */
export type CaiConversation = Type.Static<typeof CaiConversationSchema>;

/** Any event. */
export type LuminaEvent =
  | CallStart
  | CallAnswer
  | CallEnd
  | CallMark
  | QueueJoin
  | QueueLeave
  | QueueUnanswer
  | QueueResume
  | AgentStateChange
  | AgentHandle
  | AgentAcw
  | QueueSnapshot
  | AgentSnapshot
  | CallSnapshot
  | TrunkSnapshot
  | IvrInteraction
  | ConfigChange
  | UserAction
  | ApiSample
  | CaiConversation;
