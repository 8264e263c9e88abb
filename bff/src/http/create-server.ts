import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { answerBrokenRequests } from './broken-requests.ts';

/** Longer than the distributor keeps an idle connection, so that it never writes into a closed one. */
const KEEP_ALIVE_MS = 75_000;
/** How large a request's headers may be, and how long it may take to arrive: nobody holds a connection by trickling. */
export interface ArrivalLimits {
  readonly headerBytes: number;
  readonly headersMs: number;
  readonly requestMs: number;
  /** How often arrivals are looked at. */
  readonly checkMs: number;
}

const ARRIVAL: ArrivalLimits = { headerBytes: 16_384, headersMs: 15_000, requestMs: 30_000, checkMs: 5_000 };
/** Where WebSockets connect. */
export const LIVE_SOCKET_PATH = '/api/live/ws';

/** What a server serves. */
export interface Served {
  readonly app: RequestListener;
  /** Takes a connection that asks to become a WebSocket at {@link LIVE_SOCKET_PATH}. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
}

function isLiveSocket({ method, headers, url = '' }: IncomingMessage): boolean {
  const [path] = url.split('?');
  return method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket' && path === LIVE_SOCKET_PATH;
}

/** A server of requests and WebSockets; whatever else asks for an upgrade is answered as the request it also is. */
export function createHttpServer({ app, upgrade }: Served, limits: ArrivalLimits = ARRIVAL): Server {
  const server = createServer(
    {
      keepAliveTimeout: KEEP_ALIVE_MS,
      shouldUpgradeCallback: isLiveSocket,
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      connectionsCheckingInterval: limits.checkMs,
    },
    app,
  );
  answerBrokenRequests(server);
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Until someone takes it over, an error of the connection is nobody's; it must not end the process.
    socket.on('error', () => {
      socket.destroy();
    });
    upgrade(request, socket, head);
  });
  return server;
}
