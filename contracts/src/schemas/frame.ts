import Type from 'typebox';

import { MetricAggregationSchema, MetricSeriesSchema, ReplyMetaSchema } from './query.ts';

const Rows = Type.Unknown();

/** Each live frame, discriminated by `event`. */
export const LiveFrameSchema = Type.Union([
  Type.Object({
    event: Type.Literal('snapshot'),
    data: Type.Array(MetricSeriesSchema),
    aggregations: Type.Array(MetricAggregationSchema),
    rows: Type.Optional(Rows),
    meta: ReplyMetaSchema,
  }),
  Type.Object({
    event: Type.Literal('delta'),
    data: Type.Array(MetricSeriesSchema),
    aggregations: Type.Array(MetricAggregationSchema),
    rows: Type.Optional(Rows),
    meta: ReplyMetaSchema,
  }),
  Type.Object({ event: Type.Literal('seal'), from: Type.Number(), to: Type.Number() }),
  Type.Object({ event: Type.Literal('stale'), since: Type.Number() }),
  Type.Object({ event: Type.Literal('reauth'), expiresAt: Type.Number() }),
  Type.Object({
    event: Type.Literal('alert'),
    ruleId: Type.String(),
    state: Type.String(),
    since: Type.Number(),
    value: Type.Union([Type.Number(), Type.Null()]),
  }),
  Type.Object({ event: Type.Literal('bye'), reason: Type.String(), retryMs: Type.Number() }),
]);
