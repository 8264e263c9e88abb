import { randomUUID } from 'node:crypto';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createProxyMiddleware } from 'http-proxy-middleware';
import type { RegionId } from '@lumina/contracts';
import type { ClientAddressOf } from '../http/client-address.ts';
import { HttpProblem } from '../http/problem.ts';
import { LIVE_SOCKET_PATH } from '../http/create-server.ts';
import { endWithProblem } from '../http/raw-problem.ts';
import { cleanRequestHeaders } from './header-hygiene.ts';
import type { LiveConnections } from './live-connections.ts';
import { problemOf, unavailable } from './region-failure.ts';
import { regionOfPrefixedId } from './resolve-region.ts';
import type { Upstream } from './upstream.ts';

/** Takes connections that ask to become WebSockets to their regions. */
export type LiveUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** What passes upgrades on. */
export interface LiveUpgradeOptions {
  readonly upstreams: ReadonlyMap<RegionId, Upstream>;
  readonly connections: LiveConnections;
  /** How long a region may take to accept. */
  readonly timeoutMs: number;
  /** Where a request came from, as the regions are told. */
  readonly clientAddressOf: ClientAddressOf;
}

interface Handshake {
  isTimedOut: boolean;
  isDone: boolean;
}

/** An upgrade to one region; the state of each handshake decides what a failure may still answer. */
function upgradeTo(upstream: Upstream, { connections, timeoutMs }: LiveUpgradeOptions): LiveUpgrade {
  const handshakes = new WeakMap<IncomingMessage, Handshake>();

  function watch(proxyReq: ClientRequest, handshake: Handshake): void {
    const timer = setTimeout(() => {
      handshake.isTimedOut = true;
      proxyReq.destroy(new Error('The region did not accept in time.'));
    }, timeoutMs);
    const settle = (): void => {
      clearTimeout(timer);
      handshake.isDone = true;
      upstream.breaker.succeeded();
    };
    proxyReq.once('upgrade', settle);
    proxyReq.once('response', settle);
    proxyReq.once('close', () => {
      clearTimeout(timer);
      if (!handshake.isDone) upstream.breaker.abandoned();
    });
  }

  const { upgrade } = createProxyMiddleware({
    target: upstream.origin,
    router: () => upstream.origin,
    agent: upstream.liveAgent,
    changeOrigin: true,
    xfwd: false,
    on: {
      proxyReqWs: (proxyReq, request) => {
        const handshake: Handshake = { isTimedOut: false, isDone: false };
        handshakes.set(request, handshake);
        watch(proxyReq, handshake);
      },
      error: (error, request, socket) => {
        const handshake = handshakes.get(request);
        if (!(socket instanceof Socket) || handshake?.isDone === true || socket.destroyed) return;
        endWithProblem(socket, problemOf(error, handshake ?? { isTimedOut: false }, upstream.breaker));
      },
    },
  });

  return (request, socket, head) => {
    // Node says only that it is a stream; the proxy wants what it always is.
    if (!(socket instanceof Socket)) {
      socket.destroy();
      return;
    }
    connections.addSocket(socket);
    upgrade(request, socket, head);
  };
}

/** The distributor's way for WebSockets: the region is that of the ticket, taken from the frozen table only. */
export function createLiveUpgrade(options: LiveUpgradeOptions): LiveUpgrade {
  const upgrades: ReadonlyMap<RegionId, readonly [Upstream, LiveUpgrade]> = new Map(
    [...options.upstreams].map(([id, upstream]) => [id, [upstream, upgradeTo(upstream, options)]]),
  );

  return (request, socket, head) => {
    const ticket = new URLSearchParams(request.url?.split('?')[1]).get('ticket') ?? '';
    const region = regionOfPrefixedId(ticket);
    if (region === undefined) {
      const detail = 'Get a ticket from POST /api/live/ticket and connect with ?ticket=.';
      endWithProblem(socket, new HttpProblem('unauthenticated', detail));
      return;
    }
    const [upstream, upgrade] = upgrades.get(region) ?? [];
    if (upstream === undefined || upgrade === undefined || !upstream.breaker.tryPass()) {
      endWithProblem(socket, unavailable(upstream?.breaker));
      return;
    }
    cleanUpgradeHeaders(request, options.clientAddressOf(request));
    request.url = `${LIVE_SOCKET_PATH}?ticket=${ticket}`;
    upgrade(request, socket, head);
  };
}

/** As for requests, except that asking to become a WebSocket is what this one connection is for. */
function cleanUpgradeHeaders(request: IncomingMessage, address = 'unknown'): void {
  const { headers, socket } = request;
  cleanRequestHeaders(headers, {
    remoteAddress: address,
    protocol: 'encrypted' in socket ? 'https' : 'http',
    host: headers.host ?? '',
    requestId: randomUUID(),
  });
  // The ticket is what lets this one in.
  delete headers.authorization;
  headers.connection = 'Upgrade';
  headers.upgrade = 'websocket';
}
