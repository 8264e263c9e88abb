import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClockCheck } from './clock-check.ts';
import { ServerClock } from './server-clock.ts';
import { steadyClock } from './steady-clock.ts';

const START_MS = Date.UTC(2026, 0, 1);

/** A desk with a clock that can be set, and one that cannot. */
function desk(): {
  readonly pass: (ms: number) => void;
  readonly set: (ms: number) => void;
  readonly now: () => number;
} {
  let wallMs = START_MS;
  let elapsedMs = 5;
  const now = steadyClock(
    () => wallMs,
    () => elapsedMs,
  );
  return {
    now,
    pass: (ms) => {
      wallMs += ms;
      elapsedMs += ms;
    },
    set: (ms) => {
      wallMs += ms;
    },
  };
}

test('the local clock is the one on the desk, which may drift a little', () => {
  const { now, pass, set } = desk();
  pass(1000);
  set(-300);
  assert.equal(now(), START_MS + 700);
});

test('the local clock never goes back, however often the one on the desk does', () => {
  const { now, pass, set } = desk();
  for (let time = 1; time <= 3; time += 1) {
    pass(10_000);
    set(-3_600_000);
    assert.equal(now(), START_MS + time * 10_000);
  }
});

test('the local clock goes forward with the one on the desk, as after sleep', () => {
  const { now, pass, set } = desk();
  set(3_600_000);
  pass(1000);
  assert.equal(now(), START_MS + 3_601_000);
});

test('a number stays as old as it is when the clock on the desk is set back', () => {
  const { now, pass, set } = desk();
  const clock = new ServerClock(now);
  clock.observe(new Date(now()).toUTCString(), now(), now());
  const watermarkMs = clock.nowMs();
  pass(20_000);
  set(-600_000);
  assert.equal(clock.nowMs() - watermarkMs, 20_000);
});

test('the time is asked for when answers seem old or early, once in half a minute, and then known', () => {
  let localMs = START_MS;
  let asked = 0;
  const clock = new ServerClock(() => localMs);
  const serviceNow = (): Date => new Date(START_MS + 60_000);
  const observe = (): void => {
    clock.observe(serviceNow().toUTCString(), localMs, localMs);
  };
  observe();
  const check = new ClockCheck({
    clock,
    ask: () => {
      asked += 1;
      observe();
      return Promise.resolve();
    },
  });
  const arrive = (): void => {
    check.arrived(serviceNow().getTime());
  };
  arrive();
  assert.equal(asked, 0);
  localMs += 3_600_000;
  arrive();
  assert.equal(asked, 1);
  assert.ok(Math.abs(clock.nowMs() - serviceNow().getTime()) <= 1000);
  localMs -= 10_000;
  arrive();
  assert.equal(asked, 1);
  localMs += 40_000;
  arrive();
  assert.equal(asked, 2);
});

test('a service that cannot be asked harms nothing', async () => {
  const clock = new ServerClock(() => START_MS);
  const check = new ClockCheck({ clock, ask: () => Promise.reject(new Error('away')) });
  check.arrived(START_MS - 60_000);
  await Promise.resolve();
});
