import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import express from 'express';
import type { NextFunction, Request, Response } from 'express';
import { METRIC_IDS } from '@lumina/contracts';
import type { MetricReply } from '@lumina/contracts';
import { HttpProblem } from '../../http/problem.ts';
import { StoreError } from '../../timestream/port.ts';
import type { Row } from '../../timestream/port.ts';
import { createMetricsFeature } from './index.ts';

const NOW = Date.parse('2026-03-02T10:00:00Z');
const dashboard = {
  schemaVersion: 1,
  title: 'Floor',
  widgets: [{ id: 'w1', kind: 'stat', x: 0, y: 0, w: 3, h: 2, query: { ref: 'A', metrics: ['call_count'] } }],
};

const widget = { kind: 'stat', x: 0, y: 0, w: 3, h: 2, query: { ref: 'A', metrics: ['queue_service_level'] } };
const ownFrames = [
  { ...widget, id: 'follows' },
  { ...widget, id: 'day', options: { range: { last: '24h' }, bin: '1h', timeZone: 'Asia/Kolkata' } },
  { ...widget, id: 'alike', options: { timeZone: 'Asia/Kolkata', bin: '1h', range: { last: '24h' } } },
  { ...widget, id: 'zoned', options: { timeZone: 'Europe/Madrid' } },
  {
    ...widget,
    id: 'ruled',
    query: { ref: 'A', metrics: ['queue_service_level'], options: { thresholdS: 40 } },
    options: { bin: '5m' },
  },
];

const boards = new Map<string, { body: unknown }>([
  ['d1', { body: dashboard }],
  ['empty', { body: { ...dashboard, widgets: [] } }],
  ['mixed', { body: { ...dashboard, widgets: ownFrames } }],
]);

let answerOfStore: () => Promise<readonly Row[]> = () => Promise.resolve([]);
let server: Server;
let base: string;

