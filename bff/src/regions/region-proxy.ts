import { Agent as HttpAgent } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { createProxyMiddleware } from 'http-proxy-middleware';
import type { RegionId } from '@lumina/contracts';
import { identityOf } from '../auth/identity.ts';
import { HttpProblem } from '../http/problem.ts';
import { requestIdOf } from '../http/request-id.ts';
import { createCircuitBreaker } from './circuit-breaker.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';
import { cleanRequestHeaders, cleanResponseHeaders } from './header-hygiene.ts';

/** One region as the distributor reaches it. */
interface Upstream {
  readonly origin: string;
  readonly breaker: CircuitBreaker;
  readonly proxy: RequestHandler;
  readonly agent: HttpAgent;
}

/** The distributor's way to the regions. */
export interface RegionProxy {
  readonly handler: RequestHandler;
  /** Closes pooled connections. */
  close: () => void;
}

/** How the proxy behaves. */
export interface RegionProxyOptions {
  /** Origins by region, frozen at start: nothing a caller sends becomes part of a target. */
  readonly urls: ReadonlyMap<RegionId, string>;
  /** How long a region may take to begin its answer, and may pause within it. */
  readonly timeoutMs: number;
}

/** Enough for the concurrency of one region; the rest waits in the agent's queue. */
const MAX_SOCKETS = 256;
/** Shorter than the regions keep an idle connection, so that a pooled one is seldom dead. */
const IDLE_SOCKET_MS = 30_000;
const MAX_ATTEMPTS = 2;
const CONNECT_FAILURES = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
]);
const REPEATABLE = new Set(['GET', 'HEAD']);
const METHODS_WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);

