import { Agent as HttpAgent } from 'node:http';
import type { AgentOptions, ClientRequest, IncomingMessage } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Request, RequestHandler, Response } from 'express';
import { createProxyMiddleware } from 'http-proxy-middleware';
import type { RegionId } from '@lumina/contracts';
import { armTimer, attemptOf, disarmTimer, failOnce } from './attempt.ts';
import { createCircuitBreaker } from './circuit-breaker.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';
import { cleanResponseHeaders } from './header-hygiene.ts';
import type { LiveConnections } from './live-connections.ts';

/** One region as the distributor reaches it. */
export interface Upstream {
  readonly regionId: RegionId;
  readonly origin: string;
  readonly breaker: CircuitBreaker;
  /** Ordinary requests. */
  readonly proxy: RequestHandler;
  /** Live streams: once begun they may last, and be silent. */
  readonly streamProxy: RequestHandler;
  /** Connections of streams and WebSockets, which never go back to a pool. */
  readonly liveAgent: HttpAgent;
  /** Closes what is pooled. */
  readonly close: () => void;
}

/** Enough for the concurrency of one region; the rest waits in the agent's queue. */
const MAX_SOCKETS = 256;
/** Each viewer of the region holds one. */
const MAX_LIVE_SOCKETS = 20_000;
/** Shorter than the regions keep an idle connection, so that a pooled one is seldom dead. */
const IDLE_SOCKET_MS = 30_000;

function agentOf(origin: string, options: AgentOptions): HttpAgent {
  return origin.startsWith('https:') ? new HttpsAgent(options) : new HttpAgent(options);
}

/** A stream has been answered when it begins. */
function endSpan(request: IncomingMessage, answer: IncomingMessage, isLive: boolean): void {
  const { span } = attemptOf(request);
  if (span === undefined) return;
  span.set({ 'http.response.status_code': answer.statusCode });
  if (isLive) span.end('ok');
  else
    answer.once('close', () => {
      span.end(answer.complete ? 'ok' : 'failed');
    });
}

/** A body that was read to find the region is sent on as it came. */
function sendKeptBody(proxyReq: ClientRequest, request: Request): void {
  const body: unknown = request.body;
  if (!Buffer.isBuffer(body)) return;
  proxyReq.setHeader('Content-Length', body.length);
  proxyReq.write(body);
}

/** What reaching a region needs. */
export interface UpstreamOptions {
  readonly timeoutMs: number;
  readonly connections: LiveConnections;
}

/** How to reach the region at an origin. */
export function createUpstream(regionId: RegionId, origin: string, options: UpstreamOptions): Upstream {
  const { timeoutMs, connections } = options;
  const agent = agentOf(origin, {
    keepAlive: true,
    maxSockets: MAX_SOCKETS,
    scheduling: 'lifo',
    timeout: IDLE_SOCKET_MS,
  });
  const liveAgent = agentOf(origin, { keepAlive: false, maxSockets: MAX_LIVE_SOCKETS });
  const breaker = createCircuitBreaker();

  function proxyWith(options: { readonly isLive: boolean }): RequestHandler {
    const proxy = createProxyMiddleware<Request, Response>({
      target: origin,
      router: () => origin,
      agent: options.isLive ? liveAgent : agent,
      changeOrigin: true,
      xfwd: false,
      ...(options.isLive ? {} : { proxyTimeout: timeoutMs + 1_000 }),
      on: {
        proxyReq: (proxyReq, request) => {
          armTimer(proxyReq, request, timeoutMs);
          sendKeptBody(proxyReq, request);
        },
        proxyRes: (proxyRes, request, response) => {
          disarmTimer(request);
          endSpan(request, proxyRes, options.isLive);
          breaker.succeeded();
          cleanResponseHeaders(proxyRes.headers);
          if (options.isLive) connections.addStream(proxyRes, response);
        },
        error: (error, request) => {
          failOnce(request, error);
        },
      },
    });
    return proxy as RequestHandler;
  }

  return {
    regionId,
    origin,
    breaker,
    proxy: proxyWith({ isLive: false }),
    streamProxy: proxyWith({ isLive: true }),
    liveAgent,
    close: () => {
      agent.destroy();
      liveAgent.destroy();
    },
  };
}
