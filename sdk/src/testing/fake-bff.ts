import { LIVE_TICK_MS, PROBLEMS } from '@lumina/contracts';
import type {
  ByeReason,
  LiveRequest,
  MetricQueryRequest,
  MetricReply,
  Problem,
  ProblemCode,
  RowScope,
  Target,
} from '@lumina/contracts';
import { FAKE_DASHBOARDS } from './fake-bff-dashboards.ts';
import type { FakeDashboard } from './fake-bff-dashboards.ts';
import { FAKE_DIRECTORY, FAKE_SESSION, withinScope } from './fake-bff-directory.ts';
import type { FakeDirectory } from './fake-bff-directory.ts';
import { FakeStreams } from './fake-bff-live.ts';
import type { FakeAlert, FakeFrame } from './fake-bff-live.ts';
import { fakeReply } from './fake-bff-reply.ts';
import type { FakePut, FakeWorld } from './fake-bff-reply.ts';
import type { FakeLiveMode, FakeMetricScenario, FakeScenario } from './fake-bff-scenario.ts';
import { unanswered } from './unanswered.ts';

/** Options of {@link FakeBff}. */
export interface FakeBffOptions {
  readonly scenario?: FakeScenario;
  /** Scenarios of single metrics, by id; they outrank the one of all. */
  readonly scenarios?: Readonly<Record<string, FakeMetricScenario>>;
  /** The service's clock; a fixed one makes every value the same in each run. Default the local one. */
  readonly nowMs?: () => number;
  /** The instant at which the service's clock starts to run; ignored when `nowMs` is given. */
  readonly startMs?: number;
  /** How often live connections get a delta. Default 1,000; 0 leaves it to `push()`. */
  readonly tickMs?: number;
  readonly live?: FakeLiveMode;
  readonly directory?: Partial<FakeDirectory>;
  readonly dashboards?: readonly FakeDashboard[];
  /** What the territory wants its metrics to reach; default nothing. */
  readonly targets?: readonly Target[];
  /** Where alerts are that each live connection is told of as it begins. */
  readonly alerts?: readonly FakeAlert[];
  /** What the user may see of queues, teams and agents; default all of the territory. */
  readonly scope?: RowScope;
}

/** One request the fake got. */
export interface FakeRequest {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly authorization: string | null;
}

const TOKEN_LIFE_MS = 300_000;

/**
 * The service behind the tiles, in memory: hand its `fetch` to a provider or a client. Live connections are served as
 * streams. Values are a function of time and name, so that two runs at the same instant agree.
 */
export class FakeBff {
  /** Every request, in order. */
  readonly requests: FakeRequest[] = [];
  /** Points returned as gaps, by index from the newest. */
  gaps: readonly number[] = [];
  /** What replies say of the territory's budget for queries; undefined while all is well. */
  budget: MetricReply['meta']['budget'];
  /** How `POST /api/live` is treated from now on. */
  live: FakeLiveMode;
  readonly #nowMs: () => number;
  readonly #directory: FakeDirectory;
  readonly #targets: readonly Target[];
  readonly #dashboards: readonly FakeDashboard[];
  readonly #scope: RowScope | undefined;
  readonly #streams: FakeStreams;
  #scenario: FakeScenario;
  #scenarios: Readonly<Record<string, FakeMetricScenario>>;
  #puts: readonly FakePut[] = [];
  #aheadMs = 0;

