import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { LiveRequestSchema } from '@lumina/contracts/schemas';
import type { LiveFrame } from '@lumina/contracts';
import Schema from 'typebox/value';
import { settled } from '../../testing/fake-managers.ts';
import { LiveBench, requestFor } from '../testing/live-bench.ts';
import { META, json, replyOf } from '../testing/live-server.ts';

afterEach(() => {
  LiveBench.endAll();
});

test('what agrees in range, bin and zone is one subscription, and each watcher gets its own share', async () => {
  const bench = new LiveBench();
  const watched = ['call_count', 'queue_depth', 'occupancy'].map((metric) => bench.watch(metric));
  const other = bench.watch(requestFor('call_count', { range: { last: '15m' } }));
  assert.equal(watched[0]?.last().isFetching, true);
  await bench.pass(30);
  assert.equal(bench.server.streams.length, 1);
  const { stream } = bench.server;
  assert.deepEqual([...Schema.Errors(LiveRequestSchema, { requests: stream.requests })], []);
  assert.deepEqual(
    stream.requests.map(({ queries }) => queries?.length),
    [1, 3],
  );
  bench.answer();
  await settled();
  for (const { last } of watched) {
    assert.equal(last().reply?.data.length, 1);
    assert.equal(last().reply?.data[0]?.ref, 'A');
    assert.equal(last().isFetching, false);
  }
  assert.deepEqual(
    watched.map(({ last }) => last().reply?.data[0]?.metric),
    ['call_count', 'queue_depth', 'occupancy'],
  );
  assert.equal(other.last().reply?.data[0]?.metric, 'call_count');
  assert.equal(bench.phase, 'open');
});

test('the order in which tiles mount does not change what is asked', async () => {
  const asked = await Promise.all(
    [
      ['call_count', 'queue_depth'],
      ['queue_depth', 'call_count'],
    ].map(async (metrics) => {
      const bench = new LiveBench();
      await bench.opened(...metrics);
      return JSON.stringify(bench.server.stream.requests);
    }),
  );
  assert.equal(asked[0], asked[1]);
});

test('equal requests are asked once, whoever watches them', async () => {
  const bench = new LiveBench();
  const [one, two] = await bench.opened('call_count', 'call_count');
  assert.equal(bench.server.stream.requests[0]?.queries?.length, 1);
  bench.change(9);
  await settled();
  assert.equal(one?.value(), 9);
  assert.equal(two?.last().reply, one.last().reply);
  one.watch.stop();
  await bench.pass(30);
  assert.equal(bench.server.streams.length, 1, 'the other one still watches');
});

test('more than fits into one subscription is split, and what fits into no connection is polled', async () => {
  const bench = new LiveBench();
  for (let index = 0; index < 30; index += 1) bench.watch(`metric_${String(index)}`);
  await bench.pass(30);
  assert.deepEqual(
    bench.server.stream.requests.map(({ queries }) => queries?.length),
    [24, 6],
  );

  const wide = new LiveBench();
  const watched = Array.from({ length: 26 }, (_, index) =>
    wide.watch(requestFor('call_count', { range: { last: `${String(index + 1)}m` } })),
  );
  await wide.pass(30);
  assert.equal(wide.server.stream.requests.length, 24);
  wide.answer();
  await wide.pass(30);
  assert.ok(watched.every(({ last }) => last().reply !== undefined));
});

test('another tile: the stream is opened anew with all, and what is shown stays until its new snapshot', async () => {
  const bench = new LiveBench();
  const [first] = await bench.opened('call_count');
  const shown = first?.last().reply;
  const before = bench.server.stream;
  const second = bench.watch(requestFor('call_count', { range: { last: '15m' } }));
  const third = bench.watch(requestFor('queue_depth', { range: { last: '15m' } }));
  await bench.pass(29);
  assert.equal(bench.server.streams.length, 1);
  await bench.pass(1);
  assert.equal(bench.server.streams.length, 2, 'one new stream for both');
  assert.ok(before.isClosedByClient);
  assert.equal(bench.server.stream.resume, undefined, 'the new ones need a snapshot');
  assert.equal(first?.last().reply, shown);
  assert.equal(first?.last().error, undefined);
  bench.answer(5);
  await settled();
  assert.deepEqual(
    [first, second, third].map((watched) => watched?.value()),
    [5, 5, 5],
  );
  assert.ok(first?.updates.every(({ isFetching }, index) => index === 0 || !isFetching || shown === undefined));
  assert.deepEqual(
    bench.phases.filter((phase) => phase !== 'sse:open'),
    ['sse:connecting'],
  );
});

