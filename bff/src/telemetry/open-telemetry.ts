import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { ROOT_CONTEXT, SpanKind as Kind, SpanStatusCode, TraceFlags, trace } from '@opentelemetry/api';
import type { Context, Span as ApiSpan, Tracer } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { AlwaysOnSampler, BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import type { SpanExporter } from '@opentelemetry/sdk-trace';
import { TraceIds } from './trace-ids.ts';
import { recorded } from './tracing.ts';
import type { Span, SpanAttributes, SpanKind, SpanOutcome, TraceOrigin, Tracing } from './tracing.ts';

/** Where traces go and how many are recorded. */
export interface TracingOptions {
  /** Base address of an OTLP collector over HTTP; `/v1/traces` is added. */
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly serviceName: string;
  /** Share of new traces that are recorded, from 0 to 1. */
  readonly ratio: number;
  /** Share of live evaluations that are. */
  readonly liveRatio: number;
  /** The first of a row of deliveries to the collector that failed. */
  readonly onFailure: (error: unknown) => void;
  /** From 0 up to 1; replaced in tests. */
  readonly random?: () => number;
}

/** Spans that wait for their delivery; what comes when it is full is dropped. */
const QUEUE_SPANS = 4_096;
const BATCH_SPANS = 512;
const SEND_EVERY_MS = 2_000;
const SEND_TIMEOUT_MS = 5_000;
/** What the last delivery may take of the end of the process. */
const CLOSE_MS = 400;

const KINDS: Readonly<Record<SpanKind, Kind>> = { server: Kind.SERVER, client: Kind.CLIENT, internal: Kind.INTERNAL };

/** A span, and where what lies below it hangs. */
class RecordedSpan implements Span {
  readonly traceId: string;
  readonly traceparent: string;
  readonly #owner: Recorder;
  readonly #span: ApiSpan;
  readonly #context: Context;

  constructor(owner: Recorder, span: ApiSpan, parent: Context) {
    const { traceId, spanId } = span.spanContext();
    this.traceId = traceId;
    this.traceparent = `00-${traceId}-${spanId}-01`;
    this.#owner = owner;
    this.#span = span;
    this.#context = trace.setSpan(parent, span);
  }

  set(attributes: SpanAttributes): void {
    this.#span.setAttributes(attributes);
  }

  child(name: string, kind: SpanKind): Span {
    return this.#owner.begin(name, kind, this.#context);
  }

  run<T>(work: () => T): T {
    return this.#owner.current.run(this, work);
  }

  end(outcome: SpanOutcome): void {
    if (!this.#span.isRecording()) return;
    if (outcome === 'failed') this.#span.setStatus({ code: SpanStatusCode.ERROR });
    if (outcome === 'cancelled') this.#span.setAttribute('lumina.cancelled', true);
    this.#span.end();
  }
}

/** Explicit spans: nothing of Node or of a library is patched, and nothing global is set. */
class Recorder {
  /** The span whose work runs. */
  readonly current = new AsyncLocalStorage<RecordedSpan | undefined>();
  readonly #tracer: Tracer;

  constructor(tracer: Tracer) {
    this.#tracer = tracer;
  }

  begin(name: string, kind: SpanKind, parent: Context): RecordedSpan {
    return new RecordedSpan(this, this.#tracer.startSpan(name, { kind: KINDS[kind] }, parent), parent);
  }
}

function contextOf(origin: TraceOrigin): Context {
  if (origin.kind !== 'parent') return ROOT_CONTEXT;
  const { traceId, spanId } = origin;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags: TraceFlags.SAMPLED, isRemote: true });
}

/** Tells of the first failure of a row; the exporter itself tries again and drops in silence. */
function telling(exporter: SpanExporter, onFailure: (error: unknown) => void): SpanExporter {
  let hasFailed = false;
  return {
    export: (spans, done) => {
      exporter.export(spans, (result) => {
        if (result.error !== undefined && !hasFailed) onFailure(result.error);
        hasFailed = result.error !== undefined;
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
  };
}

function providerOf(options: TracingOptions, ids: TraceIds): TracerProvider {
  const exporter = new OTLPTraceExporter({
    url: `${options.endpoint.replace(/\/$/, '')}/v1/traces`,
    headers: { ...options.headers },
    timeoutMillis: SEND_TIMEOUT_MS,
  });
  const processor = new BatchSpanProcessor({
    exporter: telling(exporter, options.onFailure),
    maxQueueSize: QUEUE_SPANS,
    maxExportBatchSize: BATCH_SPANS,
    scheduledDelayMillis: SEND_EVERY_MS,
    exportTimeoutMillis: SEND_TIMEOUT_MS,
  });
  return new TracerProvider({
    // What is not to be recorded never comes so far.
    sampler: new AlwaysOnSampler(),
    idGenerator: ids,
    resource: resourceFromAttributes({ 'service.name': options.serviceName }),
    spanProcessors: [processor],
  });
}

/** Traces by OpenTelemetry, sent to a collector. */
export function createTracing(options: TracingOptions): Tracing {
  const { ratio, liveRatio, random = Math.random } = options;
  const ids = new TraceIds();
  const provider = providerOf(options, ids);
  const recorder = new Recorder(provider.getTracer('lumina-bff'));
  const { current } = recorder;
  return {
    isOn: true,
    openRequest: (origin, name) => {
      // Whoever was asked first has decided for all.
      const isRecorded = origin.kind === 'parent' ? origin.isRecorded : random() < ratio;
      if (!isRecorded) return undefined;
      if (origin.kind === 'named') ids.useNext(origin.traceId);
      return recorder.begin(name, 'server', contextOf(origin));
    },
    open: (name, kind) => current.getStore()?.child(name, kind),
    detached: (name, work) =>
      current.run(undefined, () =>
        recorded(random() < liveRatio ? recorder.begin(name, 'internal', ROOT_CONTEXT) : undefined, work),
      ),
    flush: () => provider.forceFlush({ timeoutMillis: SEND_TIMEOUT_MS }).catch(options.onFailure),
    close: async () => {
      const closed = new AbortController();
      const late = delay(CLOSE_MS, undefined, { signal: closed.signal }).catch(() => undefined);
      await Promise.race([provider.shutdown().catch(options.onFailure), late]);
      closed.abort();
    },
  };
}
