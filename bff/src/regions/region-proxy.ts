import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { RegionId } from '@lumina/contracts';
import { identityOf } from '../auth/identity.ts';
import { clientAddress } from '../http/client-address.ts';
import type { ClientAddressOf } from '../http/client-address.ts';
import { requestIdOf } from '../http/request-id.ts';
import { traceparentFor } from '../telemetry/trace-requests.ts';
import { attemptOf } from './attempt.ts';
import { forward, isPureRead } from './forward.ts';
import { cleanRequestHeaders } from './header-hygiene.ts';
import { MAX_BODY_BYTES, assertBodyIsAllowed, declaredBytes, isBulkChange, isChunked, keepBody } from './kept-body.ts';
import { createLiveConnections } from './live-connections.ts';
import { createLiveUpgrade } from './live-upgrade.ts';
import type { LiveUpgrade } from './live-upgrade.ts';
import { forwardPrefixed } from './prefixed-requests.ts';
import { unavailable } from './region-failure.ts';
import { createUpstream } from './upstream.ts';
import type { Upstream } from './upstream.ts';

/** The distributor's way to the regions. */
export interface RegionProxy {
  readonly handler: RequestHandler;
  /** Passes a request without an identity to a region that it names by an id. */
  readonly forwardTo: (regionId: RegionId, request: Request, response: Response, next: NextFunction) => void;
  /** Takes requests whose path names such an id. */
  readonly prefixed: RequestHandler;
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

/** A read whose body is kept so that it can be made again. */
const MAX_KEPT_BYTES = 65_536;

/** The body, where it is read whole before it is sent on: it may be needed twice, its length is not known, or it was read. */
async function keptBody(request: Request): Promise<Buffer | undefined> {
  const read: unknown = request.body;
  if (Buffer.isBuffer(read)) return read;
  if (isBulkChange(request)) return undefined;
  const isWanted = isChunked(request) || (isPureRead(request) && declaredBytes(request) <= MAX_KEPT_BYTES);
  return isWanted ? keepBody(request, MAX_BODY_BYTES) : undefined;
}

/** Proxies authenticated requests to the region their identity belongs to. */
export function createRegionProxy(options: RegionProxyOptions): RegionProxy {
  const { urls, timeoutMs, clientAddressOf = clientAddress([]), tracesRequests = false } = options;
  const connections = createLiveConnections();
  const upstreams: ReadonlyMap<RegionId, Upstream> = new Map(
    [...urls].map(([id, origin]) => [id, createUpstream(id, origin, { timeoutMs, connections })]),
  );

  /** Passes a request to one region, whatever it says of itself. */
  async function pass(regionId: RegionId, request: Request, response: Response, next: NextFunction): Promise<void> {
    const upstream = upstreams.get(regionId);
    if (upstream === undefined) throw unavailable();
    assertBodyIsAllowed(request);
    if (!upstream.breaker.tryPass()) throw unavailable(upstream.breaker);
    response.once('close', () => {
      if (!response.headersSent) upstream.breaker.abandoned();
      const attempt = attemptOf(request);
      attempt.span?.end('cancelled');
      attempt.cancel?.();
    });
    attemptOf(request).body = await keptBody(request);
    cleanRequestHeaders(request.headers, {
      remoteAddress: clientAddressOf(request) ?? 'unknown',
      protocol: request.protocol,
      host: request.headers.host ?? '',
      requestId: requestIdOf(request),
    });
    if (tracesRequests) request.headers['traceparent'] = traceparentFor(request.span);
    forward(upstream, request, response, next);
  }

  const forwardTo: RegionProxy['forwardTo'] = (regionId, request, response, next) => {
    pass(regionId, request, response, next).catch(next);
  };

  return {
    handler: (request, response, next) => {
      forwardTo(identityOf(request).regionId, request, response, next);
    },
    forwardTo,
    prefixed: forwardPrefixed(forwardTo),
    upgrade: createLiveUpgrade({ upstreams, connections, timeoutMs, clientAddressOf }),
    drain: connections.drain,
    close: () => {
      for (const upstream of upstreams.values()) upstream.close();
    },
  };
}
