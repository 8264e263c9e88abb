import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server on a free local port. */
export interface TestServer {
  readonly url: string;
  readonly port: number;
  readonly server: Server;
  readonly close: () => Promise<void>;
}

/** Serves a handler on a free port of 127.0.0.1. */
export function startServer(handler: RequestListener): Promise<TestServer> {
  return listenLocally(createServer(handler));
}

/** Lets a server listen on a port of 127.0.0.1, by default a free one. */
export async function listenLocally(server: Server, wanted = 0): Promise<TestServer> {
  await new Promise<void>((resolve) => server.listen(wanted, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}`,
    port,
    server,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
