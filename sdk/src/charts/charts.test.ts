import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decimate } from './decimate.ts';
import type { Point } from './decimate.ts';
import { timeTicks, zoneOffsetMs } from './time-ticks.ts';

const values = fc.array(fc.option(fc.integer({ min: 0, max: 1000 }), { nil: null, freq: 4 }), { maxLength: 2000 });
const seriesOf = (list: readonly (number | null)[]): Point[] => list.map((value, index) => [index * 1000, value]);

test('decimation keeps order, extremes and every gap between kept values', () => {
  fc.assert(
    fc.property(values, fc.integer({ min: 8, max: 400 }), (list, limit) => {
      const points = seriesOf(list);
      const kept = decimate(points, limit);
      const known = points.flatMap(([, value]) => (value === null ? [] : [value]));
      const keptKnown = kept.flatMap(([, value]) => (value === null ? [] : [value]));
      assert.equal(Math.max(0, ...keptKnown), Math.max(0, ...known));
      assert.equal(Math.min(1000, ...keptKnown), Math.min(1000, ...known));
      for (let index = 1; index < kept.length; index += 1) {
        const [fromMs = 0, from] = kept[index - 1] ?? [];
        const [toMs = 0, to] = kept[index] ?? [];
        assert.ok(fromMs < toMs);
        if (from === null || to === null) continue;
        const between = points.slice(fromMs / 1000 + 1, toMs / 1000);
        assert.ok(
          between.every(([, value]) => value !== null),
          'a line was drawn across a gap',
        );
      }
    }),
  );
});

test('decimation keeps the highest and the lowest point even where both fall into one bucket', () => {
  const points = seriesOf(Array.from({ length: 1000 }, (_unused, index) => 500 + (index % 7)));
  points[501] = [501_000, 9000];
  points[503] = [503_000, -9000];
  const kept = decimate(points, 50).map(([, value]) => value);
  assert.ok(kept.includes(9000) && kept.includes(-9000));
});

test('decimation without gaps stays within its limit', () => {
  const points = seriesOf(Array.from({ length: 5000 }, (_unused, index) => Math.sin(index) + 1));
  assert.ok(decimate(points, 300).length <= 302);
});

test('time ticks are round in the reporting zone', () => {
  const fromMs = Date.UTC(2026, 5, 1, 0, 7);
  const ticks = timeTicks(fromMs, fromMs + 24 * 3_600_000, 6, 'Asia/Kolkata');
  assert.ok(ticks.length >= 3 && ticks.length <= 7);
  for (const tick of ticks) assert.equal((tick + zoneOffsetMs(tick, 'Asia/Kolkata')) % 3_600_000, 0);
  assert.equal(zoneOffsetMs(Date.UTC(2026, 6, 1), 'Europe/London'), 3_600_000);
});
