import { QueryClient, QueryObserver, environmentManager } from '@tanstack/query-core';
import type { QueryObserverResult } from '@tanstack/query-core';
import type { MetricQueryRequest, MetricReply } from '@lumina/contracts';
import { parseDashboard, parseDashboards } from './dashboards.ts';
import type { DashboardSummary, StoredDashboard } from './dashboards.ts';
import { parseDirectory } from './directory.ts';
import type { DirectoryKind, DirectoryNames } from './directory.ts';
import { HttpClient } from './http-client.ts';
import { LuminaError } from './lumina-error.ts';
import { MetricBatcher } from './metric-batcher.ts';
import { pollDelayMs, POLL_INTERVAL_MS } from './poll-delay.ts';
import { queryKeys } from './query-keys.ts';
import { ServerClock } from './server-clock.ts';
import { parseSession } from './session.ts';
import type { SessionInfo } from './session.ts';
import { TokenSource } from './token-source.ts';
import type { GetToken } from './token-source.ts';

/** Options of {@link LuminaClient}. */
export interface LuminaClientOptions {
  /** Origin of the API, with or without a trailing slash. */
  readonly baseUrl: string;
  /** Gives access tokens; called again before they expire and when the service rejects one. */
  readonly getToken: GetToken;
  /** A `fetch` of the host's own; default the global one. */
  readonly fetch?: typeof fetch;
  /** How often live queries are repeated while the page is visible. Default 2,000. */
  readonly pollIntervalMs?: number;
  /** When a request is given up. Default 15,000. */
  readonly timeoutMs?: number;
  /** The local clock, for tests. */
  readonly localNowMs?: () => number;
}

/** What a watcher of metrics is told. */
export interface MetricsUpdate {
  readonly reply: MetricReply | undefined;
  readonly error: LuminaError | undefined;
  readonly isFetching: boolean;
}

/** A running watch. */
export interface Watch {
  /** Asks now, e.g. from a retry button. */
  refresh(): void;
  /** Ends it; nothing is called afterwards. */
  stop(): void;
}

const TIMEOUT_MS = 15_000;
/** A tile that moves on the page comes back to what it had. */
const CACHE_MS = 10_000;
const DIRECTORY_FRESH_MS = 5 * 60_000;

/**
 * Everything between the API and a tile, without any of the browser's elements: usable headless in Node. One client
 * serves one identity; a page that changes the user makes a new one.
 */
export class LuminaClient {
  /** The service's clock, learned from replies. */
  readonly clock: ServerClock;
  readonly #queries: QueryClient;
  readonly #http: HttpClient;
  readonly #batcher: MetricBatcher;
  readonly #pollIntervalMs: number;
  readonly #failures = new Map<string, number>();
  readonly #stops = new Set<() => void>();

