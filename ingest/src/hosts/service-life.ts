import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stops a process on SIGTERM or SIGINT, and when the parent that started it with a channel is gone. */
export function onStop(stop: () => Promise<void>): void {
  let isStopping = false;
  const once = (): void => {
    if (isStopping) return;
    isStopping = true;
    stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', once);
  process.on('SIGINT', once);
  if (process.connected) process.on('disconnect', once);
}

/** Port that a server listens on. */
export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** Starts to listen; rejects when the port is taken. */
export function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Ends a server; connections that are idle end at once. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeIdleConnections();
  });
}

/** A server that answers only how the process is. */
export function createHealthServer(isReady: () => boolean): Server {
  return createServer((request, response) => {
    const isKnown = request.url === '/healthz' || request.url === '/readyz';
    const status = !isKnown ? 404 : request.url === '/healthz' || isReady() ? 200 : 503;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ status: status === 200 ? 'ok' : 'not_ready' }));
  });
}