/** What is known about one request while it is under way. */
interface Attempt {
  count: number;
  isTimedOut: boolean;
  isOnReusedSocket: boolean;
  timer?: NodeJS.Timeout;
  /** Answers a failure, at most once per attempt: the proxy reports some twice and some only by its event. */
  fail?: ((error: unknown) => void) | undefined;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** Bodies are forwarded only where Node frames them anew; elsewhere an unframed body could pass as a second request. */
function assertBodyIsFramed(request: Request): void {
  const hasBody =
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
  if (hasBody && !METHODS_WITH_BODY.has(request.method)) {
    throw new HttpProblem('invalid_request', `${request.method} takes no body.`, { status: 400 });
  }
}

function unavailable(upstream?: Upstream, cause?: unknown): HttpProblem {
  return new HttpProblem(
    'region_unavailable',
    'The region of this territory cannot be reached at the moment; try again shortly.',
    {
      headers: { 'Retry-After': String(upstream?.breaker.retryAfterSeconds() ?? 30) },
      ...(cause === undefined ? {} : { cause }),
    },
  );
}

function problemOf(error: unknown, attempt: Attempt, upstream: Upstream): HttpProblem {
  if (attempt.isTimedOut)
    return new HttpProblem('upstream_timeout', 'The region did not answer in time; try a shorter range.', {
      cause: error,
    });
  if (CONNECT_FAILURES.has(codeOf(error))) return unavailable(upstream, error);
  return new HttpProblem('upstream_reset', 'The region closed the connection before it answered; try again.', {
    cause: error,
  });
}

const attempts = new WeakMap<IncomingMessage, Attempt>();

function attemptOf(request: IncomingMessage): Attempt {
  const known = attempts.get(request);
  if (known !== undefined) return known;
  const fresh: Attempt = { count: 0, isTimedOut: false, isOnReusedSocket: false };
  attempts.set(request, fresh);
  return fresh;
}

function failOnce(request: IncomingMessage, error: unknown): void {
  const attempt = attemptOf(request);
  const { fail } = attempt;
  attempt.fail = undefined;
  fail?.(error);
}

function armTimer(proxyReq: ClientRequest, request: IncomingMessage, timeoutMs: number): void {
  const attempt = attemptOf(request);
  attempt.isOnReusedSocket = proxyReq.reusedSocket;
  clearTimeout(attempt.timer);
  // A timeout of the proxy surfaces as ECONNRESET; the own timer tells it from a real reset.
  attempt.timer = setTimeout(() => {
    attempt.isTimedOut = true;
    proxyReq.destroy();
  }, timeoutMs);
  proxyReq.once('close', () => {
    clearTimeout(attempt.timer);
  });
}

function createUpstream(origin: string, timeoutMs: number): Upstream {
  const options = { keepAlive: true, maxSockets: MAX_SOCKETS, scheduling: 'lifo' as const, timeout: IDLE_SOCKET_MS };
  const agent = origin.startsWith('https:') ? new HttpsAgent(options) : new HttpAgent(options);
  const breaker = createCircuitBreaker();
  const proxy = createProxyMiddleware<Request, Response>({
    target: origin,
    router: () => origin,
    agent,
    changeOrigin: true,
    xfwd: false,
    proxyTimeout: timeoutMs + 1_000,
    on: {
      proxyReq: (proxyReq, request) => {
        armTimer(proxyReq, request, timeoutMs);
      },
      proxyRes: (proxyRes, request) => {
        clearTimeout(attemptOf(request).timer);
        breaker.succeeded();
        cleanResponseHeaders(proxyRes.headers);
      },
      error: (error, request) => {
        failOnce(request, error);
      },
    },
  });
  return { origin, breaker, agent, proxy: proxy as RequestHandler };
}

function handleFailure(
  error: unknown,
  upstream: Upstream,
  request: Request,
  response: Response,
  next: NextFunction,
): void {
  const attempt = attemptOf(request);
  const isLostOnReuse = attempt.isOnReusedSocket && !attempt.isTimedOut && codeOf(error) === 'ECONNRESET';
  if (
    isLostOnReuse &&
    attempt.count < MAX_ATTEMPTS &&
    REPEATABLE.has(request.method) &&
    !response.headersSent &&
    !response.destroyed
  ) {
    forward(upstream, request, response, next);
    return;
  }
  if (response.destroyed) {
    upstream.breaker.abandoned();
    return;
  }
  const problem = problemOf(error, attempt, upstream);
  if (problem.code === 'region_unavailable') upstream.breaker.failed();
  else upstream.breaker.abandoned();
  next(problem.code === 'region_unavailable' ? unavailable(upstream, error) : problem);
}

function forward(upstream: Upstream, request: Request, response: Response, next: NextFunction): void {
  const attempt = attemptOf(request);
  attempt.count += 1;
  attempt.fail = (error) => {
    handleFailure(error, upstream, request, response, next);
  };
  void upstream.proxy(request, response, (error?: unknown) => {
    failOnce(request, error ?? new Error('The proxy passed the request on.'));
  });
}

/** Proxies authenticated requests to the region their identity belongs to. */
export function createRegionProxy({ urls, timeoutMs }: RegionProxyOptions): RegionProxy {
  const upstreams: ReadonlyMap<RegionId, Upstream> = new Map(
    [...urls].map(([id, origin]) => [id, createUpstream(origin, timeoutMs)]),
  );

  const handler: RequestHandler = (request, response, next) => {
    const upstream = upstreams.get(identityOf(request).regionId);
    if (upstream === undefined) throw unavailable();
    assertBodyIsFramed(request);
    if (!upstream.breaker.tryPass()) throw unavailable(upstream);
    response.once('close', () => {
      if (!response.headersSent) upstream.breaker.abandoned();
    });
    cleanRequestHeaders(request.headers, {
      remoteAddress: request.socket.remoteAddress ?? 'unknown',
      protocol: request.protocol,
      host: request.headers.host ?? '',
      requestId: requestIdOf(request),
    });
    forward(upstream, request, response, next);
  };

  return {
    handler,
    close: () => {
      for (const upstream of upstreams.values()) upstream.agent.destroy();
    },
  };
}
