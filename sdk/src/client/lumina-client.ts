import { QueryClient, environmentManager, notifyManager } from '@tanstack/query-core';
import type { ClientEvent, MetricQueryRequest, MetricReply, Target } from '@lumina/contracts';
import { Alerts } from './alerts.ts';
import { parseDashboard, parseDashboards } from './dashboards.ts';
import type { DashboardSummary, StoredDashboard } from './dashboards.ts';
import { readDirectory } from './directory.ts';
import type { DirectoryEntry, DirectoryKind, DirectoryNames } from './directory.ts';
import { HttpClient } from './http-client.ts';
import type { ConnectionState } from './live/connection-state.ts';
import { LiveConnection } from './live/live-connection.ts';
import { SseTransport } from './live/sse-transport.ts';
import { TRANSPORTS } from './live/transport.ts';
import type { TransportName } from './live/transport.ts';
import { WebSocketTransport, platformSocket } from './live/websocket-transport.ts';
import type { OpenSocket } from './live/websocket-transport.ts';
import { errorFromThrown } from './lumina-error.ts';
import { managersOf } from './managers.ts';
import type { ClientManagers } from './managers.ts';
import { MetricBatcher } from './metric-batcher.ts';
import { MetricWatch } from './metric-watch.ts';
import type { MetricsUpdate, Watch } from './metric-watch.ts';
import { POLL_INTERVAL_MS } from './poll-delay.ts';
import { queryKeys } from './query-keys.ts';
import { ServerClock } from './server-clock.ts';
import { parseSession } from './session.ts';
import type { SessionInfo } from './session.ts';
import { ClockCheck } from './clock-check.ts';
import { parseTargets } from './target-source.ts';
import { isClosedRange } from './time-range.ts';
import { TokenSource } from './token-source.ts';
import { UsageReports } from './usage-reports.ts';
import type { GetToken, TokenNotice } from './token-source.ts';
import { WatchedBoards } from './watched-boards.ts';

export type { MetricsUpdate, Watch } from './metric-watch.ts';

/** Options of {@link LuminaClient}. */
export interface LuminaClientOptions {
  /** Origin of the API, with or without a trailing slash. */
  readonly baseUrl: string;
  /** Gives access tokens; called again before they expire and when the service rejects one. */
  readonly getToken: GetToken;
  /** Told of every new token: when it expires, never the token. */
  readonly onToken?: (notice: TokenNotice) => void;
  /** A `fetch` of the host's own; default the global one. */
  readonly fetch?: typeof fetch;
  /** A WebSocket of the host's own; default the global one. */
  readonly openSocket?: OpenSocket;
  /** How live data may travel, best first; default server-sent events, WebSocket, polling. */
  readonly transports?: readonly TransportName[];
  /** How often live queries are repeated where they are polled and the page is visible. Default 2,000. */
  readonly pollIntervalMs?: number;
  /** When a request is given up. Default 15,000. */
  readonly timeoutMs?: number;
  /** The page's visibility, network and timers, where the host or a test replaces them. */
  readonly managers?: Partial<ClientManagers>;
  /** Whether the service is told that boards are viewed, how long they take and which errors widgets show. Default true. */
  readonly reportsUsage?: boolean;
  /** The local clock, for tests. */
  readonly localNowMs?: () => number;
}

/** Options of a watch. */
export interface WatchOptions {
  /** Whether the answer is kept up to date. Default: unless the range is over, e.g. `yesterday`. */
  readonly isLive?: boolean;
  /** Id of the stored dashboard that it is for; its costs are counted there. */
  readonly dashboardId?: string | undefined;
}

const TIMEOUT_MS = 15_000;
/** A tile that moves on the page comes back to what it had. */
const CACHE_MS = 10_000;
const DIRECTORY_FRESH_MS = 50_000;

/**
 * Everything between the API and a tile, without any of the browser's elements: usable headless in Node. One client
 * serves one identity; a page that changes the user makes a new one.
 */
export class LuminaClient {
  /** The service's clock, learned from replies. */
  readonly clock: ServerClock;
  /** The alerts of the territory, while something is watched live. */
  readonly alerts: Alerts;
  readonly #queries: QueryClient;
  readonly #http: HttpClient;
  readonly #batcher: MetricBatcher;
  readonly #connection: LiveConnection;
  readonly #usage: UsageReports;
  readonly #pollIntervalMs: number;
  readonly #failures = new Map<string, number>();
  readonly #stops = new Set<() => void>();
  readonly #boards = new WatchedBoards();

