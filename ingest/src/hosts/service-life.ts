import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';

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

/** Starts to listen; rejects with what to do when the port is taken or the address is none of this machine. */
export function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (cause: Error): void => {
      reject(
        new Error(`Cannot listen on ${host}, port ${String(port)}: ${cause.message}. Set HOST and PORT.`, { cause }),
      );
    };
    server.once('error', fail);
    server.listen(port, host, () => {
      server.off('error', fail);
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

/** A server that answers how the process is: `/healthz`, `/readyz` and, with a registry, `/metrics`. */
export function createHealthServer(isReady: () => boolean, registry?: Registry): Server {
  return createServer((request, response) => {
    if (request.url === '/metrics' && registry !== undefined) {
      void sendMetrics(registry, response);
      return;
    }
    const isKnown = request.url === '/healthz' || request.url === '/readyz';
    const status = !isKnown ? 404 : request.url === '/healthz' || isReady() ? 200 : 503;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ status: status === 200 ? 'ok' : 'not_ready' }));
  });
}

/** Answers with all metrics as Prometheus reads them. */
export async function sendMetrics(registry: Registry, response: ServerResponse): Promise<void> {
  try {
    const text = await registry.metrics();
    response.writeHead(200, { 'content-type': registry.contentType });
    response.end(text);
  } catch (error) {
    response.writeHead(500, { 'content-type': 'text/plain' });
    response.end(`The metrics could not be written: ${error instanceof Error ? error.message : String(error)}`);
  }
}
