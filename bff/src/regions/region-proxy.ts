import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { RegionId } from '@lumina/contracts';
import { identityOf } from '../auth/identity.ts';
import { clientAddress } from '../http/client-address.ts';
import type { ClientAddressOf } from '../http/client-address.ts';
import { HttpProblem } from '../http/problem.ts';
import { requestIdOf } from '../http/request-id.ts';
import { traceparentFor } from '../telemetry/trace-requests.ts';
import { attemptOf, failOnce } from './attempt.ts';
import type { Attempt } from './attempt.ts';
import { cleanRequestHeaders } from './header-hygiene.ts';
import { createLiveConnections } from './live-connections.ts';
import { createLiveUpgrade } from './live-upgrade.ts';
import type { LiveUpgrade } from './live-upgrade.ts';
import { codeOf, problemOf, unavailable } from './region-failure.ts';
import { createUpstream } from './upstream.ts';
import type { Upstream } from './upstream.ts';

/** The distributor's way to the regions. */
export interface RegionProxy {
  readonly handler: RequestHandler;
  /** Proxies a request without an identity to a region that it names by an id. */
  readonly forwardTo: (regionId: RegionId, request: Request, response: Response, next: NextFunction) => void;
  /** Takes WebSockets to the regions of their tickets. */
  readonly upgrade: LiveUpgrade;
  /** Ends live connections, which would last for ever. */
  readonly drain: () => void;
  /** Closes pooled connections. */
  readonly close: () => void;
}

/** How the proxy behaves. */
export interface RegionProxyOptions {
  /** Origins by region, frozen at start: nothing a caller sends becomes part of a target. */
  readonly urls: ReadonlyMap<RegionId, string>;
  /** How long a region may take to begin its answer, and may pause within it (a live stream may, for ever). */
  readonly timeoutMs: number;
  /** Where a request came from, as the regions are told; default: the peer of its connection. */
  readonly clientAddressOf?: ClientAddressOf;
  /** Whether regions are told what is recorded. */
  readonly tracesRequests?: boolean;
}

const MAX_ATTEMPTS = 2;
const REPEATABLE = new Set(['GET', 'HEAD']);
const METHODS_WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);
/** Read as the regions read it. */
const STREAM_PATH = /^\/api\/live\/?$/i;

/** Bodies are forwarded only where Node frames them anew; elsewhere an unframed body could pass as a second request. */
function assertBodyIsFramed(request: Request): void {
  const hasBody =
    request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
  if (hasBody && !METHODS_WITH_BODY.has(request.method)) {
    throw new HttpProblem('invalid_request', `${request.method} takes no body.`, { status: 400 });
  }
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
  } else if (response.destroyed) {
    upstream.breaker.abandoned();
  } else {
    next(problemOf(error, attempt, upstream.breaker));
  }
}

/** Each try is a span of its own, and what the region records lies below it. */
function beginSpan(attempt: Attempt, request: Request, { regionId }: Upstream): void {
  const span = (attempt.span = request.span?.child('region', 'client'));
  span?.set({ 'lumina.region_id': regionId, 'lumina.attempt': attempt.count });
  if (span !== undefined) request.headers['traceparent'] = span.traceparent;
}

function forward(upstream: Upstream, request: Request, response: Response, next: NextFunction): void {
  const attempt = attemptOf(request);
  attempt.count += 1;
  beginSpan(attempt, request, upstream);
  attempt.fail = (error) => {
    handleFailure(error, upstream, request, response, next);
  };
  const isStream = request.method === 'POST' && STREAM_PATH.test(request.path);
  void (isStream ? upstream.streamProxy : upstream.proxy)(request, response, (error?: unknown) => {
    failOnce(request, error ?? new Error('The proxy passed the request on.'));
  });
}

/** Proxies authenticated requests to the region their identity belongs to. */
export function createRegionProxy(options: RegionProxyOptions): RegionProxy {
  const { urls, timeoutMs, clientAddressOf = clientAddress([]), tracesRequests = false } = options;
  const connections = createLiveConnections();
  const upstreams: ReadonlyMap<RegionId, Upstream> = new Map(
    [...urls].map(([id, origin]) => [id, createUpstream(id, origin, { timeoutMs, connections })]),
  );

  const forwardTo: RegionProxy['forwardTo'] = (regionId, request, response, next) => {
    const upstream = upstreams.get(regionId);
    if (upstream === undefined) throw unavailable();
    assertBodyIsFramed(request);
    if (!upstream.breaker.tryPass()) throw unavailable(upstream.breaker);
    response.once('close', () => {
      if (!response.headersSent) upstream.breaker.abandoned();
      attemptOf(request).span?.end('cancelled');
    });
    cleanRequestHeaders(request.headers, {
      remoteAddress: clientAddressOf(request) ?? 'unknown',
      protocol: request.protocol,
      host: request.headers.host ?? '',
      requestId: requestIdOf(request),
    });
    if (tracesRequests) request.headers['traceparent'] = traceparentFor(request.span);
    forward(upstream, request, response, next);
  };

  return {
    handler: (request, response, next) => {
      forwardTo(identityOf(request).regionId, request, response, next);
    },
    forwardTo,
    upgrade: createLiveUpgrade({ upstreams, connections, timeoutMs, clientAddressOf }),
    drain: connections.drain,
    close: () => {
      for (const upstream of upstreams.values()) upstream.close();
    },
  };
}
