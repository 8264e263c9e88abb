import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { populationOf } from '@lumina/simulator';

import { VERIFIED_TERRITORY_ID } from './environment.ts';
import type { VerifyOptions } from './options.ts';
import { verifyReport } from './report.ts';
import { verify } from './run.ts';

const run: VerifyOptions = {
  minutes: 0.6,
  speed: 20,
  kills: 1,
  seed: 4,
  events: 3_000,
  through: 'switch',
  poison: 0.01,
  control: undefined,
};
/** Whole minutes of the twelve, less the two before the first snapshots and the three at the end. */
const JUDGED_MINUTES = 7;

describe('traffic over midnight through a switch, its forwarder and the stream', () => {
  it('is stored exactly, with the switch restarted, its socket stalled and the worker killed', async () => {
    const lines: string[] = [];
    const result = await verify(run, (line) => lines.push(line));
    const { text, isWell } = verifyReport(result, run);
    assert.ok(isWell, `${lines.join('\n')}\n${text}`);
    assert.ok(lines.some((line) => line.includes('the switch restarts')));
    assert.ok(result.deadLetters.poison >= 30);
    const queues = populationOf(VERIFIED_TERRITORY_ID).queues.length;
    assert.equal(result.balance.queueMinutes, queues * JUDGED_MINUTES);
  });
});
