import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { TailHealth } from './tail-health.ts';

const GENERATION = 1_000_000_000;

describe('the health of the live tail', () => {
  let nowMs: number;
  let health: TailHealth;
  const hear = (seq: number, watermark = nowMs, source = 'events/a'): void => {
    health.hear({ v: 1, source, seq, watermark, facts: [] });
  };
  beforeEach(() => {
    nowMs = 1_000_000;
    health = new TailHealth(() => nowMs);
  });

  it('is not live before anything was heard, and is after', () => {
    assert.equal(health.isLive, false);
    assert.equal(health.watermarkMs, undefined);
    hear(1);
    assert.equal(health.isLive, true);
  });

  it('knows what all sources have published, not what one has', () => {
    hear(1, nowMs - 1_000, 'events/a');
    hear(1, nowMs - 4_000, 'events/b');
    assert.equal(health.watermarkMs, nowMs - 4_000);
    hear(2, nowMs - 5_000, 'events/b');
    assert.equal(health.watermarkMs, nowMs - 4_000, 'a watermark never falls');
    hear(2, nowMs - 20_000, 'events/c');
    assert.equal(health.isLive, false, 'one that is far behind makes all late');
  });

  it('is not live while a number is missing, and loses it after five seconds', () => {
    hear(1);
    hear(3);
    assert.equal(health.isLive, false);
    hear(2);
    assert.equal(health.isLive, true, 'records may overtake each other');
    hear(5);
    nowMs += 4_999;
    assert.equal(health.takeLoss(), false);
    nowMs += 1;
    assert.equal(health.takeLoss(), true);
    assert.equal(health.takeLoss(), false, 'a loss is told once');
    hear(6, nowMs);
    assert.equal(health.isLive, true);
  });

  it('takes the numbers of a new owner for no gap, and hears an old one no more', () => {
    hear(GENERATION + 7);
    hear(2 * GENERATION + 1);
    assert.equal(health.isLive, true);
    hear(GENERATION + 8, nowMs + 60_000);
    assert.equal(health.watermarkMs, nowMs);
    hear(2 * GENERATION + 2);
    assert.equal(health.isLive, true);
  });

  it('forgets a source that has been silent for a minute: its shard has ended', () => {
    hear(1, nowMs, 'events/parent');
    for (let second = 0; second < 61; second += 1) {
      nowMs += 1_000;
      hear(second + 1, nowMs, 'events/child');
    }
    assert.equal(health.watermarkMs, nowMs);
    assert.equal(health.isLive, true);
  });

  it('learns nothing from a record that only tells of a backfill', () => {
    health.hear({ v: 1, source: 'backfill', seq: 0, watermark: 0, facts: [], rewritten: [] });
    assert.equal(health.watermarkMs, undefined);
  });
});
