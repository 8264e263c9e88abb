import { LIVE_STREAM_HEADER } from '@lumina/contracts';
import type {
  ByeReason,
  LiveFrame,
  LiveRequest,
  MetricQueryRequest,
  MetricReply,
  MetricSeries,
  Problem,
} from '@lumina/contracts';
import { seriesKey } from '../client/live/apply-frame.ts';

type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;

/** A frame that has not been sent yet. */
export type FakeFrame = WithoutId<LiveFrame>;

/** Where an alert is. */
export type FakeAlert = Omit<Extract<FakeFrame, { event: 'alert' }>, 'event'>;

interface Subscription {
  /** The id the client gave; absent for a request that asks one thing. */
  readonly request?: string;
  readonly query: MetricQueryRequest;
  last: MetricReply | undefined;
}

interface Stream {
  readonly name: string;
  readonly controller: ReadableStreamDefaultController<Uint8Array>;
  readonly subscriptions: readonly Subscription[];
}

/** What the streams need of the fake around them; `answer` gives undefined for what never answers. */
export interface FakeLiveHost {
  readonly answer: (query: MetricQueryRequest) => MetricReply | undefined;
  readonly problem: () => Problem | undefined;
  readonly isSilent: () => boolean;
  readonly tickMs: number;
}

/** The live connections of the fake: snapshots at once, then a delta per tick and per `push`. */
export class FakeStreams {
  readonly #host: FakeLiveHost;
  readonly #streams = new Set<Stream>();
  readonly #encoder = new TextEncoder();
  #timer: ReturnType<typeof setInterval> | undefined;
  readonly #alerts = new Map<string, FakeAlert>();
  #opened = 0;
  #frames = 0;

  constructor(host: FakeLiveHost, alerts: readonly FakeAlert[]) {
    this.#host = host;
    for (const alert of alerts) this.#alerts.set(alert.ruleId, alert);
  }

  /** How many are open. */
  get count(): number {
    return this.#streams.size;
  }

  /** Answers `POST /api/live`. */
  open(body: LiveRequest, signal: AbortSignal | null | undefined, headers: Readonly<Record<string, string>>): Response {
    this.#opened += 1;
    const name = `fake_${String(this.#opened)}`;
    let stream: Stream | undefined;
    const source = new ReadableStream<Uint8Array>({
      start: (controller) => {
        stream = { name, controller, subscriptions: subscriptionsOf(body) };
        this.#streams.add(stream);
      },
      cancel: () => {
        this.#forget(stream);
      },
    });
    signal?.addEventListener('abort', () => {
      this.#fail(stream, new DOMException('The request was aborted.', 'AbortError'));
    });
    this.#timer ??=
      this.#host.tickMs > 0
        ? setInterval(() => {
            this.push();
          }, this.#host.tickMs)
        : undefined;
    this.push();
    if (stream !== undefined)
      for (const alert of this.#alerts.values()) this.#write(stream, { event: 'alert', ...alert });
    return new Response(source, {
      status: 200,
      headers: { ...headers, 'content-type': 'text/event-stream', [LIVE_STREAM_HEADER]: name },
    });
  }

  /** Sends what changed since the last time to everybody, as a tick does. */
  push(): void {
    if (this.#host.isSilent()) return;
    const problem = this.#host.problem();
    for (const stream of [...this.#streams]) {
      if (problem === undefined) this.#pushTo(stream);
      else if (problem.status >= 500 || problem.status === 429) this.#fail(stream, new TypeError('The stream broke.'));
      else this.#tellProblem(stream, problem);
    }
  }

  /** Tells every stream where an alert is, and each that begins later. */
  alert(alert: FakeAlert): void {
    this.#alerts.set(alert.ruleId, alert);
    this.send({ event: 'alert', ...alert });
  }

  /** Sends a frame to every stream. */
  send(frame: FakeFrame): void {
    for (const stream of [...this.#streams]) this.#write(stream, frame);
  }

  /** Asks every stream for a new token. */
  reauth(expiresAtMs: number): void {
    for (const stream of [...this.#streams]) {
      this.#write(stream, { event: 'reauth', stream: stream.name, expiresAt: expiresAtMs });
    }
  }

  /** Ends every stream in order. */
  end(reason: ByeReason, retryMs: number): void {
    for (const stream of [...this.#streams]) {
      this.#write(stream, { event: 'bye', reason, retryMs });
      this.#forget(stream);
      stream.controller.close();
    }
  }

  /** Breaks every stream, like a lost network. */
  cut(): void {
    for (const stream of [...this.#streams]) this.#fail(stream, new TypeError('network error'));
  }

  #pushTo(stream: Stream): void {
    for (const subscription of stream.subscriptions) {
      const reply = this.#host.answer(subscription.query);
      if (reply === undefined) continue;
      const { last } = subscription;
      subscription.last = reply;
      const address = subscription.request === undefined ? {} : { request: subscription.request };
      if (last === undefined) this.#write(stream, { event: 'snapshot', ...address, ...reply });
      else this.#write(stream, { event: 'delta', ...address, ...reply, data: changedSeries(last, reply) });
    }
  }

  #tellProblem(stream: Stream, problem: Problem): void {
    for (const { request } of stream.subscriptions) {
      this.#write(stream, { event: 'problem', ...(request === undefined ? {} : { request }), problem });
    }
  }

  #write(stream: Stream, frame: FakeFrame): void {
    this.#frames += 1;
    const id = `fake-${String(this.#frames)}-1`;
    const text = `id: ${id}\nevent: ${frame.event}\ndata: ${JSON.stringify({ ...frame, id })}\n\n`;
    stream.controller.enqueue(this.#encoder.encode(text));
  }

  #fail(stream: Stream | undefined, error: Error): void {
    if (stream === undefined || !this.#streams.has(stream)) return;
    this.#forget(stream);
    stream.controller.error(error);
  }

  #forget(stream: Stream | undefined): void {
    if (stream !== undefined) this.#streams.delete(stream);
    if (this.#streams.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }
}

function subscriptionsOf(body: LiveRequest): readonly Subscription[] {
  if (!('requests' in body)) {
    const { resume: _resume, ...query } = body;
    return [{ query: asked(query), last: undefined }];
  }
  return body.requests.map(({ id, ...query }) => ({ request: id, query: asked(query), last: undefined }));
}

/** The tiles watch metrics; what has none of them, such as watched rows alone, is not the fake's to answer. */
function asked(request: Partial<MetricQueryRequest>): MetricQueryRequest {
  return { range: { last: '1h' }, queries: [], ...request };
}

/** The series that changed, with only the points that did. */
function changedSeries(last: MetricReply, next: MetricReply): MetricSeries[] {
  const before = new Map(last.data.map((series) => [seriesKey(series), new Map(series.points)]));
  return next.data.flatMap((series) => {
    const known = before.get(seriesKey(series));
    if (known === undefined) return [series];
    const points = series.points.filter(([at, value]) => !known.has(at) || known.get(at) !== value);
    return points.length === 0 ? [] : [{ ...series, points }];
  });
}
