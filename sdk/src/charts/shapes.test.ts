import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { gaugeScale, gaugeShapes, hasScale } from './gauge-geometry.ts';
import { labelPlaces } from './label-places.ts';
import { linePartsOf } from './line-data.ts';
import { stackSeries } from './stack-series.ts';
import { toneBands, toneOf } from './thresholds.ts';

const THRESHOLDS = [
  { from: 20, tone: 'warning' },
  { from: 60, tone: 'critical' },
] as const;

test('a value has the tone of the last threshold it reaches', () => {
  const tones = [null, 0, 19.9, 20, 59, 60, 1000].map((value) => toneOf(value, [...THRESHOLDS]));
  assert.deepEqual(tones, [undefined, undefined, undefined, 'warning', 'warning', 'critical', 'critical']);
});

test('bands cover an axis without gaps', () => {
  assert.deepEqual(toneBands([...THRESHOLDS], 0, 100), [
    { from: 0, to: 20, tone: undefined },
    { from: 20, to: 60, tone: 'warning' },
    { from: 60, to: 100, tone: 'critical' },
  ]);
  assert.deepEqual(toneBands([...THRESHOLDS], 30, 50), [{ from: 30, to: 50, tone: 'warning' }]);
  assert.deepEqual(toneBands(undefined, 0, 1), [{ from: 0, to: 1, tone: undefined }]);
});

test('labels neither overlap nor leave the plot, keep their order, and stay where they fit', () => {
  const wish = fc.record({ y: fc.double({ min: -50, max: 350, noNaN: true }), heightPx: fc.constant(18) });
  fc.assert(
    fc.property(fc.array(wish, { minLength: 1, maxLength: 12 }), (wishes) => {
      const places = labelPlaces(wishes, 300);
      const order = wishes.map(({ y }, index) => ({ y, place: places[index] ?? NaN })).sort((a, b) => a.y - b.y);
      for (const [index, { place }] of order.entries()) {
        assert.ok(place >= 9 - 1e-6 && place <= 291 + 1e-6);
        const before = order[index - 1]?.place;
        if (before !== undefined) assert.ok(place - before >= 18 - 1e-6);
      }
    }),
  );
  const far = [
    { y: 250, heightPx: 18 },
    { y: 40, heightPx: 18 },
  ];
  assert.deepEqual(labelPlaces(far, 300), [250, 40]);
  const near = [
    { y: 100, heightPx: 18 },
    { y: 104, heightPx: 18 },
  ];
  assert.deepEqual(labelPlaces(near, 300), [93, 111]);
});

test('stacked series add up; where none has a value there is a gap', () => {
  const stacked = stackSeries([
    [
      [0, 1],
      [1, null],
      [2, 3],
    ],
    [
      [0, 10],
      [1, null],
      [2, null],
    ],
  ]);
  assert.deepEqual(stacked[1], [
    [0, 11],
    [1, null],
    [2, 3],
  ]);
});

test('a line is cut at its open bucket, and a value between gaps stands alone', () => {
  const parts = linePartsOf(
    [
      [0, 5],
      [1, null],
      [2, 7],
      [3, null],
      [4, 8],
      [5, 2],
    ],
    5,
    300,
  );
  assert.deepEqual(parts.closed.at(-1), { x: 4, y: 8 });
  assert.deepEqual(
    parts.tail.map(({ x }) => x),
    [4, 5],
  );
  assert.deepEqual(
    parts.lone.map(({ x }) => x),
    [0, 2],
  );
  assert.deepEqual(parts.newest, { x: 5, y: 2 });
});

test('a gauge needs an end, a target or thresholds, and its scale holds them and the value', () => {
  assert.equal(hasScale({}), false);
  assert.equal(hasScale({ target: 5 }), true);
  assert.deepEqual(gaugeScale(50, { target: 90 }, '%'), { min: 0, max: 100 });
  assert.deepEqual(gaugeScale(50, { min: 10, max: 80 }, 'count'), { min: 10, max: 80 });
  fc.assert(
    fc.property(fc.double({ min: 0.01, max: 1e7, noNaN: true }), fc.integer({ min: 1, max: 1e6 }), (value, target) => {
      const { min, max } = gaugeScale(value, { target }, 'count');
      assert.ok(min <= value && value <= max && target <= max);
    }),
  );
});

test('the arc of a gauge grows with its value and never leaves the scale', () => {
  const at = (value: number | null): string => gaugeShapes(value, { max: 100 }, 'count').value;
  assert.equal(at(null), '');
  assert.equal(at(0), '');
  // Half of the scale ends at the top, above the middle of the box.
  assert.match(at(50), /0 0 1 100\.00 16\.00$/u);
  assert.match(at(90), /A88 88 0 1 1/u);
  assert.equal(at(250), at(100));
  assert.equal(gaugeShapes(250, { max: 100 }, 'count').isBeyond, true);
  assert.equal(gaugeShapes(50, { max: 100, target: 120 }, 'count').target, '');
  assert.equal(gaugeShapes(50, { thresholds: [...THRESHOLDS], max: 100 }, 'count').track.length, 3);
});