test('a tile that moves on the page does not disturb the stream; the last one to go closes it', async () => {
  const bench = new LiveBench();
  const [first] = await bench.opened('call_count');
  first?.watch.stop();
  const moved = bench.watch('call_count');
  await bench.pass(1000);
  assert.equal(bench.server.streams.length, 1);
  bench.change(3);
  await settled();
  assert.equal(moved.value(), 3);
  moved.watch.stop();
  await bench.pass(30);
  assert.ok(bench.server.stream.isClosedByClient);
  assert.equal(bench.phase, 'idle');
  assert.equal(bench.managers.timers.count, 0);
});

test('frames that arrive together are told together, the last of each', async () => {
  const bench = new LiveBench();
  const [watched] = await bench.opened('call_count');
  const told = watched?.updates.length ?? 0;
  const { stream } = bench.server;
  stream.send(
    bench.server.delta(stream, 0, 1),
    bench.server.delta(stream, 0, 2),
    { event: 'something-new', id: 'epoch-99-m' },
    bench.server.delta(stream, 0, 3),
  );
  await settled();
  assert.equal(watched?.updates.length, told + 1);
  assert.equal(watched.value(), 3);
});

test('an error of one query reaches its watcher alone', async () => {
  const bench = new LiveBench();
  const [good, bad] = ['call_count', 'nonsense'].map((metric) => bench.watch(metric));
  await bench.pass(30);
  const { stream } = bench.server;
  const snapshot = bench.server.snapshot(stream, 0, 4) as Extract<LiveFrame, { event: 'snapshot' }>;
  const isBad = ({ ref }: { readonly ref: string }): boolean => ref.startsWith('1~');
  stream.send({
    ...snapshot,
    data: snapshot.data.filter((series) => !isBad(series)),
    aggregations: snapshot.aggregations.filter((one) => !isBad(one)),
    errors: [{ ref: '1~A', code: 'unknown_metric', detail: 'There is no such metric.' }],
  });
  await settled();
  assert.deepEqual(good?.last().reply?.errors, []);
  assert.equal(good.value(), 4);
  assert.deepEqual(bad?.last().reply?.errors[0]?.ref, 'A');
});

test('a wrong request takes none of those with it that travelled together', async () => {
  const bench = new LiveBench();
  bench.server.other = (path, init) => {
    if (path !== '/api/metrics/query' || typeof init?.body !== 'string') return undefined;
    if (init.body.includes('nonsense')) return json(422, { code: 'invalid_request', detail: 'no' });
    return json(200, replyOf('call_count', 8, '0~A'));
  };
  const [good, other, bad] = ['call_count', 'call_duration', 'nonsense'].map((metric) => bench.watch(metric));
  await bench.pass(30);
  const problem = { status: 422, code: 'invalid_request', detail: 'no', title: 'no', type: '', requestId: 'r' };
  bench.server.stream.send({
    event: 'problem',
    id: bench.server.id(),
    request: bench.server.stream.subscription(),
    problem,
  });
  await bench.pass(100);
  assert.equal(good?.value(), 8, 'the others are answered meanwhile');
  const { stream } = bench.server;
  assert.deepEqual(
    stream.requests.map(({ queries }) => queries?.map(({ metrics }) => metrics[0])),
    [['call_count', 'call_duration'], ['nonsense']],
  );
  stream.send(bench.server.snapshot(stream, 0, 6), {
    event: 'problem',
    id: bench.server.id(),
    request: stream.subscription(1),
    problem,
  });
  await settled();
  assert.deepEqual([good.value(), other?.value()], [6, 6]);
  assert.equal(good.last().error, undefined);
  assert.equal(bad?.last().error?.code, 'QUERY_INVALID');
});

