import type { MetricQueryRequest } from '@lumina/contracts';
import type { LocalStore, TestFact } from '../../features/metrics/testing/local-store.ts';
import { send } from '../../testing/raw-http.ts';
import type { TopicReply } from '../../live/watched-rows.ts';

/** Calls of the last hour, each of them once, by minute and by direction. */
export const CALLS: MetricQueryRequest = {
  range: { last: '1h' },
  queries: [
    { ref: 'A', metrics: ['call_count'] },
    { ref: 'B', metrics: ['call_count'], groupBy: ['direction'] },
  ],
};

/** Writes calls into the store while everything else happens. */
export class Caller {
  readonly #store: LocalStore;
  #timer: NodeJS.Timeout | undefined;
  #underWay: Promise<void> = Promise.resolve();
  /** How many there are. */
  written = 0;

  constructor(store: LocalStore) {
    this.#store = store;
  }

  /** Calls that came in a moment ago, and a beat of the ingestion that stored them. */
  async call(count: number, agoMs = 10): Promise<void> {
    const nowMs = Date.now();
    const calls = Array.from({ length: count }, (_, index): TestFact => {
      const number = this.written + index;
      const direction = number % 3 === 0 ? 'outbound' : 'inbound';
      return {
        fact: 'call_metrics.call',
        timeMs: nowMs - agoMs,
        values: { direction, n: 1, eid: `c${String(number)}` },
      };
    });
    const beat: TestFact = {
      fact: 'system_metrics.source',
      timeMs: nowMs,
      values: { source: 's', worker: 'w', received: 1, rejected: 0, last_ms: nowMs },
    };
    await this.#store.write([...calls, beat]);
    this.written += count;
  }

  /** Goes on until told to stop. */
  start(everyMs: number): void {
    const next = (): void => {
      this.#timer = setTimeout(() => {
        this.#underWay = this.call(2).then(next);
      }, everyMs);
    };
    next();
  }

  /** Once the last call lies in the store. */
  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#underWay;
    clearTimeout(this.#timer);
  }
}

/** What a board shows of calls: minutes that had none are the same as minutes that are not there. */
export function shown(reply: Pick<TopicReply, 'data' | 'aggregations' | 'errors'> | undefined): unknown {
  return {
    series: reply?.data
      .map(({ ref, group, points }) => ({
        ref,
        group,
        points: points.filter(([, value]) => value !== null && value !== 0),
      }))
      .filter(({ points }) => points.length > 0)
      .toSorted((a, b) => JSON.stringify([a.ref, a.group]).localeCompare(JSON.stringify([b.ref, b.group]))),
    aggregations: reply?.aggregations,
    errors: reply?.errors,
  };
}

/** How many calls a reply tells of. */
export function callsIn(reply: Pick<TopicReply, 'data'> | undefined): number {
  const points = reply?.data.filter(({ ref }) => ref === 'A').flatMap((series) => series.points) ?? [];
  return points.reduce((sum, [, value]) => sum + (value ?? 0), 0);
}

/** Asks for all calls, from scratch. */
export async function askCalls(origin: string, token: string): Promise<TopicReply> {
  const reply = await send(origin, {
    method: 'POST',
    path: '/api/metrics/query',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    body: JSON.stringify(CALLS),
  });
  if (reply.status !== 200) throw new Error(`${String(reply.status)} ${reply.body}`);
  return JSON.parse(reply.body) as TopicReply;
}
