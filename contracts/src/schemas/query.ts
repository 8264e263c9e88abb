import Type from 'typebox';

import { DEFINITION_PRESET_IDS } from '../metrics/presets.ts';
import { QUERY_ERROR_CODES } from '../problems.ts';
import { BINS, CALENDAR_RANGES, COMPARES, FILLS, FILTER_OPERATORS, MAX_ROWS, ROW_KINDS, STATS } from '../query.ts';
import { InstantSchema } from './event.ts';
import { IdSchema } from './id.ts';

const literals = <const T extends readonly string[]>(values: T) => Type.Enum([...values] as T[number][]);
/** Queries of one request. */
export const MAX_QUERIES = 50;
const closed = { additionalProperties: false } as const;

/** `{last}`, `{from, to}` or `{calendar}`. */
export const RangeSchema = Type.Union([
  Type.Object({ last: Type.String({ pattern: '^[1-9]\\d{0,5}(s|m|h|d)$' }) }, closed),
  Type.Object({ from: InstantSchema, to: InstantSchema }, closed),
  Type.Object({ calendar: literals(CALENDAR_RANGES) }, closed),
]);

/** Keeps the rows whose `dim` equals, is one of, or is none of the values. */
export const FilterSchema = Type.Object(
  {
    dim: Type.String({ minLength: 1, maxLength: 60 }),
    op: literals(FILTER_OPERATORS),
    values: Type.Array(IdSchema, { minItems: 1, maxItems: 100 }),
  },
  closed,
);

/** Options of one query. */
export const QueryOptionsSchema = Type.Object(
  {
    stat: Type.Optional(literals(STATS)),
    formula: Type.Optional(literals(['SL1', 'SL2', 'SL3', 'SL4', 'SL5', 'SL6', 'SL7'])),
    thresholdS: Type.Optional(Type.Number({ minimum: 0, maximum: 86_400 })),
    shortAbandonS: Type.Optional(Type.Number({ minimum: 0, maximum: 86_400 })),
    // Whose rules of service level, speed of answer, abandons and handle time; what is named above outranks it.
    preset: Type.Optional(literals(DEFINITION_PRESET_IDS)),
  },
  closed,
);

/** One query of a request. */
export const MetricQuerySchema = Type.Object(
  {
    ref: Type.String({ minLength: 1, maxLength: 60 }),
    metrics: Type.Array(Type.String({ minLength: 1, maxLength: 60 }), { minItems: 1, maxItems: 20 }),
    filters: Type.Optional(Type.Array(FilterSchema, { maxItems: 10 })),
    groupBy: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 60 }), { maxItems: 3 })),
    compare: Type.Optional(literals(COMPARES)),
    fill: Type.Optional(literals(FILLS)),
    top: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
    options: Type.Optional(QueryOptionsSchema),
  },
  closed,
);

/** Body of `POST /api/metrics/query`. */
export const MetricQueryRequestSchema = Type.Object(
  {
    range: RangeSchema,
    bin: Type.Optional(literals(BINS)),
    timeZone: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    queries: Type.Array(MetricQuerySchema, { minItems: 1, maxItems: MAX_QUERIES }),
    territory: Type.Optional(Type.Union([Type.Literal('own'), Type.Literal('platform')])),
  },
  closed,
);

const GroupSchema = Type.Record(Type.String(), Type.String());
const ValueSchema = Type.Union([Type.Number(), Type.Null()]);

/** One series of a reply. */
export const MetricSeriesSchema = Type.Object({
  ref: Type.String(),
  metric: Type.String(),
  group: GroupSchema,
  points: Type.Array(Type.Tuple([Type.Number(), ValueSchema])),
  compare: Type.Optional(literals(COMPARES)),
  /** Starts of the buckets whose level was carried by flows over minutes without a sample. Absent = none. */
  drift: Type.Optional(Type.Array(Type.Number())),
});
/** A metric over the whole range, computed from parts. */
export const MetricAggregationSchema = Type.Object({
  ref: Type.String(),
  metric: Type.String(),
  group: GroupSchema,
  value: ValueSchema,
  num: ValueSchema,
  den: ValueSchema,
  compare: Type.Optional(literals(COMPARES)),
  /** Whether some of it was carried by flows over minutes without a sample. */
  drift: Type.Optional(Type.Boolean()),
});
/** An error that concerns one query. */
export const QueryErrorSchema = Type.Object({
  ref: Type.String(),
  code: literals(QUERY_ERROR_CODES),
  detail: Type.String(),
});
/** What a reply says about itself. */
export const ReplyMetaSchema = Type.Object({
  bin: Type.String(),
  from: Type.Number(),
  to: Type.Number(),
  timeZone: Type.String(),
  asOf: Type.Number(),
  watermark: ValueSchema,
  cache: Type.Object({ state: literals(['hit', 'partial', 'miss']), fetched: Type.Number() }),
  /** The day's budget for queries is nearly (`warn`) or wholly used up (`slow`: new data every `refreshMs`). Absent = it is not. */
  budget: Type.Optional(Type.Object({ state: literals(['warn', 'slow']), refreshMs: Type.Number() })),
  /** Of a stored dashboard: what queries have instead whose widgets have a range, bins or a zone of their own, by ref. */
  frames: Type.Optional(
    Type.Record(
      Type.String(),
      Type.Object({ bin: Type.String(), from: Type.Number(), to: Type.Number(), timeZone: Type.String() }),
    ),
  ),
  // A number where only the product decides what a metric means; `1+settings.3` where settings of the territory do too.
  definitions: Type.Record(
    Type.String(),
    Type.Object({ version: Type.Union([Type.Number(), Type.String()]), text: Type.String() }),
  ),
});
/** Reply of `POST /api/metrics/query`. */
export const MetricReplySchema = Type.Object({
  data: Type.Array(MetricSeriesSchema),
  aggregations: Type.Array(MetricAggregationSchema),
  errors: Type.Array(QueryErrorSchema),
  meta: ReplyMetaSchema,
});

/** Body of `POST /api/rows/query`. `range` limits calls and visits, by when they ended; the others are of now. */
export const RowsRequestSchema = Type.Object(
  {
    rows: literals(ROW_KINDS),
    filters: Type.Optional(Type.Array(FilterSchema, { maxItems: 10 })),
    // A column of the rows, `-` before it for falling order.
    order: Type.Optional(Type.String({ maxLength: 60 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_ROWS })),
    cursor: Type.Optional(Type.String({ maxLength: 2_048 })),
    range: Type.Optional(RangeSchema),
    timeZone: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  },
  closed,
);

/** One row; `key` is its own as long as it exists. Times are epoch ms, durations ms, columns named as in filters. */
export const DataRowSchema = Type.Intersect([
  Type.Object({ key: Type.String() }),
  Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Null()])),
]);
/** Reply of `POST /api/rows/query`; `next` is the cursor of the page after this one. */
export const RowsReplySchema = Type.Object({
  rows: Type.Array(DataRowSchema),
  next: Type.Union([Type.String(), Type.Null()]),
  meta: Type.Object({
    from: Type.Number(),
    to: Type.Number(),
    timeZone: Type.String(),
    asOf: Type.Number(),
    watermark: ValueSchema,
    order: Type.String(),
  }),
});
