import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serviceLevel, serviceLevelOptions, serviceLevelTerms } from './service-level.ts';

// The example of ICMI and CallCentreHelper.
const counts = {
  answered: 1000,
  answeredInT: 860,
  abandoned: 60,
  abandonedInT: 20,
  abandonedInS: 10,
  flowout: 0,
  callbackInT: 0,
};

const expected = [
  ['SL1', 83.0],
  ['SL2', 86.0],
  ['SL3', 81.1],
  ['SL4', 82.7],
  ['SL5', 82.1],
  ['SL6', 81.9],
  ['SL7', 81.1],
] as const;

for (const [formula, percent] of expected) {
  test(`${formula} of the published example is ${percent} %`, () => {
    const { num, den } = serviceLevel(counts, formula);
    assert.equal(Math.round((num / den) * 1000) / 10, percent);
  });
}

test('flow-outs are offered in SL1 and SL7 only; callbacks within T count as removed in SL1', () => {
  const flowing = { ...counts, flowout: 40, callbackInT: 15 };
  assert.deepEqual(serviceLevel(flowing, 'SL1'), { num: 895, den: 1100 });
  assert.deepEqual(serviceLevel(flowing, 'SL7'), { num: 860, den: 1100 });
  for (const formula of ['SL2', 'SL3', 'SL4', 'SL5', 'SL6'] as const) {
    assert.deepEqual(serviceLevel(flowing, formula), serviceLevel(counts, formula));
  }
});

test('the defaults are SL6 with 20 and 5 seconds, and waits of exactly T are within T', () => {
  const options = serviceLevelOptions({});
  assert.deepEqual(options, { formula: 'SL6', thresholdMs: 20_000, shortAbandonMs: 5000 });
  assert.deepEqual(serviceLevelTerms(options)[1], {
    aggregate: 'sum',
    column: 'answered',
    where: [{ column: 'wait_ms', op: '<=', value: 20_000 }],
  });
});
