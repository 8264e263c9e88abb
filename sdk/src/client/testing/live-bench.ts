import { notifyManager } from '@tanstack/query-core';
import type { MetricQuery, MetricQueryRequest } from '@lumina/contracts';
import { FAKE_SESSION } from '../../testing/fake-bff-directory.ts';
import { FakeManagers, settled } from '../../testing/fake-managers.ts';
import { LuminaClient } from '../lumina-client.ts';
import type { LuminaClientOptions, MetricsUpdate, Watch, WatchOptions } from '../lumina-client.ts';
import { parseSession } from '../session.ts';
import { LiveServer, NOW_MS } from './live-server.ts';

/** What one watcher was told. */
export interface Watched {
  readonly updates: MetricsUpdate[];
  readonly watch: Watch;
  /** The newest. */
  readonly last: () => MetricsUpdate;
  /** The value over the range. */
  readonly value: () => number | null | undefined;
}

const SESSION = parseSession(FAKE_SESSION);

/** A request for one metric. */
export function requestFor(metric: string, request: Partial<MetricQueryRequest> = {}): MetricQueryRequest {
  const query: MetricQuery = { ref: 'A', metrics: [metric] };
  return { range: { last: '1h' }, bin: '1m', queries: [query], ...request };
}

/** A client with a time, a page, a network and a service that a test turns by hand. */
export class LiveBench {
  static #open: LiveBench[] = [];
  readonly managers = new FakeManagers(NOW_MS);
  readonly server = new LiveServer();
  readonly client: LuminaClient;
  readonly reasons: string[] = [];
  readonly phases: string[] = [];
  token = 'token-1';

  constructor(options: Partial<LuminaClientOptions> = {}) {
    LiveBench.#open.push(this);
    // What the cache tells comes at once, not in the next turn of a clock that stands.
    notifyManager.setScheduler(queueMicrotask);
    this.client = new LuminaClient({
      baseUrl: 'http://api.example',
      getToken: ({ reason }) => {
        this.reasons.push(reason);
        return this.token;
      },
      fetch: this.server.fetch,
      managers: this.managers,
      localNowMs: this.managers.timers.nowMs,
      pollIntervalMs: 10,
      ...options,
    });
    this.client.connection.subscribe(() => {
      const { transport, phase } = this.client.connection.status;
      this.phases.push(`${transport ?? 'none'}:${phase}`);
    });
  }

  /** Ends the clients of all benches, also of a test that failed. */
  static endAll(): void {
    for (const { client } of LiveBench.#open) client.destroy();
    LiveBench.#open = [];
  }

  get phase(): string {
    return this.client.connection.status.phase;
  }

  /** Begins a watch. */
  watch(request: MetricQueryRequest | string, options?: WatchOptions): Watched {
    const updates: MetricsUpdate[] = [];
    const asked = typeof request === 'string' ? requestFor(request) : request;
    const watch = this.client.watch(SESSION, asked, (update) => updates.push(update), options);
    const last = (): MetricsUpdate => {
      const update = updates.at(-1);
      if (update === undefined) throw new Error('Nothing was told.');
      return update;
    };
    return { updates, watch, last, value: () => last().reply?.aggregations[0]?.value };
  }

  /** Watches some metrics and answers them. */
  async opened(...metrics: readonly string[]): Promise<readonly Watched[]> {
    const watched = metrics.map((metric) => this.watch(metric));
    await this.pass(30);
    this.answer();
    await settled();
    return watched;
  }

  /** Answers all subscriptions of the newest stream with snapshots. */
  answer(value?: number): void {
    const { stream } = this.server;
    stream.send(...stream.requests.map((_, index) => this.server.snapshot(stream, index, value)));
  }

  /** Sends a delta to all subscriptions of the newest stream. */
  change(value: number): void {
    const { stream } = this.server;
    stream.send(...stream.requests.map((_, index) => this.server.delta(stream, index, value)));
  }

  /** Lets time pass. */
  pass(ms: number): Promise<void> {
    return this.managers.timers.pass(ms);
  }
}
