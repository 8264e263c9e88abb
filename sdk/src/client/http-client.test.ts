import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unanswered } from '../testing/unanswered.ts';
import { HttpClient } from './http-client.ts';
import { LuminaError } from './lumina-error.ts';
import { SDK_VERSION } from './sdk-version.ts';
import { ServerClock } from './server-clock.ts';
import { TokenSource } from './token-source.ts';

const SESSION = { method: 'GET', path: 'api/session' } as const;

function clientOf(fetch: typeof globalThis.fetch, timeoutMs = 15_000): HttpClient {
  const tokens = new TokenSource(() => 'token-1', Date.now);
  return new HttpClient({ baseUrl: 'http://api.example/lumina/', tokens, clock: new ServerClock(), fetch, timeoutMs });
}

const answering = (status: number, body: string, headers: Record<string, string> = {}): HttpClient =>
  clientOf(() => Promise.resolve(new Response(body, { status, headers })));

async function failureOf(request: Promise<unknown>): Promise<LuminaError> {
  const error: unknown = await request.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof LuminaError, String(error));
  return error;
}

test('the address of the API keeps its path', () => {
  assert.equal(clientOf(fetch).url('api/live').href, 'http://api.example/lumina/api/live');
});

test('a page where JSON is expected says that the address is wrong', async () => {
  const { code, retryable, suggestion } = await failureOf(answering(200, '<!doctype html>').request(SESSION));
  assert.deepEqual([code, retryable], ['INTERNAL', true]);
  assert.match(suggestion, /base-url/u);
});

test('a failure without a body keeps its status, its request id and when to come back', async () => {
  const headers = { 'retry-after': '7', 'x-request-id': 'req_1' };
  const error = await failureOf(answering(503, '', headers).request(SESSION));
  assert.deepEqual(
    [error.code, error.status, error.requestId, error.retryAfterMs],
    ['RATE_LIMITED', 503, 'req_1', 7000],
  );
});

test('a service that never answers is given up', async () => {
  const client = clientOf((_input, init) => unanswered(init?.signal), 1);
  assert.equal((await failureOf(client.request(SESSION))).code, 'TIMEOUT');
});

test('who gives up a request hears of that, not of a failure', async () => {
  const abort = new AbortController();
  const client = clientOf((_input, init) => {
    queueMicrotask(() => {
      abort.abort();
    });
    return unanswered(init?.signal);
  });
  await assert.rejects(client.request({ ...SESSION, signal: abort.signal }), { name: 'AbortError' });
  const again = new AbortController();
  const stream = clientOf((_input, init) => {
    queueMicrotask(() => {
      again.abort();
    });
    return unanswered(init?.signal);
  });
  await assert.rejects(stream.stream({ ...SESSION, signal: again.signal }), { name: 'AbortError' });
});

test('a stream that is refused is an error, and one that is not is left to the caller', async () => {
  const problem = JSON.stringify({ code: 'forbidden', detail: 'Not you.', requestId: 'r' });
  assert.equal((await failureOf(answering(403, problem).stream(SESSION))).code, 'SCOPE_DENIED');
  const reply = await answering(200, 'data: 1\n\n').stream(SESSION);
  assert.equal(reply.bodyUsed, false);
});

test('every request says which client it is of; a service that has outgrown it is asked no more', async () => {
  const asked: (string | null)[] = [];
  const body = JSON.stringify({ code: 'upgrade_required', status: 426, detail: 'Too old.' });
  const client = clientOf((_input, init) => {
    asked.push(new Headers(init?.headers).get('x-lumina-client'));
    return Promise.resolve(new Response(body, { status: 426 }));
  });
  for (let times = 0; times < 3; times += 1) {
    const { code, retryable } = await failureOf(client.request(SESSION));
    assert.deepEqual([code, retryable], ['UPGRADE_REQUIRED', false]);
  }
  await failureOf(client.tell('api/client-events', {}));
  assert.deepEqual(asked, [`sdk/${SDK_VERSION}`]);
});

test('what outlives the page is sent so, and its empty answer is enough', async () => {
  let sent: RequestInit | undefined;
  const client = clientOf((_input, init) => {
    sent = init;
    return Promise.resolve(new Response(null, { status: 204 }));
  });
  await client.tell('api/client-events', { events: [] });
  assert.deepEqual([sent?.keepalive, sent?.method, sent?.body], [true, 'POST', '{"events":[]}']);
});
