import type { MetricAggregation, MetricQuery, MetricQueryRequest, MetricSeries, QueryError } from '@lumina/contracts';

/** More queries than this in one body make a slow answer for all of them. */
export const MAX_MERGED_QUERIES = 24;
const REF_SEPARATOR = '~';

/** What of a request must be equal for two to travel as one: all but the queries. */
export function sharedKeyOf({ queries: _queries, ...shared }: MetricQueryRequest): string {
  const { range, bin, timeZone, territory, ...rest } = shared;
  return JSON.stringify([range, bin, timeZone, territory, rest]);
}

/** Requests that may travel as one, in the order given: equal in range, bin, zone, territory and board, and not too many. */
export function groupRequests<
  T extends { readonly request: MetricQueryRequest; readonly dashboardId?: string | undefined },
>(items: readonly T[]): T[][] {
  const groups = new Map<string, T[][]>();
  for (const item of items) {
    const key = `${item.dashboardId ?? ''} ${sharedKeyOf(item.request)}`;
    const chunks = groups.get(key) ?? [];
    groups.set(key, chunks);
    const last = chunks.at(-1);
    const size = last?.reduce((sum, { request }) => sum + request.queries.length, 0) ?? MAX_MERGED_QUERIES;
    if (last === undefined || size + item.request.queries.length > MAX_MERGED_QUERIES) chunks.push([item]);
    else last.push(item);
  }
  return [...groups.values()].flat();
}

/** One request for all of a group; refs get the place of their request in front. */
export function mergeRequests(requests: readonly MetricQueryRequest[]): MetricQueryRequest {
  const [first] = requests;
  if (first === undefined) throw new RangeError('A group has at least one request.');
  return { ...first, queries: requests.flatMap(prefixedQueries) };
}

function prefixedQueries(request: MetricQueryRequest, index: number): MetricQuery[] {
  return request.queries.map((query) => ({ ...query, ref: `${String(index)}${REF_SEPARATOR}${query.ref}` }));
}

/** The parts of a reply or a frame that name queries. */
export interface ByRef {
  readonly data: MetricSeries[];
  readonly aggregations: MetricAggregation[];
  readonly errors: QueryError[];
}

/** What of a merged answer belongs to the request at a place, under its own refs. */
export function shareOf<T extends ByRef>(answer: T, index: number): T {
  const prefix = `${String(index)}${REF_SEPARATOR}`;
  const own = <I extends { readonly ref: string }>(items: readonly I[]): I[] =>
    items
      .filter((item) => item.ref.startsWith(prefix))
      .map((item) => ({ ...item, ref: item.ref.slice(prefix.length) }));
  return { ...answer, data: own(answer.data), aggregations: own(answer.aggregations), errors: own(answer.errors) };
}
