import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { populationOf } from '@lumina/simulator';

import { VERIFIED_TERRITORY_ID } from './environment.ts';
import type { VerifyOptions } from './options.ts';
import { verifyReport } from './report.ts';
import { verify } from './run.ts';

/** An hour over midnight in six minutes. */
const hour: VerifyOptions = {
  minutes: 6,
  speed: 10,
  kills: 2,
  seed: 5,
  events: 20_000,
  through: 'switch',
  poison: 0.01,
  control: undefined,
};
const JUDGED_MINUTES = 55;

describe('an hour of all sources through a switch, its forwarder and the stream', () => {
  it('is stored exactly, with 5 % duplicates, 5 % late and 1 % poison, in balance at every minute', async (test) => {
    const result = await verify(hour, (line) => {
      test.diagnostic(line);
    });
    const { text, isWell } = verifyReport(result, hour);
    assert.ok(isWell, text);
    const { events, duplicates, late, deadLetters, balance } = result;
    assert.ok(duplicates / events > 0.045, `${String(duplicates)} duplicates of ${String(events)}`);
    assert.ok(late / events > 0.045, `${String(late)} late of ${String(events)}`);
    assert.ok(deadLetters.poison / events > 0.0099);
    const queues = populationOf(VERIFIED_TERRITORY_ID).queues.length;
    assert.equal(balance.queueMinutes, queues * JUDGED_MINUTES);
  });

  it('notices a switch that loses events', async () => {
    const control = { ...hour, minutes: 0.6, speed: 20, kills: 0, events: 3_000, control: 'switch-loses-events' };
    const { comparison, balance } = await verify(control, () => undefined);
    assert.ok(comparison.unequal.length > 0, 'the comparison did not notice');
    assert.ok(balance.broken.length > 0, 'the balance of the queues did not notice');
  });
});
