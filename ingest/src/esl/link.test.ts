import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { EslError } from './esl-error.ts';
import { reconnectDelayMs } from './link.ts';
import { nextRoundInMs } from './snapshot-rounds.ts';

describe('reconnectDelayMs', () => {
  it('is short and jittered after a loss, and never nothing', () => {
    const lost = new EslError('esl_closed', 'lost');
    assert.equal(
      reconnectDelayMs(lost, 0, () => 0),
      50,
    );
    assert.ok(reconnectDelayMs(lost, 20, () => 0.999) <= 10_050);
  });

  it('is long after a refusal, from the first on', () => {
    for (const code of ['esl_auth_refused', 'esl_rejected'] as const) {
      assert.ok(reconnectDelayMs(new EslError(code, 'no'), 0, () => 0) >= 15_000);
    }
  });
});

describe('nextRoundInMs', () => {
  it('meets every slot once, beside the whole second', () => {
    const intervalMs = 10_000;
    let nowMs = 1_772_532_004_711;
    let slot = Math.floor(nowMs / intervalMs);
    for (let round = 0; round < 100; round += 1) {
      const waitMs = nextRoundInMs(nowMs, intervalMs);
      assert.ok(waitMs > 0 && waitMs <= intervalMs);
      nowMs += waitMs;
      assert.equal(Math.floor(nowMs / intervalMs), slot + 1);
      assert.notEqual(nowMs % 1000, 0);
      slot += 1;
      // A slow round: answered late, but within its slot.
      nowMs += round * 50;
    }
  });
});
