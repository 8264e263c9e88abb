import { BINS, COMPARES, METRICS } from '@lumina/contracts';
import type {
  Bin,
  MetricDefinition,
  MetricFilter,
  MetricQuery,
  MetricQueryOptions,
  MetricQueryRequest,
  QueryRange,
  WidgetOptions,
} from '@lumina/contracts';
import { LuminaError } from '../../client/lumina-error.ts';
import { parseRange } from '../../client/time-range.ts';
import type { LuminaHostContext } from '../../controllers/lumina-scope.ts';

/** The ref of a widget's only query. */
const WIDGET_REF = 'A';

/** The words a widget was given, as attributes or as the objects of a stored dashboard. */
export interface WidgetWords {
  readonly metric: string;
  readonly groupBy: string;
  readonly filters: readonly MetricFilter[];
  readonly options: MetricQueryOptions;
  readonly compare: string;
  readonly range: string;
  readonly bin: string;
  readonly timeZone: string;
  /** A query as dashboards hold it; outranks the attributes that say the same. */
  readonly query: MetricQuery | undefined;
  /** Its range, bin and zone outrank the attributes. */
  readonly display: WidgetOptions;
}

/** What a widget asks for, in the shape of the API. */
export interface WidgetQuestion {
  readonly query: MetricQuery;
  readonly range: QueryRange;
  readonly bin: Bin;
  /** The widget's own zone; undefined leaves it to the provider. */
  readonly timeZone: string | undefined;
}

function refusal(message: string, suggestion: string): LuminaError {
  return new LuminaError({ code: 'QUERY_INVALID', retryable: false, message, suggestion });
}

function listed<T extends string>(values: readonly T[], wanted: string, what: string): T {
  const found = values.find((value) => value === wanted);
  if (found === undefined) throw refusal(`There is no ${what} "${wanted}".`, `Use one of ${values.join(', ')}.`);
  return found;
}

function rangeOf(words: string): QueryRange {
  const range = parseRange(words);
  if (range === undefined)
    throw refusal(`There is no range "${words}".`, 'Use one like 1h, today, or from/to in ISO 8601.');
  return range;
}

/** `queue_id` or `queue_id,direction` as an attribute holds it. */
function listOf(attribute: string): string[] {
  return attribute.split(/[\s,]+/u).filter((item) => item !== '');
}

function queryOf(words: WidgetWords): MetricQuery | undefined {
  if (words.query !== undefined) return words.query;
  const metrics = listOf(words.metric);
  if (metrics.length === 0) return undefined;
  const { filters, options } = words;
  const groupBy = listOf(words.groupBy);
  return {
    ref: WIDGET_REF,
    metrics,
    ...(groupBy.length === 0 ? {} : { groupBy }),
    ...(filters.length === 0 ? {} : { filters: [...filters] }),
    ...(Object.keys(options).length === 0 ? {} : { options }),
    ...(words.compare === '' ? {} : { compare: listed(COMPARES, words.compare, 'comparison') }),
  };
}

/**
 * What the words ask for; undefined without a metric.
 * @throws {LuminaError} `QUERY_INVALID` for a range, bin or comparison that does not exist.
 */
export function questionOf(words: WidgetWords): WidgetQuestion | undefined {
  const query = queryOf(words);
  if (query === undefined) return undefined;
  return {
    query,
    range: words.display.range ?? rangeOf(words.range),
    bin: words.display.bin ?? listed(BINS, words.bin, 'bin'),
    timeZone: words.display.timeZone ?? (words.timeZone === '' ? undefined : words.timeZone),
  };
}

/** The dimensions that all metrics of a query can be filtered by. */
function sharedDimensions(metrics: readonly string[]): readonly string[] {
  const known = METRICS as Readonly<Record<string, MetricDefinition>>;
  const [first, ...others] = metrics.map((metric) => known[metric]?.dimensions ?? []);
  return (first ?? []).filter((dimension) => others.every((dimensions) => dimensions.includes(dimension)));
}

/** Filters that the page around the tile implies, for dimensions that the tile does not filter itself. */
function contextFilters(query: MetricQuery, context: LuminaHostContext): MetricFilter[] {
  const dimensions = sharedDimensions(query.metrics);
  const wanted: readonly (readonly [string, readonly string[] | undefined])[] = [
    ['queue_id', context.queueIds],
    ['agent_id', context.agentIds],
  ];
  return wanted.flatMap(([dim, values]) => {
    const isOpen = dimensions.includes(dim) && !(query.filters ?? []).some((filter) => filter.dim === dim);
    return isOpen && values !== undefined && values.length > 0 ? [{ dim, op: 'in' as const, values: [...values] }] : [];
  });
}

/** The request of a question on a page. */
export function requestOf(
  question: WidgetQuestion,
  page: { readonly timeZone: string | undefined; readonly hostContext: LuminaHostContext },
): MetricQueryRequest {
  const timeZone = question.timeZone ?? page.timeZone;
  const filters = [...(question.query.filters ?? []), ...contextFilters(question.query, page.hostContext)];
  return {
    range: question.range,
    bin: question.bin,
    ...(timeZone === undefined ? {} : { timeZone }),
    queries: [{ ...question.query, ...(filters.length === 0 ? {} : { filters }) }],
  };
}
