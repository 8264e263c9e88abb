import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startServer } from '../testing/http-server.ts';
import { sendBytes } from '../testing/raw-http.ts';
import { answerBrokenRequests } from './broken-requests.ts';

test('what is no request is answered as a problem', async () => {
  const { server, url, close } = await startServer((_request, response) => response.end('ok'));
  answerBrokenRequests(server);
  const framings = 'Content-Length: 5\r\nTransfer-Encoding: chunked';
  for (const [bytes, status] of [
    ['hello\r\n\r\n', 400],
    [`GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'y'.repeat(20_000)}\r\n\r\n`, 431],
    [`POST / HTTP/1.1\r\nHost: x\r\n${framings}\r\n\r\n0\r\n\r\n`, 400],
  ] as const) {
    const [head = '', body = ''] = (await sendBytes(url, bytes)).split('\r\n\r\n');
    assert.match(head, new RegExp(`^HTTP/1.1 ${String(status)} `));
    assert.match(head, /application\/problem\+json/);
    const problem = JSON.parse(body) as { status: number; code: string };
    assert.deepEqual([problem.status, problem.code], [status, 'invalid_request']);
  }
  await close();
});
