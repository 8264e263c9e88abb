import { BIN_MS, METRICS, PROBLEMS } from '@lumina/contracts';
import type {
  MetricAggregation,
  MetricDefinition,
  MetricQuery,
  MetricQueryRequest,
  MetricReply,
  MetricSeries,
  ProblemCode,
} from '@lumina/contracts';

/** How the fake service behaves. */
export type FakeScenario =
  'live' | 'empty' | 'late' | 'stale' | 'offline' | 'hanging' | 'refused' | { readonly problem: ProblemCode };

/** Directory entries of the fake territory. */
export const FAKE_DIRECTORY = {
  queues: [
    { id: 'q_sales', name: 'Sales' },
    { id: 'q_support', name: 'Customer support' },
    { id: 'q_billing', name: 'Billing and payments' },
    { id: 'q_vip', name: 'Priority customers, all of Europe, day team' },
  ],
  agents: [{ id: 'ag_1001', name: 'Amara Okafor' }],
  teams: [{ id: 't_uk_a', name: 'London A' }],
  trunks: [{ id: 'tr_1', name: 'Carrier one' }],
} as const;

const GROUPS: Readonly<Record<string, readonly string[]>> = {
  queue_id: FAKE_DIRECTORY.queues.map(({ id }) => id),
  direction: ['inbound', 'outbound', 'internal'],
};
const DAY_MS = 86_400_000;
const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const LAG_MS: Readonly<Record<string, number>> = { late: 25_000, stale: 190_000 };

/** Options of {@link FakeBff}. */
export interface FakeBffOptions {
  readonly scenario?: FakeScenario;
  readonly nowMs?: () => number;
}

/**
 * The service behind the tiles, in memory: hand its `fetch` to a provider or a client. Values are a function of time
 * and name, so that two runs at the same instant agree.
 */
export class FakeBff {
  /** May be changed while tiles poll. */
  scenario: FakeScenario;
  /** Every request, in order. */
  readonly requests: { readonly path: string; readonly body: unknown; readonly authorization: string | null }[] = [];
  /** Points returned as gaps, by index from the newest. */
  gaps: readonly number[] = [];
  readonly #nowMs: () => number;

  constructor(options: FakeBffOptions = {}) {
    this.scenario = options.scenario ?? 'live';
    this.#nowMs = options.nowMs ?? Date.now;
  }

  /** Answers like the global function. */
  readonly fetch: typeof fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input, 'http://fake.example');
    const body: unknown = typeof init?.body === 'string' ? JSON.parse(init.body) : undefined;
    this.requests.push({
      path: url.pathname,
      body,
      authorization: new Headers(init?.headers).get('authorization'),
    });
    await Promise.resolve();
    if (this.scenario === 'offline') throw new TypeError('Failed to fetch');
    if (this.scenario === 'hanging') return hanging(init?.signal);
    if (typeof this.scenario === 'object') return this.#problem(this.scenario.problem);
    return this.#answer(url.pathname, body);
  };

  #answer(path: string, body: unknown): Response {
    if (path === '/api/session') return this.#json(200, SESSION);
    if (path === '/api/metrics/query') return this.#json(200, this.#metrics(body as MetricQueryRequest));
    const [, kind] = /^\/api\/directory\/(\w+)$/u.exec(path) ?? [];
    const items = (FAKE_DIRECTORY as Readonly<Record<string, readonly unknown[]>>)[kind ?? ''];
    return items === undefined ? this.#problem('not_found') : this.#json(200, { items });
  }

  #problem(code: ProblemCode): Response {
    const { status, title } = PROBLEMS[code];
    const detail = `${title}.`;
    return this.#json(status, { type: 'about:blank', title, status, detail, code, requestId: 'req_7f3a91c2' });
  }

  #json(status: number, body: unknown): Response {
    return new Response(JSON.stringify(body), {
      status,
      headers: { 'content-type': 'application/json', date: new Date(this.#nowMs()).toUTCString() },
    });
  }

  #metrics(request: MetricQueryRequest): MetricReply {
    const toMs = this.#nowMs();
    const spanMs = spanOf(request);
    const bin = request.bin === undefined || request.bin === 'auto' ? (spanMs > 3_600_000 ? '5m' : '1m') : request.bin;
    const grid = { fromMs: toMs - spanMs, toMs, binMs: bin === '1d' ? DAY_MS : BIN_MS[bin] };
    const data: MetricSeries[] = [];
    const aggregations: MetricAggregation[] = [];
    const errors: { ref: string; code: 'unknown_metric'; detail: string }[] = [];
    for (const query of request.queries) {
      if (this.scenario === 'refused') {
        errors.push({ ref: query.ref, code: 'unknown_metric', detail: 'There is no such metric.' });
      } else {
        this.#answerQuery(query, grid, data, aggregations);
      }
    }
    const lagMs = typeof this.scenario === 'string' ? (LAG_MS[this.scenario] ?? 1200) : 1200;
    return {
      data,
      aggregations,
      errors,
      meta: {
        bin,
        from: grid.fromMs,
        to: toMs,
        timeZone: request.timeZone ?? SESSION.territory.timeZone,
        asOf: toMs,
        watermark: toMs - lagMs,
        cache: { state: 'hit', fetched: 0 },
        definitions: {},
      },
    };
  }

  #answerQuery(
    query: MetricQuery,
    grid: { readonly fromMs: number; readonly toMs: number; readonly binMs: number },
    data: MetricSeries[],
    aggregations: MetricAggregation[],
  ): void {
    const isEmpty = this.scenario === 'empty';
    const [metric = ''] = query.metrics;
    const [dimension] = query.groupBy ?? [];
    const values = dimension === undefined ? [''] : (GROUPS[dimension] ?? []);
    for (const value of values) {
      const group = dimension === undefined ? {} : { [dimension]: value };
      const points: [number, number | null][] = [];
      for (let at = Math.floor(grid.fromMs / grid.binMs) * grid.binMs; at < grid.toMs; at += grid.binMs) {
        points.push([at, isEmpty ? null : valueAt(metric, value, at)]);
      }
      for (const fromEnd of this.gaps) {
        const gap = points.at(-1 - fromEnd);
        if (gap !== undefined) gap[1] = null;
      }
      const total = isEmpty ? null : totalOf(metric, points);
      data.push({ ref: query.ref, metric, group, points });
      aggregations.push({ ref: query.ref, metric, group, value: total, num: total, den: 1 });
    }
  }
}

