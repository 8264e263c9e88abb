import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DAY_MS, Grid, HOUR_MS, QUARTER_MS, autoBin, gridOf } from './grid.ts';
import { compareShiftMs } from './compare.ts';
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

test('hours begin where clocks in the zone show a whole hour, read in quarters where UTC does not', () => {
  const range = { fromMs: at('2026-03-02T09:10:00Z'), toMs: at('2026-03-02T11:40:00Z') };
  const india = gridOf(range, '1h', 'Asia/Kolkata');
  assert.deepEqual(india.starts, [
    at('2026-03-02T08:30:00Z'),
    at('2026-03-02T09:30:00Z'),
    at('2026-03-02T10:30:00Z'),
    at('2026-03-02T11:30:00Z'),
  ]);
  assert.equal(india.endMs, at('2026-03-02T12:30:00Z'));
  assert.equal(india.stepMs, QUARTER_MS);
  assert.equal(gridOf(range, '1h', 'Asia/Kathmandu').startOf(0), at('2026-03-02T08:15:00Z'));
  assert.equal(gridOf(range, '1h', 'Europe/London').stepMs, HOUR_MS);
});

test('where clocks change by half an hour, each piece of the hour is a bin', () => {
  // Clocks on Lord Howe Island went back from 02:00 to 01:30 on 2026-04-05, at 15:00 UTC the day before.
  const range = { fromMs: at('2026-04-04T13:30:00Z'), toMs: at('2026-04-04T17:00:00Z') };
  const grid = gridOf(range, '1h', 'Australia/Lord_Howe');
  assert.deepEqual(hours(grid), [1, 1, 0.5, 1, 1]);
  assert.equal(grid.startOf(2), at('2026-04-04T15:00:00Z'));
});

test('hours of any zone follow each other without gaps, a quarter at least', () => {
  const zones = ['Asia/Kolkata', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Australia/Adelaide', 'America/St_Johns'];
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.integer({ min: 0, max: 365 * 3 }),
      fc.integer({ min: 1, max: 3 * DAY_MS }),
      (zone, day, spanMs) => {
        const fromMs = at('2024-01-01T00:00:00Z') + day * DAY_MS + 12_345;
        const grid = gridOf({ fromMs, toMs: fromMs + spanMs }, '1h', zone);
        assert.ok(grid.startOf(0) <= fromMs && grid.endMs >= fromMs + spanMs);
        assert.ok(grid.startOf(grid.size - 1) < fromMs + spanMs);
        for (const [index, start] of grid.starts.entries()) {
          assert.ok(start % QUARTER_MS === 0 && grid.endOf(index) > start && grid.endOf(index) <= start + HOUR_MS);
          assert.equal(grid.indexOf(start), index);
          assert.equal(grid.indexOf(grid.endOf(index) - 1), index);
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('days back are days of the zone, by the same clock', () => {
  const back = (from: string, to: string, compare: 'previous' | '1d' | '7d', zone: string): number => {
    const range = { fromMs: at(from), toMs: at(to) };
    return compareShiftMs(compare, { from, to }, range, zone) / HOUR_MS;
  };
  assert.equal(back('2026-03-30T08:00:00Z', '2026-03-30T09:00:00Z', '1d', 'Europe/London'), 24);
  assert.equal(back('2026-03-29T08:00:00Z', '2026-03-29T09:00:00Z', '1d', 'Europe/London'), 23);
  assert.equal(back('2026-10-25T08:00:00Z', '2026-10-25T09:00:00Z', '7d', 'Europe/London'), 7 * 24 + 1);
  assert.equal(back('2026-03-29T08:00:00Z', '2026-03-29T09:00:00Z', '1d', 'UTC'), 24);
  assert.equal(back('2026-03-29T08:00:00Z', '2026-03-29T11:00:00Z', 'previous', 'Europe/London'), 3);
});

test('a date that no calendar has is refused, not moved on', () => {
  const ask = (from: string): unknown =>
    resolveRange({ from, to: '2026-04-01T00:00:00Z' }, at('2026-05-01T00:00:00Z'), 'UTC');
  for (const from of [
    '2026-02-30T00:00:00Z',
    '2026-02-29T10:00:00.000Z',
    '2026-04-31T00:00:00+02:00',
    '2026-13-01T00:00:00Z',
  ])
    assert.throws(() => ask(from), { code: 'invalid_request' }, from);
  assert.ok(ask('2024-02-29T00:00:00Z'));
});
