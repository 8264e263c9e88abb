import { createServer, request as forward, type IncomingMessage } from 'node:http';

import { LOOPBACK } from '../ports.ts';

/** The worker's way to the store, where a kill can wait for a write. */
export interface StoreDoor {
  readonly url: string;
  /** Resolves when the next write of facts stands at the door; that write never reaches the store. */
  nextWrite(): Promise<void>;
  close(): Promise<void>;
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Facts of the tenant, not the worker's accounting of itself. */
function isWriteOfFacts(request: IncomingMessage, body: Buffer): boolean {
  const target = String(request.headers['x-amz-target']);
  return target.endsWith('.WriteRecords') && !body.includes('"system_metrics"');
}

/** Stands between the worker and the store and passes everything on, until a kill waits. */
export async function openStoreDoor(storePort: number): Promise<StoreDoor> {
  let waiting: (() => void) | undefined;
  const server = createServer((request, response) => {
    const pass = async (): Promise<void> => {
      const body = await bodyOf(request);
      if (waiting !== undefined && isWriteOfFacts(request, body)) {
        waiting();
        waiting = undefined;
        request.socket.destroy();
        return;
      }
      const { url, method, headers } = request;
      const onward = forward({ host: LOOPBACK, port: storePort, path: url, method, headers }, (reply) => {
        response.writeHead(reply.statusCode ?? 502, reply.headers);
        reply.pipe(response);
      });
      onward.once('error', () => response.destroy());
      onward.end(body);
    };
    // A worker that was killed leaves its request half sent: nothing is owed to it.
    pass().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, LOOPBACK, resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('verify_listen: the store door has no port');
  return {
    url: `http://${LOOPBACK}:${String(address.port)}`,
    nextWrite: () =>
      new Promise((resolve) => {
        waiting = resolve;
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
