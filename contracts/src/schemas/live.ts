import Type from 'typebox';

import { ALERT_PHASES, ALERT_SEVERITIES } from '../alerts.ts';
import { BYE_REASONS, LIVE_ROW_KINDS, MAX_LIVE_SUBSCRIPTIONS } from '../live.ts';
import { ProblemSchema } from './problem.ts';
import {
  DataRowSchema,
  FilterSchema,
  MetricAggregationSchema,
  MetricQueryRequestSchema,
  MetricSeriesSchema,
  QueryErrorSchema,
  ReplyMetaSchema,
  RowsRequestSchema,
} from './query.ts';

const closed = { additionalProperties: false } as const;
const ResumeSchema = Type.Optional(Type.String({ minLength: 1, maxLength: 120 }));
const SubscriptionIdSchema = Type.String({ minLength: 1, maxLength: 60 });

const LiveRowKindSchema = Type.Enum([...LIVE_ROW_KINDS]);
const { filters, order, limit } = RowsRequestSchema.properties;
/**
 * Rows to watch beside, or instead of, the queries: a kind, or a kind with filters, order and limit as in
 * `POST /api/rows/query`. Waiting rows carry no `wait_ms`, which changes by itself: it is the time since `join_ms`.
 */
export const LiveRowsSchema = Type.Union([
  LiveRowKindSchema,
  Type.Object({ rows: LiveRowKindSchema, filters, order, limit }, closed),
]);
const { range, queries, ...ofQuery } = MetricQueryRequestSchema.properties;
/** What a subscription asks. Without `rows` it is the body of a query; with them queries, and then the range, may be absent. */
const asked = {
  ...ofQuery,
  range: Type.Optional(range),
  queries: Type.Optional(queries),
  rows: Type.Optional(LiveRowsSchema),
};

/** One of several queries that share a live connection; its frames carry the id as `request`. */
export const LiveSubscriptionSchema = Type.Object({ ...asked, id: SubscriptionIdSchema }, closed);

/** Body of `POST /api/live` that asks one thing: the body of a query, and the id of the last frame that arrived. */
export const SingleLiveRequestSchema = Type.Object({ ...asked, resume: ResumeSchema }, closed);

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
  meta: Type.Object({
    ...ReplyMetaSchema.properties,
    /** Of the rows: the instant they are of, their order, and whether there are more than the limit. */
    rows: Type.Optional(Type.Object({ asOf: Type.Number(), order: Type.String(), hasMore: Type.Boolean() })),
  }),
};
/** How rows changed: those that came, those of which something changed (whole), and the keys of those that went. */
export const LiveRowChangesSchema = Type.Object({
  add: Type.Array(DataRowSchema),
  change: Type.Array(DataRowSchema),
  remove: Type.Array(Type.String()),
});

/**
 * Each live frame, discriminated by `event`. A `snapshot` is a whole reply. A `delta` holds of `data` only the points
 * that changed, by series; aggregations, errors and meta are whole. Points before the first bucket that overlaps
 * `meta.from` are over and are not taken back one by one. Rows of a snapshot are whole and in their order; a delta says
 * what changed of them, and `applyRowChanges` makes the new ones of it.
 */
export const LiveFrameSchema = Type.Union([
  Type.Object({
    event: Type.Literal('snapshot'),
    ...addressed,
    ...reply,
    rows: Type.Optional(Type.Array(DataRowSchema)),
  }),
  Type.Object({ event: Type.Literal('delta'), ...addressed, ...reply, rows: Type.Optional(LiveRowChangesSchema) }),
  Type.Object({ event: Type.Literal('seal'), ...addressed, from: Type.Number(), to: Type.Number() }),
  Type.Object({ event: Type.Literal('stale'), ...addressed, since: Type.Number() }),
  Type.Object({ event: Type.Literal('problem'), ...addressed, problem: ProblemSchema }),
  Type.Object({ event: Type.Literal('reauth'), ...identified, stream: Type.String(), expiresAt: Type.Number() }),
  Type.Object({
    event: Type.Literal('alert'),
    ...identified,
    ruleId: Type.String(),
    state: Type.Enum([...ALERT_PHASES]),
    since: Type.Number(),
    value: Type.Union([Type.Number(), Type.Null()]),
    /** Of the rule, so that the alert can be told without another question. */
    name: Type.String(),
    metric: Type.String(),
    severity: Type.Enum([...ALERT_SEVERITIES]),
    /** What the rule looks at; a service that does not say leaves it open. */
    filters: Type.Optional(Type.Array(FilterSchema)),
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