  constructor(options: FakeBffOptions = {}) {
    this.#scenario = options.scenario ?? 'live';
    this.#scenarios = options.scenarios ?? {};
    this.live = options.live ?? 'sse';
    const headStartMs = options.startMs === undefined ? 0 : options.startMs - Date.now();
    this.#nowMs = options.nowMs ?? (() => Date.now() + headStartMs);
    this.#scope = options.scope;
    this.#targets = options.targets ?? [];
    this.#directory = withinScope({ ...FAKE_DIRECTORY, ...options.directory }, options.scope);
    this.#dashboards = options.dashboards ?? FAKE_DASHBOARDS;
    this.#streams = new FakeStreams(
      {
        answer: (query) => (this.#isUnanswered(query) ? undefined : fakeReply(this.#world(), query)),
        problem: () => (typeof this.#scenario === 'object' ? problemOf(this.#scenario.problem) : undefined),
        isSilent: () => this.#scenario === 'hanging' || this.live === 'silent',
        tickMs: options.tickMs ?? LIVE_TICK_MS,
      },
      options.alerts ?? [],
    );
  }

  /** How the service behaves; a change reaches live connections at once. */
  get scenario(): FakeScenario {
    return this.#scenario;
  }

  set scenario(scenario: FakeScenario) {
    this.#scenario = scenario;
    if (scenario === 'offline') this.#streams.cut();
    else this.#streams.push();
  }

  /** How single metrics behave; a change reaches live connections at once. */
  get scenarios(): Readonly<Record<string, FakeMetricScenario>> {
    return this.#scenarios;
  }

  set scenarios(scenarios: Readonly<Record<string, FakeMetricScenario>>) {
    this.#scenarios = scenarios;
    this.#streams.push();
  }

  /** How many live connections are open. */
  get liveCount(): number {
    return this.#streams.count;
  }

  /** Now, by the service's clock. */
  nowMs(): number {
    return this.#nowMs() + this.#aheadMs;
  }

  /** Moves the service's clock forward and sends what that changed. */
  advance(ms: number): void {
    this.#aheadMs += ms;
    this.#streams.push();
  }

  /** Sends what changed to all live connections now, as a tick does. */
  push(): void {
    this.#streams.push();
  }

  /** Puts a value in place of the invented one and sends it: the newest bucket and the total of one series. */
  put(metric: string, value: number | null, group: Readonly<Record<string, string>> = {}): void {
    this.#puts = [...this.#puts, { metric, value, group: Object.values(group).join(',') }];
    this.#streams.push();
  }

  /** Tells all live connections where an alert is, and those that begin later. */
  alert(alert: FakeAlert): void {
    this.#streams.alert(alert);
  }

  /** Sends a frame to all live connections. */
  send(frame: FakeFrame): void {
    this.#streams.send(frame);
  }

  /** Asks all live connections for a new token. */
  reauth(): void {
    this.#streams.reauth(this.nowMs() + 30_000);
  }

  /** Ends all live connections in order. */
  endLive(reason: ByeReason = 'shutdown', retryMs = 0): void {
    this.#streams.end(reason, retryMs);
  }

  /** Breaks all live connections, like a network that was away for a moment. */
  cut(): void {
    this.#streams.cut();
  }

  /** Answers like the global function. */
  readonly fetch: typeof fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input, 'http://fake.example');
    const body: unknown = typeof init?.body === 'string' ? JSON.parse(init.body) : undefined;
    this.requests.push({
      method: init?.method ?? 'GET',
      path: url.pathname,
      body,
      authorization: new Headers(init?.headers).get('authorization'),
    });
    await Promise.resolve();
    init?.signal?.throwIfAborted();
    if (this.#scenario === 'offline' || this.#breaks(body)) throw new TypeError('Failed to fetch');
    if (this.#scenario === 'hanging') return unanswered(init?.signal);
    if (typeof this.#scenario === 'object') return this.#problem(this.#scenario.problem);
    return this.#answer(url.pathname, body, init?.signal);
  };

  #answer(path: string, body: unknown, signal: AbortSignal | null | undefined): Response | Promise<Response> {
    if (path === '/api/session') return this.#json(200, { ...FAKE_SESSION, scope: this.#scope ?? null });
    if (path === '/api/settings') return this.#json(200, { version: 0, body: { targets: this.#targets } });
    if (path === '/api/client-events') return new Response(null, { status: 204, headers: this.#headers() });
    if (path === '/api/metrics/query') return this.#metrics(body as MetricQueryRequest, signal);
    if (path === '/api/live') {
      if (this.live === 'missing') return this.#problem('not_found');
      return this.#streams.open(body as LiveRequest, signal, this.#headers());
    }
    if (/^\/api\/live\/[^/]+\/token$/u.test(path)) return this.#json(200, { expiresAt: this.nowMs() + TOKEN_LIFE_MS });
    return this.#stored(path);
  }

  #stored(path: string): Response {
    if (path === '/api/dashboards') {
      return this.#json(200, { items: this.#dashboards.map(({ body: _body, ...summary }) => summary) });
    }
    const [, dashboardId] = /^\/api\/dashboards\/([^/]+)$/u.exec(path) ?? [];
    const dashboard = this.#dashboards.find(({ id }) => id === decodeURIComponent(dashboardId ?? ''));
    if (dashboard !== undefined) return this.#json(200, dashboard);
    const [, kind] = /^\/api\/directory\/(\w+)$/u.exec(path) ?? [];
    const items = (this.#directory as Readonly<Record<string, readonly unknown[]>>)[kind ?? ''];
    return items === undefined ? this.#problem('not_found') : this.#json(200, { items });
  }

  #metrics(request: MetricQueryRequest, signal: AbortSignal | null | undefined): Response | Promise<Response> {
    return this.#isUnanswered(request) ? unanswered(signal) : this.#json(200, fakeReply(this.#world(), request));
  }

  #world(): FakeWorld {
    return {
      scenario: this.#scenario,
      scenarios: this.#scenarios,
      directory: this.#directory,
      gaps: this.gaps,
      ...(this.budget === undefined ? {} : { budget: this.budget }),
      puts: this.#puts,
      nowMs: this.nowMs(),
    };
  }

  #isUnanswered(request: MetricQueryRequest): boolean {
    return request.queries.some(({ metrics }) => metrics.some((metric) => this.#scenarios[metric] === 'loading'));
  }

  /** Whether a body names a metric that breaks every request. */
  #breaks(body: unknown): boolean {
    const text = JSON.stringify(body ?? '');
    return Object.entries(this.#scenarios).some(
      ([metric, scenario]) => scenario === 'offline' && text.includes(JSON.stringify(metric)),
    );
  }

  #problem(code: ProblemCode): Response {
    return this.#json(PROBLEMS[code].status, problemOf(code));
  }

  #headers(): Record<string, string> {
    return { date: new Date(this.nowMs()).toUTCString() };
  }

  #json(status: number, body: unknown): Response {
    return new Response(JSON.stringify(body), {
      status,
      headers: { ...this.#headers(), 'content-type': 'application/json' },
    });
  }
}

function problemOf(code: ProblemCode): Problem {
  const { status, title } = PROBLEMS[code];
  return { type: 'about:blank', title, status, detail: `${title}.`, code, requestId: 'req_7f3a91c2' };
}
