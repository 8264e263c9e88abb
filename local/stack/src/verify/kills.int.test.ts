import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import type { VerifyOptions } from './options.ts';
import { verify } from './run.ts';

const run: VerifyOptions = {
  minutes: 0.5,
  speed: 36,
  kills: 3,
  seed: 4,
  events: 3_600,
  through: 'collector',
  poison: 0,
  control: 'checkpoint-before-write',
};
const silently = (): void => undefined;

describe('a worker that is killed again and again', () => {
  it('loses events when it checkpoints before the store has acknowledged', async () => {
    const { comparison } = await verify(run, silently);
    assert.ok(comparison.equal > 0);
    assert.ok(comparison.unequal.length > 0, 'the run did not notice the loss');
  });
});
