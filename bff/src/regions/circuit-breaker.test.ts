import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createCircuitBreaker } from './circuit-breaker.ts';

function breakerAt(clock: { nowMs: number }): ReturnType<typeof createCircuitBreaker> {
  return createCircuitBreaker({ failuresToOpen: 3, openMs: 5_000, now: () => clock.nowMs });
}

it('opens after failures in a row and says how long', () => {
  const breaker = breakerAt({ nowMs: 0 });
  for (let failure = 0; failure < 3; failure += 1) {
    assert.equal(breaker.tryPass(), true);
    breaker.failed();
  }
  assert.equal(breaker.tryPass(), false);
  assert.equal(breaker.retryAfterSeconds(), 5);
});

it('forgets failures that a success interrupts', () => {
  const breaker = breakerAt({ nowMs: 0 });
  breaker.failed();
  breaker.failed();
  breaker.succeeded();
  breaker.failed();
  assert.equal(breaker.tryPass(), true);
});

it('lets one probe through after the pause, and closes on its success', () => {
  const clock = { nowMs: 0 };
  const breaker = breakerAt(clock);
  for (let failure = 0; failure < 3; failure += 1) breaker.failed();
  clock.nowMs = 5_000;
  assert.equal(breaker.tryPass(), true);
  assert.equal(breaker.tryPass(), false);
  breaker.failed();
  assert.equal(breaker.tryPass(), false);
  clock.nowMs = 10_000;
  assert.equal(breaker.tryPass(), true);
  breaker.abandoned();
  assert.equal(breaker.tryPass(), true);
  breaker.succeeded();
  assert.equal(breaker.tryPass() && breaker.tryPass(), true);
});