  constructor(options: LuminaClientOptions) {
    const managers = managersOf(options.managers);
    this.clock = new ServerClock(options.localNowMs);
    this.#pollIntervalMs = options.pollIntervalMs ?? POLL_INTERVAL_MS;
    const { timers, random } = managers;
    this.alerts = new Alerts(timers, this.clock);
    const tokens = new TokenSource(options.getToken, () => this.clock.nowMs(), {
      onToken: options.onToken,
      timers,
      random,
    });
    const http = new HttpClient({
      baseUrl: options.baseUrl.endsWith('/') ? options.baseUrl : `${options.baseUrl}/`,
      tokens,
      clock: this.clock,
      // The global function must not be called as a method of something else.
      fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
      timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
    });
    this.#http = http;
    this.#usage = new UsageReports({
      isOn: options.reportsUsage,
      send: (report) => http.tell('api/client-events', report),
      timers,
    });
    this.#batcher = new MetricBatcher((request, dashboardId) => this.#sendMetrics(request, dashboardId), timers);
    this.#queries = new QueryClient({
      defaultOptions: {
        queries: { retry: false, networkMode: 'always', gcTime: CACHE_MS, structuralSharing: false },
      },
    });
    const clockCheck = new ClockCheck({
      clock: this.clock,
      ask: () => http.request({ method: 'GET', path: 'api/session' }),
    });
    this.#connection = new LiveConnection({
      http,
      tokens,
      managers,
      localNowMs: () => this.clock.localNowMs(),
      names: options.transports ?? TRANSPORTS,
      transports: [
        new SseTransport(http, () => this.#boards.only),
        new WebSocketTransport(http, timers, options.openSocket ?? platformSocket),
      ],
      publish: (updates) => {
        if (updates.length > 0) clockCheck.arrived(Math.max(...updates.map(({ reply }) => reply.meta.asOf)));
        notifyManager.batch(() => {
          for (const { member, reply } of updates) this.#queries.setQueryData(member.queryKey, reply);
        });
      },
      onAlert: (alert) => {
        this.alerts.take(alert);
      },
      ask: (request) => this.query(request),
    });
    this.alerts.follow(this.#connection.state);
    // Without a window the cache would take the process for a server that renders once, and would never poll.
    environmentManager.setIsServer(() => false);
    this.#queries.mount();
  }

  /** How the live connection is; tells of changes. */
  get connection(): ConnectionState {
    return this.#connection.state;
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

  /** What the territory wants its metrics to reach. */
  async targets(): Promise<readonly Target[]> {
    return parseTargets(await this.#http.request({ method: 'GET', path: 'api/settings' }));
  }

  /** Names of one kind, cached for a minute. */
  async directory(kind: DirectoryKind): Promise<DirectoryNames> {
    return new Map((await this.directoryEntries(kind)).map(({ id, name }) => [id, name]));
  }

  /** What there is of one kind, as far as the user may see it, by name; cached for a minute. */
  async directoryEntries(kind: DirectoryKind): Promise<readonly DirectoryEntry[]> {
    const session = await this.session();
    return this.#queries.query({
      queryKey: queryKeys.directory(session, kind),
      queryFn: () => readDirectory(kind, (path) => this.#http.request({ method: 'GET', path })),
      staleTime: DIRECTORY_FRESH_MS,
      gcTime: Number.POSITIVE_INFINITY,
    });
  }

  /** The dashboards that the user may see, without their bodies; asked anew each time. */
  async dashboards(): Promise<readonly DashboardSummary[]> {
    const session = await this.session();
    return this.#queries.query({
      queryKey: queryKeys.dashboards(session),
      queryFn: async () =>
        parseDashboards(await this.#http.request({ method: 'GET', path: 'api/dashboards?limit=500' })),
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
  query(request: MetricQueryRequest, dashboardId?: string): Promise<MetricReply> {
    return this.#batcher.query(request, dashboardId);
  }

  /**
   * Keeps a query answered and tells of every change: live where the service can push, by polling where it cannot.
   * Failures keep the last reply; refusals end it until `refresh()`. Equal requests are asked once.
   */
  watch(
    session: SessionInfo,
    request: MetricQueryRequest,
    listener: (update: MetricsUpdate) => void,
    options: WatchOptions = {},
  ): Watch {
    const { dashboardId } = options;
    const key = JSON.stringify(request);
    const isLive = options.isLive ?? !isClosedRange(request.range, this.clock.nowMs());
    const watch = new MetricWatch({
      queries: this.#queries,
      queryKey: queryKeys.metrics(session, request),
      request,
      ask: () => this.#counted(key, request, dashboardId),
      failures: () => this.#failures.get(key) ?? 0,
      pollIntervalMs: this.#pollIntervalMs,
      connection: isLive ? this.#connection : undefined,
      listener,
    });
    const stop = (): void => {
      if (!this.#stops.delete(stop)) return;
      this.#boards.count(dashboardId, -1);
      watch.stop();
    };
    this.#stops.add(stop);
    this.#boards.count(dashboardId, 1);
    return {
      refresh: () => {
        watch.refresh();
      },
      stop,
    };
  }

  /** Tells the service what the page does: kinds, codes and times, never what it shows. Gathered, and sent once. */
  report(event: ClientEvent): void {
    this.#usage.report(event);
  }

  /** Closes the live connection and ends all polling until `resume()`; what is shown stays. */
  suspend(): void {
    this.#connection.suspend();
  }

  /** Goes on after `suspend()`: a fresh token first where the old one is about to expire, then what was missed. */
  resume(): void {
    this.#connection.resume();
  }

  /** Forgets everything and ends all timers. */
  destroy(): void {
    for (const stop of [...this.#stops]) stop();
    this.#usage.stop();
    this.#connection.destroy();
    this.#queries.unmount();
    // What is cancelled sets one more timer when it ends; cleared after that, nothing keeps a process alive.
    void this.#queries.cancelQueries().finally(() => {
      this.#queries.clear();
    });
  }

  async #counted(key: string, request: MetricQueryRequest, dashboardId: string | undefined): Promise<MetricReply> {
    try {
      const reply = await this.query(request, dashboardId);
      this.#failures.delete(key);
      this.#connection.polled(undefined);
      return reply;
    } catch (error) {
      this.#failures.set(key, (this.#failures.get(key) ?? 0) + 1);
      this.#connection.polled(errorFromThrown(error, false));
      throw error;
    }
  }

  async #sendMetrics(request: MetricQueryRequest, dashboardId: string | undefined): Promise<MetricReply> {
    const sentAtMs = this.clock.localNowMs();
    const reply = (await this.#http.request({
      method: 'POST',
      path: 'api/metrics/query',
      body: request,
      dashboardId,
    })) as MetricReply;
    this.clock.observeInstant(reply.meta.asOf, sentAtMs, this.clock.localNowMs());
    return reply;
  }
}
