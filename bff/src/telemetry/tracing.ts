/** What a span tells: names and numbers, never who somebody is, what opens a door, or the text of a statement. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** How recorded work ended. */
export type SpanOutcome = 'ok' | 'failed' | 'cancelled';

/** Whom the work of a span is for: one who asked, one who is asked, or the process itself. */
export type SpanKind = 'server' | 'client' | 'internal';

/** Work under way that is recorded. */
export interface Span {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** What a request for the next process carries as `traceparent` (W3C Trace Context). */
  readonly traceparent: string;
  readonly set: (attributes: SpanAttributes) => void;
  readonly child: (name: string, kind: SpanKind) => Span;
  /** Spans that {@link Tracing.open} begins in this work lie below this one. */
  readonly run: <T>(work: () => T) => T;
  /** The first word counts. */
  readonly end: (outcome: SpanOutcome) => void;
}

/** Where a request's trace comes from, if it is not a new one. */
export type TraceOrigin =
  | { readonly kind: 'none' }
  /** A span of the process before. */
  | { readonly kind: 'parent'; readonly traceId: string; readonly spanId: string; readonly isRecorded: boolean }
  /** An id that the load balancer has chosen. */
  | { readonly kind: 'named'; readonly traceId: string };

/** Records what a process does. Nothing is made for work that is not recorded. */
export interface Tracing {
  /** Whether anything can be recorded at all. */
  readonly isOn: boolean;
  /** The span of a request; undefined where its trace is not recorded. */
  readonly openRequest: (origin: TraceOrigin, name: string) => Span | undefined;
  /** A span below the one whose work runs; undefined where none is recorded. */
  readonly open: (name: string, kind: SpanKind) => Span | undefined;
  /** Work that nobody's request caused: a trace of its own, seldom, and never part of another. */
  readonly detached: <T>(name: string, work: () => Promise<T>) => Promise<T>;
  /** Sends what has been recorded so far. */
  readonly flush: () => Promise<void>;
  /** Sends what is left, within a short time, and ends. Never rejects. */
  readonly close: () => Promise<void>;
}

/** Records nothing, at no cost. */
export const noTracing: Tracing = {
  isOn: false,
  openRequest: () => undefined,
  open: () => undefined,
  detached: (_name, work) => work(),
  flush: () => Promise.resolve(),
  close: () => Promise.resolve(),
};

/** Runs work as the work of a span and ends the span with it. */
export async function recorded<T>(span: Span | undefined, work: () => Promise<T>): Promise<T> {
  if (span === undefined) return work();
  try {
    const result = await span.run(work);
    span.end('ok');
    return result;
  } catch (error) {
    span.end(isAbortion(error) ? 'cancelled' : 'failed');
    throw error;
  }
}

function isAbortion(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
