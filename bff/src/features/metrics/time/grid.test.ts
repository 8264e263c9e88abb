import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DAY_MS, Grid, HOUR_MS, QUARTER_MS, autoBin, gridOf } from './grid.ts';
import { resolveRange } from './range.ts';
import { localDate, startOfDay } from './zone.ts';

const at = (text: string): number => Date.parse(text);
const hours = (grid: Grid): number[] => grid.starts.map((start, index) => (grid.endOf(index) - start) / HOUR_MS);

test('the days on which clocks change have 23 and 25 hours', () => {
  const spring = Grid.days({ fromMs: at('2026-03-28T00:00:00Z'), toMs: at('2026-03-30T12:00:00Z') }, 'Europe/London');
  assert.deepEqual(hours(spring), [24, 23, 24]);
  const autumn = Grid.days(
    { fromMs: at('2026-11-01T04:00:00Z'), toMs: at('2026-11-02T10:00:00Z') },
    'America/New_York',
  );
  assert.deepEqual(hours(autumn), [25, 24]);
});

test('a day begins at its first instant where midnight is skipped', () => {
  // Clocks in Cairo went from 00:00 to 01:00 on 2024-04-26.
  assert.equal(startOfDay(at('2024-04-26T12:00:00Z'), 'Africa/Cairo'), at('2024-04-25T22:00:00Z'));
});

test('days of any zone follow each other without gaps and begin at quarters of an hour', () => {
  const zones = [
    'UTC',
    'Europe/London',
    'America/New_York',
    'Asia/Kathmandu',
    'Australia/Lord_Howe',
    'Africa/Cairo',
    'Pacific/Auckland',
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.integer({ min: 0, max: 365 * 3 }),
      fc.integer({ min: 1, max: 10 * DAY_MS }),
      (zone, day, spanMs) => {
        const fromMs = at('2024-01-01T00:00:00Z') + day * DAY_MS;
        const grid = Grid.days({ fromMs, toMs: fromMs + spanMs }, zone);
        assert.ok(
          grid.startOf(0) <= fromMs && grid.endMs >= fromMs + spanMs && grid.startOf(grid.size - 1) < fromMs + spanMs,
        );
        for (const [index, start] of grid.starts.entries()) {
          assert.equal(start % QUARTER_MS, 0);
          assert.equal(startOfDay(start, zone), start);
          assert.notEqual(localDate(start - 1, zone).day, localDate(start, zone).day);
          assert.equal(grid.indexOf(start), index);
          assert.equal(grid.indexOf(grid.endOf(index) - 1), index);
        }
      },
    ),
    { numRuns: 40 },
  );
});

test('bins of one length begin at multiples of it and cover the range', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1e9 }),
      fc.integer({ min: 1, max: 1e8 }),
      fc.constantFrom(60_000, 420_000, 900_000),
      (fromMs, spanMs, binMs) => {
        const grid = Grid.uniform({ fromMs, toMs: fromMs + spanMs }, binMs);
        assert.equal(grid.startOf(0) % binMs, 0);
        const covered = grid.starts.reduce((sum, _, index) => sum + grid.clip(index).toMs - grid.clip(index).fromMs, 0);
        assert.equal(covered, spanMs);
        assert.equal(grid.indexOf(fromMs + spanMs - 1), grid.size - 1);
      },
    ),
  );
});

test('calendar ranges follow the reporting zone', () => {
  const now = at('2026-11-25T03:30:00Z');
  const newYork = (calendar: 'today' | 'yesterday' | 'thisWeek' | 'lastWeek' | 'thisMonth' | 'lastMonth'): string[] => {
    const { fromMs, toMs } = resolveRange({ calendar }, now, 'America/New_York');
    return [new Date(fromMs).toISOString(), new Date(toMs).toISOString()];
  };
  assert.deepEqual(newYork('today'), ['2026-11-24T05:00:00.000Z', '2026-11-25T03:30:00.000Z']);
  assert.deepEqual(newYork('yesterday'), ['2026-11-23T05:00:00.000Z', '2026-11-24T05:00:00.000Z']);
  assert.deepEqual(newYork('thisWeek'), ['2026-11-23T05:00:00.000Z', '2026-11-25T03:30:00.000Z']);
  assert.deepEqual(newYork('lastWeek'), ['2026-11-16T05:00:00.000Z', '2026-11-23T05:00:00.000Z']);
  assert.deepEqual(newYork('thisMonth'), ['2026-11-01T04:00:00.000Z', '2026-11-25T03:30:00.000Z']);
  assert.deepEqual(newYork('lastMonth'), ['2026-10-01T04:00:00.000Z', '2026-11-01T04:00:00.000Z']);
});

test('a range ends now at the latest, and an empty one is refused', () => {
  const now = at('2026-01-01T10:00:00Z');
  assert.deepEqual(resolveRange({ from: '2026-01-01T09:00:00Z', to: '2026-01-02T00:00:00Z' }, now, 'UTC'), {
    fromMs: now - HOUR_MS,
    toMs: now,
  });
  assert.throws(() => resolveRange({ from: '2026-01-01T11:00:00Z', to: '2026-01-01T12:00:00Z' }, now, 'UTC'), {
    code: 'invalid_request',
  });
});

test('an automatic bin suits every metric: whole minutes, and quarters of an hour beyond six hours', () => {
  for (const spanMs of [HOUR_MS, 3 * HOUR_MS, 7 * HOUR_MS, DAY_MS, 5 * DAY_MS, 30 * DAY_MS]) {
    const range = { fromMs: 0, toMs: spanMs };
    const { stepMs, size } = gridOf(range, autoBin(range), 'UTC');
    assert.ok(stepMs % 60_000 === 0 && (spanMs <= 6 * HOUR_MS || stepMs % QUARTER_MS === 0));
    assert.ok(size >= 24 && size <= 200, `${size} points`);
  }
});