before(async () => {
  const { router } = createMetricsFeature({
    store: { query: () => answerOfStore() },
    directory: {
      timeZoneOf: () => Promise.resolve(undefined),
      agentsOfTeams: () => Promise.resolve([]),
      queueMembers: () => Promise.resolve([]),
    },
    dashboards: {
      find: ({ territoryId }, id) => Promise.resolve(territoryId === 101 ? boards.get(id) : undefined),
    },
    clock: () => NOW,
  });
  const app = express().use(express.json());
  app.use((request: Request, _response: Response, next: NextFunction) => {
    const isAllowed = request.headers['x-test'] !== 'nothing';
    request.identity = {
      sub: 'u',
      territoryId: 101,
      regionId: 1,
      roles: ['viewer'],
      kind: 'user',
      expiresAtSeconds: 1,
      issuedAtSeconds: 1,
      permissions: isAllowed ? ['metrics:read'] : [],
    };
    next();
  });
  app.use('/api/metrics', router);
  app.use((error: unknown, _request: Request, response: Response, next: NextFunction) => {
    if (!(error instanceof HttpProblem)) {
      next(error);
      return;
    }
    response.status(error.status).set(error.headers).json(error.toBody('r1'));
  });
  server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/metrics`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});

async function ask(
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: Headers; json: Record<string, unknown> }> {
  const init =
    body === undefined
      ? { headers }
      : { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } };
  const response = await fetch(`${base}${path}`, init);
  return {
    status: response.status,
    headers: response.headers,
    json: (await response.json()) as Record<string, unknown>,
  };
}

const query = { range: { last: '1h' }, queries: [{ ref: 'A', metrics: ['call_count'] }] };

test('a query is answered with its cache state', async () => {
  answerOfStore = () => Promise.resolve([{ bin: NOW - 60_000, p0: 7 }]);
  const { status, headers, json } = await ask('/query', query);
  assert.equal(status, 200);
  assert.equal(headers.get('x-lumina-cache'), 'miss');
  assert.deepEqual(json['aggregations'], [{ ref: 'A', metric: 'call_count', group: {}, value: 7, num: 7, den: 1 }]);
});

test('a stored dashboard is asked for by its id, over another range if wanted', async () => {
  answerOfStore = () => Promise.resolve([{ bin: NOW - 60_000, p0: 3 }]);
  const { status, json } = await ask('/query?dashboard=d1&timeRange=15m');
  assert.equal(status, 200);
  assert.deepEqual(json['aggregations'], [{ ref: 'w1', metric: 'call_count', group: {}, value: 3, num: 3, den: 1 }]);
  assert.equal((json['meta'] as { from: number }).from, NOW - 900_000);
  assert.equal((await ask('/query?dashboard=other')).status, 404);
  assert.equal((await ask('/query')).status, 422);
  assert.equal((await ask('/query?dashboard=d1&timeRange=soon')).status, 422);
});

test('widgets with a range, bins or a zone of their own are answered by these, all in one reply', async () => {
  answerOfStore = () => Promise.resolve([]);
  const { status, json } = await ask('/query?dashboard=mixed&timeRange=15m');
  assert.equal(status, 200);
  const meta = json['meta'] as MetricReply['meta'];
  assert.deepEqual([meta.from, meta.to, meta.timeZone], [NOW - 900_000, NOW, 'UTC']);
  const day = { bin: '1h', from: NOW - 86_400_000, to: NOW, timeZone: 'Asia/Kolkata' };
  const quarter = { from: NOW - 900_000, to: NOW };
  assert.deepEqual(meta.frames, {
    day,
    alike: day,
    zoned: { ...quarter, bin: meta.bin, timeZone: 'Europe/Madrid' },
    ruled: { ...quarter, bin: '5m', timeZone: 'UTC' },
  });
  const refs = (json['data'] as MetricReply['data']).map(({ ref }) => ref);
  assert.deepEqual(refs.toSorted(), ['alike', 'day', 'follows', 'ruled', 'zoned']);
  // One of them has rules of its own, so the definition tells only what all share.
  assert.doesNotMatch(meta.definitions['queue_service_level']?.text ?? '', /T = /);
});

test('a stored dashboard without widgets asks nothing', async () => {
  const { status, json } = await ask('/query?dashboard=empty&timeRange=15m');
  assert.deepEqual([status, json['data'], json['errors']], [200, [], []]);
});

test('a reply has a bounded number of points', async () => {
  answerOfStore = () => Promise.resolve([]);
  const queries = Array.from({ length: 50 }, (_, index) => ({
    ref: String(index),
    metrics: ['call_count', 'call_duration', 'call_answer_rate'],
  }));
  const { status, json } = await ask('/query', { range: { last: '7d' }, bin: '1m', queries });
  assert.equal(status, 200);
  const points = (json['data'] as { points: unknown[] }[]).reduce((sum, series) => sum + series.points.length, 0);
  assert.ok(points <= 1_000_000);
  const errors = json['errors'] as { code: string; detail: string }[];
  assert.ok(errors.length > 0);
  assert.ok(errors.every(({ code, detail }) => code === 'bin_too_small' && detail.includes('1000000 points')));
});

test('a body that breaks the schema is refused, with what breaks it', async () => {
  const wrong: unknown[] = [
    { queries: query.queries },
    { ...query, bin: '2m' },
    { ...query, extra: 1 },
    { ...query, timeZone: 'Mars/Olympus' },
    { ...query, timeZone: '+05:37' },
    { ...query, range: { from: '2026-03-02T09:00:00Z', to: '2026-03-02T08:00:00Z' } },
    {
      ...query,
      queries: [{ ref: 'A', metrics: ['call_count'], filters: [{ dim: 'queue_id', op: 'eq', values: ['a\u0000'] }] }],
    },
    { ...query, queries: [{ ref: 'A', metrics: ['call_count'], groupBy: ['a', 'b', 'c', 'd'] }] },
  ];
  for (const body of wrong) {
    const { status, json } = await ask('/query', body);
    assert.equal(status, 422, JSON.stringify(body));
    assert.equal(json['code'], 'invalid_request');
    assert.ok(String(json['detail']).length > 10);
  }
});

test('without metrics:read nothing is answered', async () => {
  for (const [path, body] of [
    ['/query', query],
    ['/', undefined],
    ['/query?dashboard=d1', undefined],
  ] as const) {
    assert.equal((await ask(path, body, { 'x-test': 'nothing' })).status, 403);
  }
});

test('a store that takes too long is a time-out, and the query is not kept waiting', async () => {
  answerOfStore = () => Promise.reject(new StoreError('store_timed_out', 'The store did not answer within 25 s.'));
  const { status, json } = await ask('/query', query);
  assert.deepEqual([status, json['code']], [504, 'upstream_timeout']);
});

test('a throttled store is an overload that says when to come back', async () => {
  answerOfStore = () => Promise.reject(new StoreError('store_throttled', 'slow down'));
  const { status, headers, json } = await ask('/query', query);
  assert.deepEqual([status, json['code'], headers.get('retry-after')], [503, 'overloaded', '2']);
});

test('the catalogue lists every metric with its definition', async () => {
  const { json } = await ask('/');
  const metrics = json['metrics'] as { id: string; text: string }[];
  assert.deepEqual(
    metrics.map(({ id }) => id),
    METRIC_IDS,
  );
  assert.ok(metrics.every(({ text }) => text.length > 0));
});
