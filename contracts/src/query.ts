/** Widths of a bin; `auto` picks one by the range. */
export const BINS = ['auto', '10s', '1m', '5m', '15m', '1h', '1d'] as const;
/** Width of a bin as a query names it. */
export type Bin = (typeof BINS)[number];
/** Length of the bins that have one; a day has 23 to 25 hours, by the reporting zone. */
export const BIN_MS = { '10s': 10_000, '1m': 60_000, '5m': 300_000, '15m': 900_000, '1h': 3_600_000 } as const;
/** Calendar ranges, in the reporting zone. */
export const CALENDAR_RANGES = [
  'today',
  'yesterday',
  'thisWeek',
  'lastWeek',
  'thisMonth',
  'lastMonth',
  'sinceOpening',
] as const;
/** One calendar range. */
export type CalendarRange = (typeof CALENDAR_RANGES)[number];
/** What a range is compared with. */
export const COMPARES = ['previous', '1d', '7d'] as const;
/** What an empty bin shows. */
export const FILLS = ['null', 'zero', 'previous'] as const;
/** How a filter compares. */
export const FILTER_OPERATORS = ['eq', 'in', 'ne'] as const;
/** Values of the `stat` option. */
export const STATS = ['average', 'now', 'peak', 'avg', 'p50', 'p95', 'p99'] as const;

/** What rows can be asked for. */
export const ROW_KINDS = ['waiting', 'agents', 'calls', 'visits'] as const;
/** One kind of rows. */
export type RowKind = (typeof ROW_KINDS)[number];
/** Rows of one page at most. */
export const MAX_ROWS = 500;

export type {
  CustomMetric,
  CustomMetricDraft,
  MetricAggregation,
  MetricFilter,
  MetricQuery,
  MetricQueryOptions,
  MetricQueryRequest,
  MetricReply,
  MetricSeries,
  QueryError,
  DataRow,
  QueryRange,
  ReplyMeta,
  RowsReply,
  RowsRequest,
  Session,
} from './schemas/index.ts';
