import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listenLocally } from '../testing/http-server.ts';
import { send, sendBytes } from '../testing/raw-http.ts';
import { createHttpServer } from './create-server.ts';

test('a request that trickles is given up, whether in its headers or in its body; an answer may take its time', async () => {
  const limits = { headerBytes: 16_384, headersMs: 100, requestMs: 200, checkMs: 20 };
  const { url, close } = await listenLocally(
    createHttpServer(
      {
        app: (request, response) => {
          request.resume().once('end', () => {
            // Longer than any request may take to arrive: streams last for hours.
            setTimeout(() => response.end('whole'), 3 * limits.requestMs);
          });
        },
        upgrade: (_request, socket) => {
          socket.destroy();
        },
      },
      limits,
    ),
  );
  const answer = send(url, { path: '/' });
  for (const trickling of [
    'GET / HTTP/1.1\r\nHost: x\r\nX-More: ',
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{',
  ])
    assert.match(await sendBytes(url, trickling), /^HTTP\/1\.1 408 [^]*did not arrive in time/);
  assert.equal((await answer).body, 'whole');
  await close();
});
