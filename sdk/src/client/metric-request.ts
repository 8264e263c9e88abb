import type { MetricFilter, MetricQuery, MetricQueryOptions, MetricQueryRequest, QueryRange } from '@lumina/contracts';
import { CALENDAR_RANGES } from '@lumina/contracts';

/** What a widget asks for, in the words of its attributes. */
export interface WidgetQuery {
  readonly metric: string;
  /** `1h`, `15m`, … or a calendar range such as `today`. */
  readonly range: string;
  readonly bin?: string;
  readonly groupBy?: readonly string[];
  readonly filters?: readonly MetricFilter[];
  readonly options?: MetricQueryOptions;
  /** Only when the host or the widget sets one: otherwise the territory's zone applies. */
  readonly timeZone?: string;
}

/** The ref of a widget's only query. */
export const WIDGET_REF = 'A';

function rangeOf(range: string): QueryRange {
  const calendar = CALENDAR_RANGES.find((name) => name === range);
  return calendar === undefined ? { last: range } : { calendar };
}

/** The request of a widget; undefined without a metric. */
export function metricRequestOf(query: WidgetQuery): MetricQueryRequest | undefined {
  if (query.metric === '') return undefined;
  const { groupBy, filters, options } = query;
  const one: MetricQuery = {
    ref: WIDGET_REF,
    metrics: [query.metric],
    ...(groupBy === undefined || groupBy.length === 0 ? {} : { groupBy: [...groupBy] }),
    ...(filters === undefined || filters.length === 0 ? {} : { filters: [...filters] }),
    ...(options === undefined || Object.keys(options).length === 0 ? {} : { options }),
  };
  return {
    range: rangeOf(query.range),
    bin: (query.bin ?? 'auto') as NonNullable<MetricQueryRequest['bin']>,
    ...(query.timeZone === undefined ? {} : { timeZone: query.timeZone }),
    queries: [one],
  };
}

/** `queue_id` or `queue_id,direction` as an attribute holds it. */
export function listOf(attribute: string): readonly string[] {
  return attribute
    .split(/[\s,]+/u)
    .map((item) => item.trim())
    .filter((item) => item !== '');
}
