import type { Request, RequestHandler, Response } from 'express';
import { requestIdOf } from '../http/request-id.ts';
import { newSpanId, newTraceId } from './trace-ids.ts';
import { traceOriginOf } from './trace-headers.ts';
import type { TraceSource } from './trace-headers.ts';
import type { Span, Tracing } from './tracing.ts';

declare module 'express-serve-static-core' {
  interface Request {
    span?: Span;
  }
}

/** The page and the probes are not worth a trace. */
const TRACED_PATH = /^\/api(?:\/([a-z-]{1,32}))?(?:\/|$)/;
const SERVER_ERROR = 500;

/** Opens the span of each request and ends it with the answer; that of an event stream once the stream has begun. */
export function traceRequests(tracing: Tracing, source: TraceSource): RequestHandler {
  return (request, response, next) => {
    const [path, feature] = TRACED_PATH.exec(request.path) ?? [];
    if (path === undefined) {
      next();
      return;
    }
    const name = `${request.method} /api${feature === undefined ? '' : `/${feature}`}`;
    const span = tracing.openRequest(traceOriginOf(request.headers, source), name);
    if (span === undefined) {
      next();
      return;
    }
    request.span = span;
    span.set({ 'http.request.method': request.method, 'lumina.request_id': requestIdOf(request) });
    endWithAnswer(span, request, response);
    span.run(next);
  };
}

function endWithAnswer(span: Span, request: Request, response: Response): void {
  const end = (isWhole: boolean): void => {
    const { identity } = request;
    const route = request.route as { readonly path?: unknown } | undefined;
    const status = response.statusCode;
    span.set({
      'http.response.status_code': status,
      'lumina.territory_id': identity?.territoryId,
      'lumina.region_id': identity?.regionId,
      ...(typeof route?.path === 'string' ? { 'http.route': `${request.baseUrl}${route.path}` } : {}),
    });
    span.end(isWhole ? (status >= SERVER_ERROR ? 'failed' : 'ok') : 'cancelled');
  };
  response.once('close', () => {
    end(response.writableFinished);
  });
  // A stream lasts for hours; its trace is how it came about.
  const writeHead = response.writeHead.bind(response) as (...values: unknown[]) => Response;
  response.writeHead = (...values: unknown[]): Response => {
    const written = writeHead(...values);
    if (String(response.getHeader('Content-Type') ?? '').startsWith('text/event-stream')) end(true);
    return written;
  };
}

/** What a request for a region carries: the span that asks, or that nobody is to record what was not recorded here. */
export function traceparentFor(span: Span | undefined): string {
  return span?.traceparent ?? `00-${newTraceId()}-${newSpanId()}-00`;
}
