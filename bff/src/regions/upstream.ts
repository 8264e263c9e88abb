import { Agent as HttpAgent } from 'node:http';
import type { AgentOptions, IncomingMessage } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Request, RequestHandler, Response } from 'express';
import { createProxyMiddleware } from 'http-proxy-middleware';
import type { RegionId } from '@lumina/contracts';
import { armTimer, attemptOf, disarmTimer, failOnce } from './attempt.ts';
import { createCircuitBreaker } from './circuit-breaker.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';
import { cleanResponseHeaders } from './header-hygiene.ts';
import type { LiveConnections } from './live-connections.ts';
import { createPassage } from './pass.ts';
import type { Passage } from './pass.ts';

/** One region as the distributor reaches it. */
export interface Upstream {
  readonly regionId: RegionId;
  readonly origin: string;
  readonly breaker: CircuitBreaker;
  /** Ordinary requests. */
  readonly proxy: RequestHandler;
  /** Live streams: once begun they may last, and be silent. */
  readonly passStream: Passage;
  /** Requests whose body is known, or passed on as it comes. */
  readonly passKept: Passage;
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

const POOLED: AgentOptions = {
  keepAlive: true,
  maxSockets: MAX_SOCKETS,
  scheduling: 'lifo',
  timeout: IDLE_SOCKET_MS,
};

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

/** What reaching a region needs. */
export interface UpstreamOptions {
  readonly timeoutMs: number;
  readonly connections: LiveConnections;
}

/** How to reach the region at an origin. */
export function createUpstream(regionId: RegionId, origin: string, options: UpstreamOptions): Upstream {
  const { timeoutMs, connections } = options;
  const agent = agentOf(origin, POOLED);
  const liveAgent = agentOf(origin, { keepAlive: false, maxSockets: MAX_LIVE_SOCKETS });
  const breaker = createCircuitBreaker();

  function onAnswer(request: IncomingMessage, answer: IncomingMessage, isLive: boolean): void {
    disarmTimer(request);
    endSpan(request, answer, isLive);
    breaker.succeeded();
    cleanResponseHeaders(answer.headers);
  }

  const idleMs = timeoutMs + 1_000;
  const proxy = createProxyMiddleware<Request, Response>({
    target: origin,
    router: () => origin,
    agent,
    changeOrigin: true,
    xfwd: false,
    proxyTimeout: idleMs,
    on: {
      proxyReq: (proxyReq, request) => {
        armTimer(proxyReq, request, timeoutMs);
      },
      proxyRes: (proxyRes, request) => {
        onAnswer(request, proxyRes, false);
      },
      error: (error, request) => {
        failOnce(request, error);
      },
    },
  });
  const passage = { origin, timeoutMs, connections };

  return {
    regionId,
    origin,
    breaker,
    proxy: proxy as RequestHandler,
    passStream: createPassage({
      ...passage,
      agent: liveAgent,
      onAnswer: (request, answer) => {
        onAnswer(request, answer, true);
      },
    }),
    passKept: createPassage({
      ...passage,
      agent,
      idleMs,
      onAnswer: (request, answer) => {
        onAnswer(request, answer, false);
      },
    }),
    liveAgent,
    close: () => {
      agent.destroy();
      liveAgent.destroy();
    },
  };
}
