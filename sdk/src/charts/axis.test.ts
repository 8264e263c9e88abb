import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CALM_MS, SteadyAxis, axisTicks, valueAxis } from './axis.ts';

const units = fc.constantFrom('count', 's', 'ms', '%');
const size = fc.double({ min: 0.001, max: 1e9, noNaN: true });

test('a value axis holds its values in few round steps', () => {
  fc.assert(
    fc.property(size, fc.double({ min: -1e6, max: 0, noNaN: true }), units, (highest, lowest, unit) => {
      const axis = valueAxis({ lowest, highest, unit });
      assert.ok(axis.min <= lowest + 1e-9 && axis.max >= highest * (1 - 1e-9));
      assert.ok((axis.max - axis.min) / axis.step <= 6.0001);
      if (unit === 'count' && highest - lowest >= 1) assert.ok(Number.isInteger(axis.step));
    }),
  );
  assert.deepEqual(valueAxis({ lowest: 60, highest: 83, unit: '%' }), { min: 0, max: 100, step: 25 });
  assert.deepEqual(valueAxis({ lowest: 0, highest: 400, unit: 's' }), { min: 0, max: 480, step: 120 });
  assert.deepEqual(valueAxis({ lowest: 0, highest: 0, unit: 's' }).max > 0, true);
});

test('given ends hold, unless a value lies beyond them', () => {
  const need = { lowest: 12, highest: 30, unit: 'count', min: 10, max: 50 };
  assert.deepEqual([valueAxis(need).min, valueAxis(need).max], [10, 50]);
  assert.ok(valueAxis({ ...need, highest: 70 }).max >= 70);
  assert.ok(valueAxis({ ...need, lowest: 3 }).min <= 3);
});

test('an axis grows at once and shrinks only after a calm while', () => {
  const steady = new SteadyAxis();
  const at = (highest: number, nowMs: number): number =>
    steady.next({ lowest: 0, highest, unit: 'count' }, 'calls', nowMs).max;
  assert.equal(at(10, 0), 10);
  assert.equal(at(9, 1000), 10);
  assert.ok(at(30, 2000) >= 30);
  const grown = at(30, 3000);
  assert.equal(at(2, 4000), grown);
  assert.equal(at(2, 4000 + CALM_MS - 1), grown);
  assert.equal(at(20, 4000 + CALM_MS - 1), grown, 'a value that needs the axis ends the calm');
  assert.equal(at(2, 4000 + CALM_MS), grown);
  assert.ok(at(2, 4000 + 2 * CALM_MS) < grown);
});

test('an axis never cuts what it shows, and another key starts anew', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(size, fc.integer({ min: 0, max: 200_000 })), { minLength: 1 }), (ticks) => {
      const steady = new SteadyAxis();
      let nowMs = 0;
      for (const [highest, passedMs] of ticks) {
        nowMs += passedMs;
        assert.ok(steady.next({ lowest: 0, highest, unit: 'ms' }, 'a', nowMs).max >= highest * (1 - 1e-9));
      }
      assert.deepEqual(
        steady.next({ lowest: 0, highest: 3, unit: 'count' }, 'b', nowMs),
        valueAxis({ lowest: 0, highest: 3, unit: 'count' }),
      );
    }),
  );
});

test('grid lines stand at round values between the ends', () => {
  assert.deepEqual(axisTicks({ min: 0, max: 0.3, step: 0.1 }), [0, 0.1, 0.2, 0.3]);
  assert.deepEqual(axisTicks({ min: 10, max: 50, step: 20 }), [20, 40]);
});
