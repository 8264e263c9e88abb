import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { errorFromReply, retryAfterMsOf } from './lumina-error.ts';
import type { LuminaError } from './lumina-error.ts';
import { pollDelayMs } from './poll-delay.ts';
import { queryKeys, scopeKey } from './query-keys.ts';
import { ServerClock } from './server-clock.ts';
import { TokenSource, expiryMsOf } from './token-source.ts';
import { widgetStateOf } from './widget-state.ts';
import type { WidgetStateInput } from './widget-state.ts';

function errorOf(problem: string, status: number, retryAfterMs?: number): LuminaError {
  return errorFromReply({ status, body: { code: problem }, retryAfterMs, requestId: null });
}

test('the clock holds the true offset within its bounds, whatever the delays', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -3_600_000, max: 3_600_000 }),
      fc.array(fc.tuple(fc.integer({ min: 0, max: 4000 }), fc.integer({ min: 0, max: 4000 })), {
        minLength: 1,
        maxLength: 20,
      }),
      (offsetMs, exchanges) => {
        let localMs = Date.UTC(2026, 0, 1);
        const clock = new ServerClock(() => localMs);
        for (const [thereMs, backMs] of exchanges) {
          const sentAtMs = localMs;
          const serverMs = localMs + thereMs + offsetMs;
          localMs += thereMs + backMs;
          clock.observe(new Date(Math.floor(serverMs / 1000) * 1000).toUTCString(), sentAtMs, localMs);
          localMs += 777;
        }
        const shortest = Math.min(...exchanges.map(([there, back]) => there + back));
        assert.ok(Math.abs(clock.offsetMs() - offsetMs) <= shortest / 2 + 1000);
      },
    ),
  );
});

test('the clock starts anew when a clock was set', () => {
  const clock = new ServerClock(() => 0);
  clock.observe(new Date(10_000).toUTCString(), 0, 10);
  clock.observe(new Date(90_000).toUTCString(), 0, 10);
  assert.ok(Math.abs(clock.offsetMs() - 90_500) < 600);
});

const READY: WidgetStateInput = {
  hasData: true,
  hasValues: true,
  ageMs: 1000,
  error: undefined,
  lateAfterMs: 15_000,
  staleAfterMs: 60_000,
};

test('the state of a tile', () => {
  const region = errorOf('region_unavailable', 503);
  const cases: readonly (readonly [string, Partial<WidgetStateInput>])[] = [
    ['ready', {}],
    ['empty', { hasValues: false }],
    ['loading', { hasData: false }],
    ['late', { ageMs: 15_000 }],
    ['stale', { ageMs: 60_000 }],
    ['stale', { ageMs: 60_000, hasValues: false }],
    ['denied', { error: errorOf('forbidden', 403) }],
    ['denied', { error: errorOf('unauthenticated', 401) }],
    ['denied', { error: errorOf('region_unknown', 403), hasData: false }],
    ['error', { error: region, hasData: false }],
    ['ready', { error: region }],
    ['late', { error: region, ageMs: 20_000 }],
    ['error', { error: errorOf('invalid_request', 422) }],
  ];
  for (const [state, input] of cases) assert.equal(widgetStateOf({ ...READY, ...input }), state);
});

test('a tile never calls old data ready', () => {
  fc.assert(
    fc.property(fc.integer({ min: 15_000, max: 10 ** 9 }), fc.boolean(), (ageMs, hasValues) => {
      const state = widgetStateOf({ ...READY, ageMs, hasValues });
      assert.ok(state === 'late' || state === 'stale');
    }),
  );
});

test('polling backs off, obeys Retry-After, and ends after a refusal', () => {
  const down = errorOf('region_unavailable', 503);
  assert.equal(pollDelayMs(2000, 0, null), 2000);
  assert.deepEqual(
    [1, 2, 3, 9].map((failures) => pollDelayMs(2000, failures, down)),
    [2000, 4000, 8000, 30_000],
  );
  assert.equal(pollDelayMs(2000, 1, errorOf('rate_limited', 429, 45_000)), 45_000);
  assert.equal(pollDelayMs(2000, 1, errorOf('forbidden', 403)), false);
});

test('Retry-After in seconds and as a date', () => {
  assert.equal(retryAfterMsOf('5', 0), 5000);
  assert.equal(retryAfterMsOf(new Date(7000).toUTCString(), 2000), 5000);
  assert.equal(retryAfterMsOf(null, 0), undefined);
  assert.equal(retryAfterMsOf('soon', 0), undefined);
});

test('an error of a proxy without a problem document still has a code', () => {
  const error = errorFromReply({ status: 502, body: undefined, retryAfterMs: undefined, requestId: 'req-9' });
  assert.equal(error.code, 'INTERNAL');
  assert.equal(error.retryable, true);
  assert.equal(error.requestId, 'req-9');
});

test('cache keys begin with territory and scope; the order of ids does not matter, their absence does', () => {
  const request = { range: { last: '1h' }, queries: [] };
  const key = queryKeys.metrics({ territoryId: 101, regionId: 1, scope: { queues: ['b', 'a'] } }, request);
  assert.equal(key[0], 101);
  assert.equal(key[1], scopeKey({ queues: ['a', 'b'] }));
  assert.notEqual(scopeKey({ queues: [] }), scopeKey({}));
  assert.notEqual(scopeKey({ queues: ['a'] }), scopeKey({ teams: ['a'] }));
});

function jwt(payload: object): string {
  return `h.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.s`;
}

test('a token is replaced before it expires, once for all who wait', async () => {
  let nowMs = 0;
  let asked = 0;
  const tokens = new TokenSource(
    () => {
      asked += 1;
      return jwt({ exp: nowMs / 1000 + 300, iat: nowMs / 1000, n: asked });
    },
    () => nowMs,
    { random: () => 0.5 },
  );
  const [first, same] = await Promise.all([tokens.current(), tokens.current()]);
  assert.equal(first, same);
  nowMs = 239_000;
  assert.equal(await tokens.current(), first);
  nowMs = 241_000;
  const [second, again] = await Promise.all([tokens.current(), tokens.current()]);
  assert.notEqual(second, first);
  assert.equal(second, again);
  assert.equal(asked, 2);
});

test('the expiry of opaque tokens is unknown', () => {
  assert.equal(expiryMsOf('opaque'), undefined);
  assert.equal(expiryMsOf('a.%%%.c'), undefined);
  assert.equal(expiryMsOf(jwt({ exp: 12 })), 12_000);
});
