import Type from 'typebox';

import { BYE_REASONS, MAX_LIVE_SUBSCRIPTIONS } from '../live.ts';
import { ProblemSchema } from './problem.ts';
import {
  MetricAggregationSchema,
  MetricQueryRequestSchema,
  MetricSeriesSchema,
  QueryErrorSchema,
  ReplyMetaSchema,
} from './query.ts';

const closed = { additionalProperties: false } as const;
const ResumeSchema = Type.Optional(Type.String({ minLength: 1, maxLength: 120 }));
const SubscriptionIdSchema = Type.String({ minLength: 1, maxLength: 60 });

/** One of several queries that share a live connection; its frames carry the id as `request`. */
export const LiveSubscriptionSchema = Type.Object(
  { ...MetricQueryRequestSchema.properties, id: SubscriptionIdSchema },
  closed,
);

/** Body of `POST /api/live` that asks one thing: the body of a query, and the id of the last frame that arrived. */
export const SingleLiveRequestSchema = Type.Object(
  { ...MetricQueryRequestSchema.properties, resume: ResumeSchema },
  closed,
);

/** Body of `POST /api/live` for a whole page: many queries, each with its own range and bin, on one connection. */
export const MultipleLiveRequestSchema = Type.Object(
  {
    requests: Type.Array(LiveSubscriptionSchema, { minItems: 1, maxItems: MAX_LIVE_SUBSCRIPTIONS }),
    resume: ResumeSchema,
  },
  closed,
);

/** Body of `POST /api/live`, and first message over a WebSocket. */
export const LiveRequestSchema = Type.Union([SingleLiveRequestSchema, MultipleLiveRequestSchema]);

/** Fields of every frame: where to resume, and whose it is when the request named several subscriptions. */
const identified = { id: Type.String() };
const addressed = { ...identified, request: Type.Optional(SubscriptionIdSchema) };
const reply = {
  data: Type.Array(MetricSeriesSchema),
  aggregations: Type.Array(MetricAggregationSchema),
  errors: Type.Array(QueryErrorSchema),
  meta: ReplyMetaSchema,
};

/**
 * Each live frame, discriminated by `event`. A `snapshot` is a whole reply. A `delta` holds of `data` only the points
 * that changed, by series; aggregations, errors and meta are whole. Points before the first bucket that overlaps
 * `meta.from` are over and are not taken back one by one.
 */
export const LiveFrameSchema = Type.Union([
  Type.Object({ event: Type.Literal('snapshot'), ...addressed, ...reply }),
  Type.Object({ event: Type.Literal('delta'), ...addressed, ...reply }),
  Type.Object({ event: Type.Literal('seal'), ...addressed, from: Type.Number(), to: Type.Number() }),
  Type.Object({ event: Type.Literal('stale'), ...addressed, since: Type.Number() }),
  Type.Object({ event: Type.Literal('problem'), ...addressed, problem: ProblemSchema }),
  Type.Object({ event: Type.Literal('reauth'), ...identified, stream: Type.String(), expiresAt: Type.Number() }),
  Type.Object({
    event: Type.Literal('alert'),
    ...identified,
    ruleId: Type.String(),
    state: Type.String(),
    since: Type.Number(),
    value: Type.Union([Type.Number(), Type.Null()]),
  }),
  Type.Object({
    event: Type.Literal('bye'),
    ...identified,
    reason: Type.Enum([...BYE_REASONS]),
    retryMs: Type.Number({ minimum: 0 }),
  }),
]);

/** Answer of `POST /api/live/ticket`: opens one WebSocket, once. `expiresAt` in ms since the epoch. */
export const LiveTicketSchema = Type.Object({ ticket: Type.String(), expiresAt: Type.Number() });

/** Answer of `POST /api/live/{stream}/token`: until when the stream may go on, in ms since the epoch. */
export const LiveTokenReplySchema = Type.Object({ expiresAt: Type.Number() });
