import { EventEmitter, once } from 'node:events';
import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';

import { closeServer } from './service-life.ts';

/** Headers arrive at once from everybody who means well. */
const HEADERS_TIMEOUT_MS = 10_000;
/** Net below the time limit of a body, which answers in words. */
const REQUEST_TIMEOUT_MS = 30_000;
const CHECK_INTERVAL_MS = 1000;
/** Longer than load balancers keep their idle connections, so that none is closed under a request. */
const KEEP_ALIVE_MS = 65_000;
const MAX_HEADER_BYTES = 16_384;
const MAX_CONNECTIONS = 4096;

/** Time limits of {@link createCollectorServer}. */
export interface ServerLimits {
  readonly headersTimeoutMs?: number;
  readonly requestTimeoutMs?: number;
}

/** A server that knows how many requests are in work. */
export interface CollectorServer {
  readonly server: Server;
  /** Waits until no request is in work, or for the limit, then closes every connection. */
  readonly drain: (limitMs: number) => Promise<void>;
}

/** An HTTP/1.1 server for senders who may be slow, broken or hostile; Node answers 400, 408, 413 and 431 below the app. */
export function createCollectorServer(app: RequestListener, limits: ServerLimits = {}): CollectorServer {
  const inWork = new Set<ServerResponse>();
  const idle = new EventEmitter();
  const handle: RequestListener = (request, response) => {
    inWork.add(response);
    response.once('close', () => {
      inWork.delete(response);
      if (inWork.size === 0) idle.emit('idle');
    });
    app(request, response);
  };
  const server = createServer(
    {
      headersTimeout: limits.headersTimeoutMs ?? HEADERS_TIMEOUT_MS,
      requestTimeout: limits.requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: CHECK_INTERVAL_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
      insecureHTTPParser: false,
      requireHostHeader: true,
    },
    handle,
  );
  server.maxConnections = MAX_CONNECTIONS;
  // A sender that asks before it sends a body is answered by the app, which may refuse without reading it.
  server.on('checkContinue', handle);
  return {
    server,
    drain: async (limitMs) => {
      const limit = AbortSignal.timeout(limitMs);
      while (inWork.size > 0 && !limit.aborted) {
        // The limit ends the wait as well; who is still in work then is cut off.
        await once(idle, 'idle', { signal: limit }).catch(() => undefined);
      }
      const closed = closeServer(server);
      server.closeAllConnections();
      await closed;
    },
  };
}
