import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import fc from 'fast-check';
import { settled } from '../../testing/fake-managers.ts';
import { retryDelayMs } from '../backoff.ts';
import { LiveBench } from '../testing/live-bench.ts';

afterEach(() => {
  LiveBench.endAll();
});

test('a lost stream is opened again at once and resumed; what is shown stays, without an error', async () => {
  const bench = new LiveBench();
  const [watched] = await bench.opened('call_count');
  const shown = watched?.last().reply;
  bench.change(3);
  await settled();
  bench.server.stream.breakOff();
  await settled();
  assert.equal(bench.phase, 'retrying');
  await bench.pass(250);
  assert.equal(bench.server.streams.length, 2);
  assert.equal(bench.server.stream.resume, 'epoch-2-m');
  assert.ok(watched);
  assert.equal(watched.last().error, undefined);
  assert.notEqual(watched.last().reply, undefined);
  assert.notEqual(shown, undefined);
  bench.change(8);
  await settled();
  assert.equal(watched.value(), 8, 'deltas go on without a snapshot');
  assert.equal(bench.phase, 'open');
});

test('what was seen before the loss may come again after it, and changes nothing', async () => {
  const bench = new LiveBench();
  const [watched] = await bench.opened('call_count');
  const { stream } = bench.server;
  const [one, two] = [bench.server.delta(stream, 0, 1), bench.server.delta(stream, 0, 2)];
  stream.send(one, two);
  await settled();
  stream.breakOff();
  await bench.pass(250);
  const told = watched?.updates.length;
  bench.server.stream.send(one, two);
  await settled();
  assert.ok(watched);
  assert.equal(watched.updates.length, told);
  assert.equal(watched.value(), 2);
  bench.change(3);
  await settled();
  assert.equal(watched.value(), 3);
  assert.equal(bench.server.streams.length, 2);
});

test('a service that began anew sends snapshots, and is believed', async () => {
  const bench = new LiveBench();
  const [watched] = await bench.opened('call_count');
  bench.server.stream.end();
  await bench.pass(250);
  const { stream } = bench.server;
  stream.send(
    { ...bench.server.snapshot(stream, 0, 1), id: 'fresh-1-m' },
    { ...bench.server.delta(stream, 0, 4), id: 'fresh-2-m' },
  );
  await settled();
  assert.equal(watched?.value(), 4);
  assert.equal(bench.server.streams.length, 2);
});

test('no network: OFFLINE keeps the reply, attempts stay frequent for a minute, and data ends it', async () => {
  const bench = new LiveBench();
  const [watched] = await bench.opened('call_count');
  bench.server.isReachable = false;
  bench.server.stream.breakOff();
  await bench.pass(2000);
  assert.equal(watched?.last().error?.code, 'OFFLINE');
  assert.equal(watched.last().error?.retryable, true);
  assert.notEqual(watched.last().reply, undefined);
  assert.equal(bench.phase, 'offline');
  const tries = (): number => bench.server.paths.filter((path) => path === '/api/live').length;
  const before = tries();
  await bench.pass(30_000);
  assert.ok(tries() - before >= 15, 'at least every 2 s');
  bench.server.isReachable = true;
  await bench.pass(2000);
  bench.answer(6);
  await settled();
  assert.equal(watched.last().error, undefined);
  assert.equal(watched.value(), 6);
});

test('the delay before an attempt: a quarter of a second, two in the first minute, half a minute in the end', () => {
  assert.equal(retryDelayMs({ failures: 1, outageMs: 0, random: 1 }), 250);
  assert.equal(retryDelayMs({ failures: 9, outageMs: 59_000, random: 1 }), 2000);
  assert.equal(retryDelayMs({ failures: 99, outageMs: 3_600_000, random: 1 }), 30_000);
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 500 }),
      fc.integer({ min: 0, max: 86_400_000 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      fc.option(fc.integer({ min: 0, max: 60_000 }), { nil: undefined }),
      (failures, outageMs, random, retryAfterMs) => {
        const delayMs = retryDelayMs({ failures, outageMs, random, retryAfterMs });
        assert.ok(delayMs >= (retryAfterMs ?? 0) && delayMs >= 187);
        assert.ok(delayMs <= Math.max(outageMs <= 60_000 ? 2000 : 30_000, (retryAfterMs ?? 0) + 250));
      },
    ),
  );
});

test('Retry-After of a refusal and retryMs of a goodbye are kept to', async () => {
  const bench = new LiveBench();
  const [watched] = await bench.opened('call_count');
  const { stream } = bench.server;
  stream.send({ event: 'bye', id: bench.server.id(), reason: 'shutdown', retryMs: 1500 });
  await bench.pass(1499);
  assert.equal(bench.server.streams.length, 1);
  assert.equal(watched?.last().error, undefined, 'a planned goodbye is no error');
  bench.server.answers = [{ status: 503, code: 'region_unavailable', headers: { 'retry-after': '7' } }, 'stream'];
  await bench.pass(1);
  assert.equal(watched?.last().error?.code, 'REGION_UNAVAILABLE');
  await bench.pass(6999);
  assert.equal(bench.server.streams.length, 1);
  await bench.pass(1);
  assert.equal(bench.server.streams.length, 2);
});

