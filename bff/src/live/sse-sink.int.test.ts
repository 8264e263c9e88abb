import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { it } from 'node:test';
import { startServer } from '../testing/http-server.ts';
import { beginEventStream } from './sse-sink.ts';
import type { Sink } from './stream.ts';

/** More than the buffers of any connection hold. */
const LARGE_BYTES = 64 * 1024 * 1024;

it('an event stream knows what its viewer has not taken, until it takes it, and ends after that', async (context) => {
  const begun = Promise.withResolvers<Sink>();
  const server = await startServer((_request, response) => {
    begun.resolve(beginEventStream(response, 'stream-1'));
  });
  context.after(() => server.close());
  const outgoing = httpRequest(server.url, { agent: false }).end();
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  const sink = await begun.promise;
  response.pause();
  assert.ok(sink.pendingBytes() < 100);
  sink.write(Buffer.alloc(LARGE_BYTES, 32));
  assert.ok(sink.pendingBytes() > LARGE_BYTES / 4, String(sink.pendingBytes()));
  const taken = new Promise<void>((resolve) => {
    let bytes = 0;
    response.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes >= LARGE_BYTES) resolve();
    });
  });
  response.resume();
  await taken;
  sink.write(Buffer.from('data: last\n\n'));
  sink.end('slow');
  await once(response, 'end');
  assert.equal(sink.pendingBytes(), 0);
  // Whoever has gone, or was told goodbye, is written to in vain but without harm.
  sink.write(Buffer.from('data: too late\n\n'));
  sink.heartbeat();
});
