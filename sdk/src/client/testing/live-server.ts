import type { LiveFrame, LiveSubscription, MetricReply, MetricSeries } from '@lumina/contracts';
import { FAKE_SESSION } from '../../testing/fake-bff-directory.ts';
import { unanswered } from '../../testing/unanswered.ts';

/** How the next `POST /api/live` is answered. */
export type LiveAnswer =
  | 'stream'
  | 'html'
  | 'network-error'
  | 'never'
  | { readonly status: number; readonly code?: string; readonly headers?: Readonly<Record<string, string>> };

/** One stream that was opened. */
export class OpenedStream {
  readonly requests: readonly LiveSubscription[];
  readonly resume: string | undefined;
  readonly authorization: string;
  readonly #controller: ReadableStreamDefaultController<Uint8Array>;
  readonly #signal: AbortSignal;

  constructor(
    body: { readonly requests: readonly LiveSubscription[]; readonly resume?: string },
    authorization: string,
    controller: ReadableStreamDefaultController<Uint8Array>,
    signal: AbortSignal,
  ) {
    this.requests = body.requests;
    this.resume = body.resume;
    this.authorization = authorization;
    this.#controller = controller;
    this.#signal = signal;
    signal.addEventListener('abort', () => {
      controller.error(new DOMException('The request was aborted.', 'AbortError'));
    });
  }

  get isClosedByClient(): boolean {
    return this.#signal.aborted;
  }

  /** Frames in one chunk. */
  send(...frames: readonly (LiveFrame | object)[]): void {
    this.write(frames.map((frame) => `id: ${(frame as LiveFrame).id}\ndata: ${JSON.stringify(frame)}\n\n`).join(''));
  }

  write(text: string): void {
    if (!this.#signal.aborted) this.#controller.enqueue(new TextEncoder().encode(text));
  }

  end(): void {
    this.#controller.close();
  }

  breakOff(): void {
    this.#controller.error(new TypeError('network error'));
  }

  /** Subscription id of the nth request. */
  subscription(index = 0): string {
    return this.requests[index]?.id ?? '';
  }
}

/** The service side of live connections, in the hands of a test. */
export class LiveServer {
  readonly streams: OpenedStream[] = [];
  /** Paths asked, in order. */
  readonly paths: string[] = [];
  readonly authorizations: string[] = [];
  /** Answers to the next attempts; the last one stays. */
  answers: LiveAnswer[] = ['stream'];
  /** Everything but live connections; undefined leaves it to the built-in answers. */
  other: ((path: string, init: RequestInit | undefined) => Response | Promise<Response> | undefined) | undefined;
  /** Whether anything gets through. */
  isReachable = true;
  #sequence = 0;

  get stream(): OpenedStream {
    const last = this.streams.at(-1);
    if (last === undefined) throw new Error('Nothing was opened.');
    return last;
  }

  /** The next id. */
  id(): string {
    this.#sequence += 1;
    return `epoch-${String(this.#sequence)}-m`;
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const path = new URL(input instanceof Request ? input.url : input).pathname;
    this.paths.push(path);
    this.authorizations.push(new Headers(init?.headers).get('authorization') ?? '');
    await Promise.resolve();
    init?.signal?.throwIfAborted();
    const other = this.other?.(path, init);
    if (other !== undefined) return other;
    if (!this.isReachable) throw new TypeError('Failed to fetch');
    if (path === '/api/live') return this.#open(init);
    if (path === '/api/session') return json(200, FAKE_SESSION);
    if (path.endsWith('/token')) return json(200, { expiresAt: 0 });
    if (path === '/api/metrics/query') return json(200, replyOf('call_count', 1));
    return json(404, { code: 'not_found' });
  };

  #open(init: RequestInit | undefined): Response | Promise<Response> {
    const [answer = 'stream'] = this.answers;
    if (this.answers.length > 1) this.answers.shift();
    if (answer === 'network-error') throw new TypeError('Failed to fetch');
    if (answer === 'never') return unanswered(init?.signal);
    if (answer === 'html') return new Response('<p>Sign in to the Wi-Fi', { headers: { 'content-type': 'text/html' } });
    if (answer !== 'stream') return json(answer.status, { code: answer.code }, answer.headers);
    const body = JSON.parse(typeof init?.body === 'string' ? init.body : '{}');
    const authorization = new Headers(init?.headers).get('authorization') ?? '';
    const signal = init?.signal ?? new AbortController().signal;
    const source = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.streams.push(new OpenedStream(body, authorization, controller, signal));
      },
    });
    return new Response(source, { headers: { 'content-type': 'text/event-stream; charset=utf-8' } });
  }

  /** A snapshot of a stream's nth subscription: each query has its place, or `value`, as its value. */
  snapshot(stream: OpenedStream, index = 0, value?: number): LiveFrame {
    return this.#frame('snapshot', stream, index, value) as LiveFrame;
  }

  /** The same as a change. */
  delta(stream: OpenedStream, index = 0, value?: number): LiveFrame {
    return this.#frame('delta', stream, index, value) as LiveFrame;
  }

  #frame(event: 'snapshot' | 'delta', stream: OpenedStream, index: number, value: number | undefined): object {
    const request = stream.requests[index];
    const queries = request?.queries ?? [];
    const replies = queries.map(({ ref, metrics: [metric = ''] }, place) => replyOf(metric, value ?? place, ref));
    return {
      event,
      id: this.id(),
      request: request?.id,
      data: replies.flatMap(({ data }) => data),
      aggregations: replies.flatMap(({ aggregations }) => aggregations),
      errors: [],
      meta: META,
    };
  }
}

/** A `Response` of JSON. */
export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } });
}

/** The instant of all replies here. */
export const NOW_MS = Date.UTC(2026, 2, 2, 10);

/** What all replies here say about themselves. */
export const META: MetricReply['meta'] = {
  bin: '1m',
  from: NOW_MS - 3_600_000,
  to: NOW_MS,
  timeZone: 'UTC',
  asOf: NOW_MS,
  watermark: NOW_MS - 1000,
  cache: { state: 'hit', fetched: 0 },
  definitions: {},
};

/** A reply with one series of one point. */
export function replyOf(metric: string, value: number, ref = 'A'): MetricReply {
  const series: MetricSeries = { ref, metric, group: {}, points: [[NOW_MS - 60_000, value]] };
  return {
    data: [series],
    aggregations: [{ ref, metric, group: {}, value, num: value, den: 1 }],
    errors: [],
    meta: META,
  };
}