test('a forbidden subscription is told so; the others go on, and so does it once it is answered', async () => {
  const bench = new LiveBench();
  const own = bench.watch('call_count');
  const platform = bench.watch(requestFor('ingest_lag', { territory: 'platform' }));
  await bench.pass(30);
  const { stream } = bench.server;
  const index = stream.requests.findIndex(({ territory }) => territory === 'platform');
  const problem = { status: 403, code: 'forbidden', detail: 'no', title: 'no', type: '', requestId: 'r' };
  stream.send(bench.server.snapshot(stream, 1 - index, 2), {
    event: 'problem',
    id: bench.server.id(),
    request: stream.subscription(index),
    problem,
  });
  await settled();
  assert.equal(platform.last().error?.code, 'SCOPE_DENIED');
  assert.equal(own.value(), 2);
  assert.equal(bench.phase, 'open');
  stream.send(bench.server.snapshot(stream, index, 3));
  await settled();
  assert.equal(platform.last().error, undefined);
  assert.equal(platform.value(), 3);
});

test('a delta before any snapshot, or an id out of order: everything is asked anew, without resuming', async () => {
  for (const kind of ['early', 'backwards', 'other process'] as const) {
    const bench = new LiveBench();
    const watched = bench.watch('call_count');
    await bench.pass(30);
    const { stream } = bench.server;
    const snapshot = bench.server.snapshot(stream, 0, 1);
    const delta = bench.server.delta(stream, 0, 2);
    if (kind === 'early') stream.send(delta);
    else if (kind === 'backwards') stream.send({ ...snapshot, id: 'epoch-50-m' }, { ...delta, id: 'epoch-49-m' });
    else stream.send(snapshot, { ...delta, id: 'other-9-m' });
    await bench.pass(1000);
    assert.equal(bench.server.streams.length, 2, kind);
    assert.equal(bench.server.stream.resume, undefined, kind);
    assert.notEqual(watched.value(), 2, kind);
    bench.answer(7);
    await settled();
    assert.equal(watched.value(), 7, kind);
  }
});

test('a range that is over is asked once, and again on refresh', async () => {
  const bench = new LiveBench();
  bench.server.other = (path) =>
    path === '/api/metrics/query' ? json(200, replyOf('call_count', 4, '0~A')) : undefined;
  const asked = (): number => bench.server.paths.filter((path) => path === '/api/metrics/query').length;
  const closed = [
    bench.watch(requestFor('call_count', { range: { calendar: 'yesterday' } })),
    bench.watch(requestFor('call_count', { range: { from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' } })),
    bench.watch('call_count', { isLive: false }),
  ];
  await bench.pass(60_000);
  assert.deepEqual(
    closed.map(({ value }) => value()),
    [4, 4, 4],
  );
  assert.equal(asked(), 3);
  assert.equal(bench.server.streams.length, 0);
  closed[0]?.watch.refresh();
  await bench.pass(100);
  assert.equal(asked(), 4);
});

test('what is asked once is asked again while it fails, and not after a refusal', async () => {
  const bench = new LiveBench();
  let failures = 2;
  bench.server.other = (path) => {
    if (path !== '/api/metrics/query') return undefined;
    failures -= 1;
    return failures >= 0 ? json(503, { code: 'overloaded' }) : json(200, replyOf('call_count', 4, '0~A'));
  };
  const watched = await new Promise<number>((resolve) => {
    const tick = setInterval(() => void bench.pass(12), 2);
    bench.client.watch(
      {
        territoryId: 1,
        regionId: 1,
        userName: '',
        territoryName: '',
        timeZone: '',
        regionName: '',
        roles: [],
        permissions: [],
      },
      requestFor('call_count'),
      ({ reply }) => {
        if (reply === undefined) return;
        clearInterval(tick);
        resolve(failures);
      },
      { isLive: false },
    );
  });
  assert.equal(watched, -1);
});

test('a live answer wins over a refresh that took longer', async () => {
  const bench = new LiveBench();
  const [watched] = await bench.opened('call_count');
  bench.server.other = (path) =>
    path === '/api/metrics/query' ? json(200, replyOf('call_count', 1, '0~A')) : undefined;
  watched?.watch.refresh();
  bench.change(5);
  await bench.pass(30);
  assert.equal(watched?.value(), 1);
  const { stream } = bench.server;
  stream.send({ ...bench.server.delta(stream, 0, 6), data: [], meta: { ...META, asOf: META.asOf + 1000 } });
  await settled();
  assert.equal(watched.last().reply?.data[0]?.points[0]?.[1], 5, 'the change of before is not lost');
});
