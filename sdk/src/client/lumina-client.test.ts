import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MetricQueryRequest } from '@lumina/contracts';
import { FakeBff } from '../testing/fake-bff.ts';
import { LuminaClient } from './lumina-client.ts';
import type { MetricsUpdate } from './lumina-client.ts';
import { LuminaError } from './lumina-error.ts';
import { requestFor } from './testing/live-bench.ts';
import type { GetToken } from './token-source.ts';

function clientOf(bff: FakeBff, getToken: GetToken = () => 'token-1'): LuminaClient {
  return new LuminaClient({
    baseUrl: 'http://api.example',
    getToken,
    fetch: bff.fetch,
    pollIntervalMs: 20,
    transports: ['polling'],
  });
}

const request = (metric: string, last = '1h'): MetricQueryRequest => requestFor(metric, { range: { last } });

test('answers a session with territory, region and zone', async () => {
  const client = clientOf(new FakeBff());
  const session = await client.session();
  assert.equal(session.territoryId, 101);
  assert.equal(session.regionId, 1);
  assert.equal(session.timeZone, 'Europe/London');
  assert.equal(session.scope, undefined);
  client.destroy();
});

test('sends the queries of one moment in one request and gives each its own share', async () => {
  const bff = new FakeBff();
  const client = clientOf(bff);
  const [calls, rate] = await Promise.all([
    client.query(request('call_count')),
    client.query(request('call_answer_rate')),
  ]);
  const sent = bff.requests.filter(({ path }) => path === '/api/metrics/query');
  assert.equal(sent.length, 1);
  assert.deepEqual(
    calls.data.map(({ ref, metric }) => [ref, metric]),
    [['A', 'call_count']],
  );
  assert.deepEqual(
    rate.aggregations.map(({ ref, metric }) => [ref, metric]),
    [['A', 'call_answer_rate']],
  );
  client.destroy();
});

test('keeps queries of different ranges apart', async () => {
  const bff = new FakeBff();
  const client = clientOf(bff);
  await Promise.all([client.query(request('call_count', '1h')), client.query(request('call_count', '15m'))]);
  assert.equal(bff.requests.length, 2);
  client.destroy();
});

test('watches: polls again and again, and not after stop', async () => {
  const bff = new FakeBff();
  const client = clientOf(bff);
  const session = await client.session();
  const replies = new Set<unknown>();
  const watch = await new Promise<{ stop: () => void }>((resolve) => {
    const running = client.watch(session, request('call_count'), ({ reply }) => {
      if (reply !== undefined) replies.add(reply);
      if (replies.size === 3) setImmediate(resolve, running);
    });
  });
  watch.stop();
  const told = replies.size;
  await client.query(request('call_answer_rate'));
  assert.equal(replies.size, told);
  client.destroy();
});

test('keeps the last reply when a refresh fails and says why', async () => {
  const bff = new FakeBff();
  const client = clientOf(bff);
  const session = await client.session();
  const failed = await new Promise<MetricsUpdate>((resolve) => {
    client.watch(session, request('call_count'), (update) => {
      if (update.reply !== undefined) bff.scenario = 'offline';
      if (update.error !== undefined) resolve(update);
    });
  });
  assert.equal(failed.error?.code, 'OFFLINE');
  assert.ok(failed.reply);
  client.destroy();
});

test('asks for a token once for many requests, and replays after 401 with one new token', async () => {
  const reasons: string[] = [];
  let valid = 'token-1';
  const bff = new FakeBff();
  const guarded: typeof fetch = async (input, init) => {
    if (new Headers(init?.headers).get('authorization') === `Bearer ${valid}`) return bff.fetch(input, init);
    return new Response('{"code":"unauthenticated","requestId":"r1","detail":"expired"}', { status: 401 });
  };
  const client = new LuminaClient({
    baseUrl: 'http://api.example/',
    fetch: guarded,
    getToken: ({ reason }) => {
      reasons.push(reason);
      return valid;
    },
  });
  await Promise.all([client.session(), client.query(request('call_count'))]);
  valid = 'token-2';
  await Promise.all([
    client.query(request('call_count', '1h')),
    client.query(request('call_count', '15m')),
    client.query(request('call_count', '5m')),
  ]);
  assert.deepEqual(reasons, ['initial', 'unauthorized']);
  client.destroy();
});

test('gives up after a second 401 with AUTH_REQUIRED', async () => {
  const bff = new FakeBff({ scenario: { problem: 'unauthenticated' } });
  const client = clientOf(bff);
  await assert.rejects(client.session(), (error) => error instanceof LuminaError && error.code === 'AUTH_REQUIRED');
  assert.equal(bff.requests.length, 2);
  client.destroy();
});

test('a host without a token is AUTH_REQUIRED and nothing is sent', async () => {
  const bff = new FakeBff();
  const client = clientOf(bff, () => Promise.reject(new Error('signed out')));
  await assert.rejects(client.session(), (error) => error instanceof LuminaError && error.code === 'AUTH_REQUIRED');
  assert.equal(bff.requests.length, 0);
  client.destroy();
});

test('one refused widget does not darken its neighbours', async () => {
  const bff = new FakeBff();
  const picky: typeof fetch = async (input, init) => {
    const body = typeof init?.body === 'string' ? init.body : '';
    if (!body.includes('nonsense')) return bff.fetch(input, init);
    return new Response('{"code":"invalid_request","requestId":"r2","detail":"no such metric"}', { status: 422 });
  };
  const client = new LuminaClient({ baseUrl: 'http://api.example', getToken: () => 't', fetch: picky });
  const good = client.query(request('call_count'));
  const bad = client.query(request('nonsense'));
  await assert.rejects(bad, (error) => error instanceof LuminaError && error.code === 'QUERY_INVALID');
  assert.equal((await good).data.length, 1);
  client.destroy();
});

test('resolves names of the directory', async () => {
  const client = clientOf(new FakeBff());
  assert.equal((await client.directory('queues')).get('q_sales'), 'Sales');
  client.destroy();
});
