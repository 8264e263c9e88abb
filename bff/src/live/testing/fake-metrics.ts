import type { MetricQueryRequest, MetricReply } from '@lumina/contracts';
import type { QueryIdentity } from '../../features/metrics/index.ts';

type Points = MetricReply['data'][number]['points'];

/** One call of {@link FakeMetrics}. */
export interface Evaluation {
  readonly request: MetricQueryRequest;
  readonly identity: QueryIdentity;
  readonly signal: AbortSignal | undefined;
}

/** Answers every query with one series that a test sets, and remembers who asked. */
export class FakeMetrics {
  readonly evaluations: Evaluation[] = [];
  /** By territory; what it has not gets one point that counts the evaluations. */
  readonly pointsOf = new Map<number, Points>();
  /** Thrown instead of an answer. */
  error: Error | undefined;
  /** Epoch ms; by default the moment of asking, so that there always is news. */
  watermark: number | null | undefined;
  /** Queries of the store that each answer took; without any it came from memory. */
  fetched = 0;
  /** Awaited before each answer. */
  pause: Promise<void> | undefined;
  readonly #now: () => number;
  readonly #waiting: ((evaluation: Evaluation) => void)[] = [];

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** The next call. */
  next(): Promise<Evaluation> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  async query(request: MetricQueryRequest, identity: QueryIdentity, signal?: AbortSignal): Promise<MetricReply> {
    const evaluation = { request, identity, signal };
    this.evaluations.push(evaluation);
    const points: Points = this.pointsOf.get(identity.territoryId) ?? [[0, this.evaluations.length]];
    for (const resolve of this.#waiting.splice(0)) resolve(evaluation);
    await this.pause;
    if (this.error !== undefined) throw this.error;
    const asOf = this.#now();
    const watermark = this.watermark === undefined ? asOf : this.watermark;
    return replyOf(points, { asOf, watermark, cache: { state: 'partial', fetched: this.fetched } });
  }
}

/** A reply of one series. */
export function replyOf(points: Points, meta: Partial<MetricReply['meta']> = {}): MetricReply {
  const value = points.at(-1)?.[1] ?? null;
  return {
    data: [{ ref: 'A', metric: 'call_count', group: {}, points: [...points] }],
    aggregations: [{ ref: 'A', metric: 'call_count', group: {}, value, num: value, den: null }],
    errors: [],
    meta: {
      bin: '1m',
      from: 0,
      to: 1,
      timeZone: 'UTC',
      asOf: 1,
      watermark: 1,
      cache: { state: 'miss', fetched: 1 },
      definitions: {},
      ...meta,
    },
  };
}