  constructor(options: LuminaClientOptions) {
    this.clock = new ServerClock(options.localNowMs);
    this.#pollIntervalMs = options.pollIntervalMs ?? POLL_INTERVAL_MS;
    this.#http = new HttpClient({
      baseUrl: options.baseUrl.endsWith('/') ? options.baseUrl : `${options.baseUrl}/`,
      tokens: new TokenSource(options.getToken, () => this.clock.nowMs()),
      clock: this.clock,
      // The global function must not be called as a method of something else.
      fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
      timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
    });
    this.#batcher = new MetricBatcher((request) => this.#sendMetrics(request));
    this.#queries = new QueryClient({
      defaultOptions: {
        queries: { retry: false, networkMode: 'always', gcTime: CACHE_MS, structuralSharing: false },
      },
    });
    // Without a window the cache would take the process for a server that renders once, and would never poll.
    environmentManager.setIsServer(() => false);
    this.#queries.mount();
  }

  /** Who is signed in; asked once. */
  session(): Promise<SessionInfo> {
    return this.#queries.query({
      queryKey: queryKeys.session(),
      queryFn: async () => parseSession(await this.#http.request({ method: 'GET', path: 'api/session' })),
      staleTime: Number.POSITIVE_INFINITY,
      gcTime: Number.POSITIVE_INFINITY,
    });
  }

  /** Names of one kind, cached for minutes. */
  async directory(kind: DirectoryKind): Promise<DirectoryNames> {
    const session = await this.session();
    return this.#queries.query({
      queryKey: queryKeys.directory(session, kind),
      queryFn: async () => parseDirectory(await this.#http.request({ method: 'GET', path: `api/directory/${kind}` })),
      staleTime: DIRECTORY_FRESH_MS,
      gcTime: Number.POSITIVE_INFINITY,
    });
  }

  /** The dashboards of the territory, without their bodies; asked anew each time. */
  async dashboards(): Promise<readonly DashboardSummary[]> {
    const session = await this.session();
    return this.#queries.query({
      queryKey: queryKeys.dashboards(session),
      queryFn: async () => parseDashboards(await this.#http.request({ method: 'GET', path: 'api/dashboards' })),
    });
  }

  /**
   * One dashboard as it is stored now.
   * @throws {LuminaError} NOT_FOUND when there is none of that id in the territory.
   */
  async dashboard(id: string): Promise<StoredDashboard> {
    const session = await this.session();
    const path = `api/dashboards/${encodeURIComponent(id)}`;
    return this.#queries.query({
      queryKey: queryKeys.dashboard(session, id),
      queryFn: async () => parseDashboard(await this.#http.request({ method: 'GET', path })),
    });
  }

  /** One answer now; requests made together travel together. */
  query(request: MetricQueryRequest): Promise<MetricReply> {
    return this.#batcher.query(request);
  }

  /** Repeats a query while the page is visible and tells of every change; failures back off, refusals end it. */
  watch(session: SessionInfo, request: MetricQueryRequest, listener: (update: MetricsUpdate) => void): Watch {
    const observer = new QueryObserver<MetricReply>(this.#queries, {
      queryKey: queryKeys.metrics(session, request),
      queryFn: () => this.#counted(JSON.stringify(request), request),
      refetchInterval: (query) =>
        pollDelayMs(this.#pollIntervalMs, this.#failures.get(JSON.stringify(request)) ?? 0, query.state.error),
      refetchIntervalInBackground: false,
      refetchOnWindowFocus: 'always',
      refetchOnReconnect: 'always',
      // Neighbours that mount a moment later share what just arrived.
      staleTime: this.#pollIntervalMs / 2,
    });
    const tell = (result: QueryObserverResult<MetricReply>): void => {
      listener({
        reply: result.data,
        error: result.error === null ? undefined : asLuminaError(result.error),
        isFetching: result.isFetching,
      });
    };
    const unsubscribe = observer.subscribe(tell);
    const stop = (): void => {
      this.#stops.delete(stop);
      unsubscribe();
    };
    this.#stops.add(stop);
    tell(observer.getCurrentResult());
    return {
      refresh: () => {
        void observer.refetch();
      },
      stop,
    };
  }

  /** Forgets everything and ends all timers. */
  destroy(): void {
    for (const stop of [...this.#stops]) stop();
    this.#queries.clear();
    this.#queries.unmount();
  }

  async #counted(key: string, request: MetricQueryRequest): Promise<MetricReply> {
    try {
      const reply = await this.query(request);
      this.#failures.delete(key);
      return reply;
    } catch (error) {
      this.#failures.set(key, (this.#failures.get(key) ?? 0) + 1);
      throw error;
    }
  }

  async #sendMetrics(request: MetricQueryRequest): Promise<MetricReply> {
    const sentAtMs = this.clock.localNowMs();
    const reply = (await this.#http.request({
      method: 'POST',
      path: 'api/metrics/query',
      body: request,
    })) as MetricReply;
    this.clock.observeInstant(reply.meta.asOf, sentAtMs, this.clock.localNowMs());
    return reply;
  }
}

function asLuminaError(error: Error): LuminaError {
  if (error instanceof LuminaError) return error;
  return new LuminaError({
    code: 'INTERNAL',
    retryable: false,
    message: error.message,
    suggestion: 'Report this: the client met something unexpected.',
    cause: error,
  });
}