test('silence: after 5 s without a tick the stream is dropped and opened again', async () => {
  const bench = new LiveBench();
  await bench.opened('call_count');
  for (let second = 0; second < 10; second += 1) {
    await bench.pass(1000);
    bench.change(second);
  }
  await bench.pass(4999);
  assert.equal(bench.server.streams.length, 1);
  await bench.pass(1 + 250);
  assert.ok(bench.server.streams[0]?.isClosedByClient);
  assert.equal(bench.server.streams.length, 2);
  assert.equal(bench.server.stream.resume, 'epoch-11-m');
});

test('slow ticks: where the service is slow and well, silence is given more time, bounded by the heartbeat', async () => {
  const bench = new LiveBench();
  await bench.opened('call_count');
  for (let round = 0; round < 12; round += 1) {
    await bench.pass(6000);
    bench.change(round);
    await settled();
  }
  const opened = bench.server.streams.length;
  assert.ok(opened <= 3, String(opened));
  await bench.pass(6000);
  bench.server.stream.write(': heartbeat\n\n');
  await bench.pass(9999);
  assert.equal(bench.server.streams.length, opened, 'a heartbeat is a sign of life');
  await bench.pass(251);
  assert.equal(bench.server.streams.length, opened + 1);
});

test('the network comes back: connected at once, not at the end of a long wait', async () => {
  const bench = new LiveBench();
  await bench.opened('call_count');
  bench.server.isReachable = false;
  bench.managers.online.turn(false);
  await settled();
  assert.equal(bench.phase, 'offline');
  await bench.pass(10 * 60_000);
  bench.managers.online.turn(true);
  await bench.pass(200);
  bench.server.isReachable = true;
  await bench.pass(500);
  assert.equal(bench.server.streams.length, 2, 'an attempt that came too early is soon repeated');
});

test('the page is hidden: paused after 30 s with no timer left; shown again it resumes where it was', async () => {
  const bench = new LiveBench();
  const [watched] = await bench.opened('call_count');
  bench.managers.visibility.turn(false);
  for (let second = 1; second < 30; second += 1) {
    await bench.pass(1000);
    bench.change(second);
  }
  assert.equal(bench.phase, 'open');
  await bench.pass(1000);
  assert.equal(bench.phase, 'paused');
  assert.ok(bench.server.stream.isClosedByClient);
  assert.equal(bench.managers.timers.count, 0);
  assert.equal(watched?.value(), 29);
  await bench.pass(3_600_000);
  assert.equal(bench.server.streams.length, 1);
  bench.managers.visibility.turn(true);
  await bench.pass(0);
  assert.equal(bench.server.streams.length, 2);
  assert.equal(bench.server.stream.resume, 'epoch-30-m');
});

test('a short look away changes nothing; a look back during an outage is an attempt', async () => {
  const bench = new LiveBench();
  await bench.opened('call_count');
  bench.managers.visibility.turn(false);
  await bench.pass(1000);
  bench.managers.visibility.turn(true);
  await bench.pass(100);
  assert.equal(bench.server.streams.length, 1);
  bench.server.answers = [{ status: 503, code: 'overloaded', headers: { 'retry-after': '60' } }, 'stream'];
  bench.server.stream.breakOff();
  await bench.pass(1000);
  bench.managers.visibility.turn(false);
  bench.managers.visibility.turn(true);
  await settled();
  assert.equal(bench.server.streams.length, 2);
});

test('a hidden page asks for a token first when it is shown again', async () => {
  const bench = new LiveBench();
  const expiring = (ms: number): string =>
    `h.${btoa(JSON.stringify({ exp: (bench.managers.timers.nowMs() + ms) / 1000 }))}.s`;
  bench.token = expiring(300_000);
  await bench.opened('call_count');
  bench.client.suspend();
  await bench.pass(280_000);
  bench.token = expiring(300_000);
  bench.client.resume();
  await bench.pass(0);
  assert.deepEqual(bench.reasons, ['initial', 'resume']);
  assert.equal(bench.server.stream.authorization, `Bearer ${bench.token}`);
});

test('suspended by hand it rests, whatever is mounted or shown, until it is resumed', async () => {
  const bench = new LiveBench();
  await bench.opened('call_count');
  bench.client.suspend();
  bench.watch('queue_depth');
  bench.managers.visibility.turn(false);
  bench.managers.visibility.turn(true);
  bench.managers.online.turn(true);
  await bench.pass(60_000);
  assert.equal(bench.phase, 'paused');
  assert.equal(bench.server.streams.length, 1);
  bench.client.resume();
  await bench.pass(0);
  assert.equal(bench.server.stream.requests[0]?.queries?.length, 2);
});

test('after destroy nothing happens any more', async () => {
  const bench = new LiveBench();
  const [watched] = await bench.opened('call_count');
  const told = watched?.updates.length;
  bench.client.destroy();
  bench.managers.visibility.turn(true);
  bench.managers.online.turn(true);
  await bench.pass(60_000);
  assert.equal(bench.managers.timers.count, 0);
  assert.equal(watched?.updates.length, told);
  assert.equal(bench.server.streams.length, 1);
});
