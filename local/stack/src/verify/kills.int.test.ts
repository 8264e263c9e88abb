import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { VerifyOptions } from './options.ts';
import { verify } from './run.ts';

const run: VerifyOptions = { minutes: 0.5, speed: 36, kills: 3, seed: 4, events: 3_600, control: undefined };
const silently = (): void => undefined;

describe('a worker that is killed again and again', () => {
  it('stores everything exactly once', async () => {
    const { events, kills, comparison } = await verify(run, silently);
    assert.deepEqual(comparison.unequal.slice(0, 5), []);
    assert.ok(comparison.equal > 3_000, `only ${String(comparison.equal)} cells were compared`);
    assert.ok(events >= run.events && kills === run.kills);
  });

  it('loses events when it checkpoints before the store has acknowledged', async () => {
    const { comparison } = await verify({ ...run, control: 'checkpoint-before-write' }, silently);
    assert.ok(comparison.unequal.length > 0, 'the run did not notice the loss');
  });
});
