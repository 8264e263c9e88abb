import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { TileSeries, TileView } from '../client/tile-view.ts';
import { barGroups, barThicknessPx, bucketMs, fittedName, isHorizontal } from './bar-groups.ts';
import type { BarGroups } from './bar-groups.ts';

const CALLS = { id: 'call_count', unit: 'count', better: 'neutral' } as const;
const WAIT = { id: 'queue_wait_time', unit: 's', better: 'lower' } as const;
const DEPTH = { id: 'queue_depth', unit: 'count', better: 'lower' } as const;

function series(name: string, total: number | null, more: Partial<TileSeries> = {}): TileSeries {
  const metric = more.metric ?? CALLS.id;
  return {
    key: `${metric} ${name}`,
    metric,
    unit: 'count',
    better: 'neutral',
    dimension: name === '' ? '' : 'queue_id',
    value: name,
    group: name === '' ? {} : { queue_id: name },
    points: [],
    total,
    ...more,
  };
}

function view(list: readonly TileSeries[], more: Partial<TileView> = {}): TileView {
  return {
    series: list,
    metrics: [CALLS],
    unit: 'count',
    fromMs: 0,
    toMs: 1000,
    openFromMs: undefined,
    timeZone: 'UTC',
    hasValues: true,
    ...more,
  };
}

function shown(given: TileView, order: Partial<Parameters<typeof barGroups>[1]> = {}): BarGroups {
  return barGroups(given, { limit: 100, locale: 'en', ...order }, (index) => given.series[index]?.value ?? '');
}

const names = (bars: BarGroups): readonly string[] => bars.groups.map(({ name }) => name);

test('groups stand by value, largest first, those without a value last', () => {
  const given = view([series('a', 3), series('b', null), series('c', 9)]);
  assert.deepEqual(names(shown(given)), ['c', 'a', 'b']);
  assert.deepEqual(names(shown(given, { isDescending: false })), ['a', 'c', 'b']);
  assert.deepEqual(names(shown(given, { sortBy: 'name' })), ['a', 'b', 'c']);
});

test('a limit hides the rest and counts it', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 40 }), fc.nat({ max: 40 }), (totals, limit) => {
      const bars = shown(view(totals.map((total, index) => series(`q${String(index)}`, total))), { limit });
      assert.equal(bars.groups.length + bars.hiddenCount, totals.length);
      const values = bars.groups.map(({ values: [value] }) => value ?? -1);
      assert.deepEqual(values, [...totals].sort((a, b) => b - a).slice(0, values.length));
      if (totals.length > 0) assert.equal(values.length, Math.min(totals.length, Math.max(1, limit)));
    }),
  );
});

test('metrics of one unit share the axis, others are named', () => {
  const given = view(
    [
      series('a', 3),
      series('b', 5),
      series('a', 7, { metric: DEPTH.id }),
      series('b', 1, { metric: DEPTH.id }),
      series('a', 60, { metric: WAIT.id, unit: 's' }),
    ],
    { metrics: [CALLS, DEPTH, WAIT] },
  );
  const bars = shown(given, { sortBy: DEPTH.id });
  assert.deepEqual(
    bars.groups.map(({ name, values }) => [name, ...values]),
    [
      ['a', 3, 7],
      ['b', 5, 1],
    ],
  );
  assert.deepEqual(bars.otherMetrics, [WAIT]);
});

test('what is not grouped stands over time, its open bucket marked', () => {
  const points = [
    [0, 4],
    [10, null],
    [20, 6],
  ] as const;
  const bars = shown(view([series('', 10, { points })], { openFromMs: 20 }));
  assert.equal(bars.isOverTime, true);
  assert.deepEqual(
    bars.groups.map(({ fromMs, values: [value], isOpen }) => [fromMs, value, isOpen]),
    [
      [0, 4, false],
      [10, null, false],
      [20, 6, true],
    ],
  );
  assert.equal(bucketMs(bars.groups), 10);
});

test('long names lay the bars down, unless told otherwise', () => {
  const long = shown(view([series('Priority customers, all of Europe, day team', 1), series('b', 2)]));
  const short = shown(view([series('a', 1), series('b', 2)]));
  assert.equal(isHorizontal(undefined, long, 400), true);
  assert.equal(isHorizontal('auto', short, 400), false);
  assert.equal(isHorizontal('vertical', long, 400), false);
  assert.equal(isHorizontal('horizontal', short, 400), true);
  assert.equal(fittedName('Customer support', 60), 'Customer…');
  assert.equal(fittedName('Sales', 60), 'Sales');
});

test('bars are at least 6 px wherever there is room, and never wider than their place', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 300 }),
      fc.integer({ min: 1, max: 4 }),
      fc.boolean(),
      (slot, count, lying) => {
        const thickness = barThicknessPx(slot, count, lying);
        assert.ok(thickness > 0 && thickness * count <= slot);
        if (slot >= 7 * count + 1) assert.ok(thickness >= 6);
      },
    ),
  );
});