const SESSION = {
  user: { id: 'user_1' },
  territory: { id: 101, name: 'Albion Telecom', timeZone: 'Europe/London' },
  region: { id: 1, code: 'UK', name: 'United Kingdom' },
  roles: ['viewer'],
  permissions: ['metrics:read', 'directory:read'],
  scope: null,
  streamUrl: '/api/live',
  minClient: '0.1.0',
} as const;

function spanOf(request: MetricQueryRequest): number {
  const last = 'last' in request.range ? request.range.last : '6h';
  const [, amount, unit] = /^(\d+)([smhd])$/u.exec(last) ?? [];
  return Number(amount ?? 1) * (UNIT_MS[unit ?? 'h'] ?? 3_600_000);
}

const LEVELS: Readonly<Record<string, number>> = {
  call_count: 9,
  call_answer_rate: 91,
  queue_service_level: 82,
  queue_depth: 5,
  longest_wait: 48,
  agent_available_count: 7,
  queue_wait_time: 23,
  call_duration: 214,
};

function seedOf(name: string): number {
  let seed = 7;
  for (const char of name) seed = (seed * 31 + (char.codePointAt(0) ?? 0)) % 997;
  return seed;
}

function valueAt(metric: string, value: string, atMs: number): number {
  const level = LEVELS[metric] ?? 12;
  const seed = seedOf(`${metric}${value}`);
  const slow = Math.sin(atMs / 900_000 + seed);
  const fast = Math.sin(atMs / 70_000 + seed * 3) * 0.5 + Math.sin(atMs / 23_000 + seed * 7) * 0.3;
  const share = value === '' ? 1 : 0.35 + (seed % 7) / 10;
  const raw = level * share * (1 + slow * 0.35 + fast * 0.3);
  const definition = (METRICS as Readonly<Record<string, MetricDefinition>>)[metric];
  if (definition?.unit === '%') return Math.min(100, level + slow * 5 + fast * 6);
  return Math.max(0, definition?.unit === 'count' ? Math.round(raw) : raw);
}

function totalOf(metric: string, points: readonly (readonly [number, number | null])[]): number | null {
  const known = points.flatMap(([, value]) => (value === null ? [] : [value]));
  if (known.length === 0) return null;
  const sum = known.reduce((total, value) => total + value, 0);
  if (metric === 'call_count') return sum;
  const definition = (METRICS as Readonly<Record<string, MetricDefinition>>)[metric];
  const isLevel = definition?.stats.now !== undefined;
  return isLevel ? (known.at(-1) ?? null) : sum / known.length;
}

function hanging(signal: AbortSignal | null | undefined): Promise<Response> {
  return new Promise((_resolve, reject) => {
    signal?.addEventListener('abort', () => {
      reject(new DOMException('The request was aborted.', 'AbortError'));
    });
  });
}
