import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { settled } from '../../testing/fake-managers.ts';
import { LuminaError } from '../lumina-error.ts';
import { TokenSource } from '../token-source.ts';
import { LiveBench } from '../testing/live-bench.ts';
import { json } from '../testing/live-server.ts';

afterEach(() => {
  LiveBench.endAll();
});

function reauth(bench: LiveBench): object {
  return { event: 'reauth', id: bench.server.id(), stream: 'st/1', expiresAt: bench.managers.timers.nowMs() + 30_000 };
}

test('asked for a new token, the stream gets one and goes on', async () => {
  const bench = new LiveBench();
  const [watched] = await bench.opened('call_count');
  bench.token = 'token-2';
  bench.server.stream.send(reauth(bench), reauth(bench));
  await settled();
  assert.deepEqual(bench.reasons, ['initial', 'scheduled']);
  assert.equal(bench.server.paths.filter((path) => path === '/api/live/st%2F1/token').length, 1);
  assert.equal(bench.server.authorizations.at(-1), 'Bearer token-2');
  bench.change(4);
  await settled();
  assert.equal(watched?.value(), 4);
  assert.equal(bench.server.streams.length, 1);
});

test('a renewal that fails is repeated, ever more rarely, until it succeeds or the stream has gone', async () => {
  const bench = new LiveBench();
  await bench.opened('call_count');
  let failures = 3;
  bench.server.other = (path) => {
    if (!path.endsWith('/token')) return undefined;
    failures -= 1;
    return failures >= 0 ? json(503, { code: 'overloaded' }) : json(200, { expiresAt: 0 });
  };
  bench.server.stream.send(reauth(bench));
  for (let second = 0; second < 8; second += 1) {
    await bench.pass(1000);
    bench.change(second);
  }
  assert.equal(failures, -1, '1 s, 2 s, 4 s');
  assert.equal(bench.server.streams.length, 1);
});

test('a token of somebody else, or a stream that has gone: opened anew', async () => {
  for (const status of [403, 404]) {
    const bench = new LiveBench();
    await bench.opened('call_count');
    bench.server.other = (path) => (path.endsWith('/token') ? json(status, {}) : undefined);
    bench.server.stream.send(reauth(bench));
    await bench.pass(250);
    assert.equal(bench.server.streams.length, 2);
    assert.equal(bench.server.stream.resume, undefined);
  }
});

test('401 on opening: one forced replacement', async () => {
  const bench = new LiveBench();
  bench.server.answers = [{ status: 401, code: 'unauthenticated' }, 'stream'];
  const watched = bench.watch('call_count');
  await bench.pass(30);
  assert.deepEqual(bench.reasons, ['initial', 'unauthorized']);
  bench.answer(1);
  await settled();
  assert.equal(watched.value(), 1);
});

test('a second 401: AUTH_REQUIRED to every watcher, and nothing more until somebody tries again', async () => {
  const bench = new LiveBench();
  const [first] = await bench.opened('call_count');
  bench.server.answers = [{ status: 401, code: 'unauthenticated' }];
  bench.server.stream.breakOff();
  await bench.pass(250);
  const second = bench.watch('queue_depth');
  await bench.pass(600_000);
  assert.equal(first?.last().error?.code, 'AUTH_REQUIRED');
  assert.equal(second.last().error?.code, 'AUTH_REQUIRED');
  assert.equal(bench.phase, 'closed');
  assert.equal(bench.server.paths.filter((path) => path === '/api/live').length, 3);
  assert.equal(bench.managers.timers.count, 0);
  bench.server.answers = ['stream'];
  first.watch.refresh();
  await settled();
  bench.answer(5);
  await settled();
  assert.equal(first.last().error, undefined);
  assert.equal(second.value(), 5);
});

test('a refusal is final: 403', async () => {
  const bench = new LiveBench();
  bench.server.answers = [{ status: 403, code: 'region_unknown' }];
  const watched = bench.watch('call_count');
  await bench.pass(60_000);
  assert.equal(watched.last().error?.code, 'REGION_UNKNOWN');
  assert.equal(bench.phase, 'closed');
  assert.equal(bench.server.paths.length, 1);
});

