import type { MetricQuery, MetricQueryRequest, MetricReply } from '@lumina/contracts';
import { LuminaError } from './lumina-error.ts';

/** Sends one request body to the metric query endpoint. */
export type SendMetricQuery = (request: MetricQueryRequest) => Promise<MetricReply>;

/** Runs a callback once the current burst of requests is over. */
export type Schedule = (flush: () => void) => void;

interface Waiting {
  readonly request: MetricQueryRequest;
  readonly resolve: (reply: MetricReply) => void;
  readonly reject: (error: unknown) => void;
}

/** How long a burst of tiles is collected; below a frame, so nobody sees it. */
const BURST_MS = 12;
/** More queries than this in one body make a slow answer for all of them. */
const MAX_QUERIES = 24;
const REF_SEPARATOR = '~';

/**
 * Merges the requests of many tiles into few: a page of twenty tiles polls with one request per time range, and the
 * service plans its scans over all of them at once.
 */
export class MetricBatcher {
  readonly #send: SendMetricQuery;
  readonly #schedule: Schedule;
  #waiting: Waiting[] = [];

  constructor(
    send: SendMetricQuery,
    schedule: Schedule = (flush) => {
      setTimeout(flush, BURST_MS);
    },
  ) {
    this.#send = send;
    this.#schedule = schedule;
  }

  /** Answers as if the request had been sent alone. */
  query(request: MetricQueryRequest): Promise<MetricReply> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ request, resolve, reject });
      if (this.#waiting.length === 1) {
        this.#schedule(() => {
          this.#flush();
        });
      }
    });
  }

  #flush(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const group of groupsOf(waiting)) void this.#run(group);
  }

  async #run(group: readonly Waiting[]): Promise<void> {
    try {
      const reply = await this.#send(merged(group));
      group.forEach((one, index) => {
        one.resolve(shareOf(reply, index));
      });
    } catch (error) {
      await this.#settleFailure(group, error);
    }
  }

  /** One wrong widget must not darken the others: a refused merged request is repeated one by one. */
  async #settleFailure(group: readonly Waiting[], error: unknown): Promise<void> {
    const isOneRefused = error instanceof LuminaError && error.code === 'QUERY_INVALID' && group.length > 1;
    if (!isOneRefused) {
      for (const one of group) one.reject(error);
      return;
    }
    await Promise.all(group.map((one) => this.#run([one])));
  }
}

function groupsOf(waiting: readonly Waiting[]): Waiting[][] {
  const groups = new Map<string, Waiting[][]>();
  for (const one of waiting) {
    const { queries, ...shared } = one.request;
    const key = JSON.stringify(shared);
    const chunks = groups.get(key) ?? [];
    groups.set(key, chunks);
    const last = chunks.at(-1);
    const size = last?.reduce((sum, { request }) => sum + request.queries.length, 0) ?? MAX_QUERIES;
    if (last === undefined || size + queries.length > MAX_QUERIES) chunks.push([one]);
    else last.push(one);
  }
  return [...groups.values()].flat();
}

function merged(group: readonly Waiting[]): MetricQueryRequest {
  const [first] = group;
  if (first === undefined) throw new RangeError('A group has at least one request.');
  if (group.length === 1) return prefixed(first.request, 0);
  return { ...first.request, queries: group.flatMap((one, index) => prefixed(one.request, index).queries) };
}

function prefixed(request: MetricQueryRequest, index: number): MetricQueryRequest {
  const queries: MetricQuery[] = request.queries.map((query) => ({
    ...query,
    ref: `${String(index)}${REF_SEPARATOR}${query.ref}`,
  }));
  return { ...request, queries };
}

function shareOf(reply: MetricReply, index: number): MetricReply {
  const prefix = `${String(index)}${REF_SEPARATOR}`;
  const own = <T extends { readonly ref: string }>(items: readonly T[]): T[] =>
    items
      .filter((item) => item.ref.startsWith(prefix))
      .map((item) => ({ ...item, ref: item.ref.slice(prefix.length) }));
  return { ...reply, data: own(reply.data), aggregations: own(reply.aggregations), errors: own(reply.errors) };
}
