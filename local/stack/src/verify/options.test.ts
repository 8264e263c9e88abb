import assert from 'node:assert/strict';
import { describe, it } from 'node:test';

import { binTruth, MINUTE_MS } from './cells.ts';
import { parseVerifyOptions, VerifyUsageError } from './options.ts';
import { killTimes } from './traffic.ts';

describe('the command line of a verification', () => {
  it('asks for 200 events a simulated minute unless told otherwise', () => {
    assert.equal(parseVerifyOptions(['--minutes', '10', '--speed', '10']).events, 20_000);
    assert.equal(parseVerifyOptions(['--events', '7']).events, 7);
  });
  it('refuses what it cannot run, with the usage', () => {
    for (const argv of [['--minutes', 'ten'], ['--speed', '0'], ['--bogus'], ['--kills', '-1']]) {
      assert.throws(() => parseVerifyOptions(argv), VerifyUsageError, argv.join(' '));
    }
  });
});

describe('the instants of the kills', () => {
  it('lie one in each equal part of the run', () => {
    const times = killTimes(5, 3);
    assert.deepEqual(
      times.map((share) => Math.floor((share / 0.9) * 5)),
      [0, 1, 2, 3, 4],
    );
  });
});

describe('the truth in wider bins', () => {
  const line = (minute: number, num: number) => ({
    metric: 'queue_depth',
    territoryId: 101,
    group: {},
    minute: minute * MINUTE_MS,
    num,
    den: 1,
  });
  const span = { fromMs: 0, toMs: 7 * MINUTE_MS, binMs: 7 * MINUTE_MS };
  it('adds what flows and takes the last of what is sampled', () => {
    const lines = [line(0, 3), line(5, 4), line(6, 9)];
    const flowing = binTruth({ metric: 'queue_wait_time', stat: undefined, dimensions: [] }, lines, span);
    assert.deepEqual([...flowing.values()], [{ num: 16, den: 3 }]);
    const sampled = binTruth({ metric: 'queue_depth', stat: 'now', dimensions: [] }, lines, span);
    assert.deepEqual([...sampled.values()], [{ num: 9, den: 1 }]);
  });
  it('knows nothing when the last minute was not sampled', () => {
    const sampled = binTruth({ metric: 'queue_depth', stat: 'now', dimensions: [] }, [line(5, 4)], span);
    assert.equal(sampled.size, 0);
  });
});