test('a host that has no token for a while is asked again, ever more rarely', async () => {
  let isSignedIn = false;
  let asked = 0;
  const bench = new LiveBench({
    getToken: () => {
      asked += 1;
      return isSignedIn ? 'token-1' : Promise.reject(new Error('offline'));
    },
  });
  const watched = bench.watch('call_count');
  await bench.pass(30);
  assert.equal(watched.last().error?.code, 'AUTH_REQUIRED');
  await bench.pass(120_000);
  assert.ok(asked >= 7 && asked <= 9, String(asked));
  isSignedIn = true;
  await bench.pass(1500);
  bench.answer(3);
  await settled();
  assert.equal(watched.value(), 3);
  assert.equal(watched.last().error, undefined);
});

test('no error, nor anything it carries, holds a token', async () => {
  const secret = 'very-secret-token';
  const bench = new LiveBench({ getToken: () => secret });
  const [watched] = await bench.opened('call_count');
  bench.server.isReachable = false;
  bench.server.stream.breakOff();
  await bench.pass(5000);
  bench.server.isReachable = true;
  bench.server.answers = [{ status: 401, code: 'unauthenticated' }];
  await bench.pass(5000);
  for (const { error } of watched?.updates ?? []) {
    const said = [error?.message, error?.suggestion, String(error?.cause), error?.stack, JSON.stringify(error)];
    assert.ok(!JSON.stringify(said).includes(secret));
  }
  assert.ok(watched?.updates.some(({ error }) => error !== undefined));
});

test('new tokens are announced by their expiry alone', async () => {
  const notices: unknown[] = [];
  const bench = new LiveBench({
    getToken: () => ({ token: 'opaque', expiresAt: 1_900_000_000_000 }),
    onToken: (notice) => notices.push(notice),
  });
  await bench.client.session();
  assert.deepEqual(notices, [{ expiresAt: 1_900_000_000_000 }]);
});

function sourceOf(
  lifetimeMs: number,
  random = 0.5,
): { source: TokenSource; asked: () => number; at: (ms: number) => void; fail: (is: boolean) => void } {
  let nowMs = 0;
  let asked = 0;
  let isFailing = false;
  const source = new TokenSource(
    () => {
      asked += 1;
      if (isFailing) throw new Error('no network');
      return { token: `token-${String(asked)}`, expiresAt: nowMs + lifetimeMs };
    },
    () => nowMs,
    { random: () => random },
  );
  return {
    source,
    asked: () => asked,
    at: (ms) => {
      nowMs = ms;
    },
    fail: (is) => {
      isFailing = is;
    },
  };
}

test('a token is replaced a fifth of its life before its end, at least half a minute, give or take a tenth of that', async () => {
  for (const [lifetimeMs, random, refreshMs] of [
    [300_000, 0.5, 240_000],
    [300_000, 0, 246_000],
    [300_000, 1, 234_000],
    [100_000, 0.5, 70_000],
    [20_000, 0.5, 10_000],
  ] as const) {
    const { source, asked, at } = sourceOf(lifetimeMs, random);
    await source.current();
    at(refreshMs - 1);
    await source.current();
    assert.equal(asked(), 1);
    at(refreshMs);
    await source.current();
    assert.equal(asked(), 2);
  }
});

test('a failed replacement leaves the token that still lives, and is tried again after a while', async () => {
  const { source, asked, at, fail } = sourceOf(300_000);
  await source.current();
  fail(true);
  at(250_000);
  assert.equal(await source.current(), 'token-1');
  assert.equal(await source.current(), 'token-1');
  assert.equal(asked(), 2);
  at(251_000);
  assert.equal(await source.current(), 'token-1');
  assert.equal(asked(), 3);
  fail(false);
  at(253_000);
  assert.equal(await source.current(), 'token-4');
  fail(true);
  at(600_000);
  await assert.rejects(source.current(), (error) => error instanceof LuminaError && error.code === 'AUTH_REQUIRED');
});

test('a service that has outgrown the client is asked once; the connection says that only a newer page helps', async () => {
  const bench = new LiveBench();
  bench.server.answers = [{ status: 426, code: 'upgrade_required' }];
  const watched = bench.watch('call_count');
  await bench.pass(600_000);
  watched.watch.refresh();
  await bench.pass(60_000);
  assert.equal(watched.last().error?.code, 'UPGRADE_REQUIRED');
  assert.equal(bench.phase, 'upgrade');
  assert.equal(bench.server.paths.length, 1);
});
