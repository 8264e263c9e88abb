import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { defaultSettings, instantOfClock, isOpenAt, openingOf, targetOf, zoneOffsetMs } from './index.ts';
import type { Holiday, OpenHours, TerritorySettings } from './index.ts';

const MINUTE_MS = 60_000;
const QUARTER_MS = 15 * MINUTE_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** Clocks of these change on the dates below, each within two days around. */
const CHANGES = [
  ['Europe/London', '2026-03-29'],
  ['Europe/London', '2026-10-25'],
  ['Australia/Sydney', '2026-04-05'],
  ['Australia/Sydney', '2026-10-04'],
  ['America/New_York', '2026-03-08'],
  ['America/New_York', '2026-11-01'],
  ['Australia/Lord_Howe', '2026-10-04'],
  ['Africa/Cairo', '2026-04-24'],
  ['Pacific/Apia', '2011-12-30'],
  ['Asia/Kathmandu', '2026-06-15'],
] as const;

const at = (text: string): number => Date.parse(text);
const iso = (instantMs: number | undefined): string | undefined =>
  instantMs === undefined ? undefined : new Date(instantMs).toISOString();

function week(hours: OpenHours, more: Partial<TerritorySettings> = {}, zone = 'Europe/London'): TerritorySettings {
  const openingHours = {
    monday: hours,
    tuesday: hours,
    wednesday: hours,
    thursday: hours,
    friday: hours,
    saturday: hours,
    sunday: hours,
  };
  return { ...defaultSettings(zone), openingHours, ...more };
}

/** By walking: the first quarter of an hour at which a clock shows at least so much. */
function walkedInstant(clockMs: number, zone: string): number {
  let instant = clockMs - DAY_MS - (clockMs % QUARTER_MS);
  while (instant + zoneOffsetMs(instant, zone) < clockMs) instant += QUARTER_MS;
  return instant;
}

const change = fc.constantFrom(...CHANGES);
const quarters = fc.integer({ min: -192, max: 288 });
const timeOfDay = fc
  .integer({ min: 0, max: 95 })
  .map(
    (quarter) => `${String(Math.floor(quarter / 4)).padStart(2, '0')}:${String((quarter % 4) * 15).padStart(2, '0')}`,
  );
const interval = fc.tuple(timeOfDay, timeOfDay).filter(([from, to]) => from !== to);
const hours: fc.Arbitrary<OpenHours> = fc.array(interval, { maxLength: 3 });
const openings = fc
  .record({ days: fc.array(hours, { minLength: 7, maxLength: 7 }), holiday: fc.option(hours), change })
  .map(({ days, holiday, change: [zone, date] }) => {
    const [monday = [], tuesday = [], wednesday = [], thursday = [], friday = [], saturday = [], sunday = []] = days;
    const holidays: Holiday[] = holiday === null ? [] : [{ date, name: 'Feast', hours: holiday }];
    const openingHours = { monday, tuesday, wednesday, thursday, friday, saturday, sunday };
    return { settings: { ...defaultSettings(zone), openingHours, holidays }, midnight: at(`${date}T00:00:00Z`) };
  });

test('a local time is reached when a walk through time first finds it', () => {
  fc.assert(
    fc.property(change, quarters, ([zone, date], quarter) => {
      const clockMs = at(`${date}T00:00:00Z`) + quarter * QUARTER_MS;
      assert.equal(instantOfClock(clockMs, zone), walkedInstant(clockMs, zone));
    }),
    { numRuns: 400 },
  );
});

test('it is open from the instant at which clocks reach the start of an opening to that of its end', () => {
  fc.assert(
    fc.property(openings, quarters, ({ settings, midnight }, quarter) => {
      const instant = midnight + quarter * QUARTER_MS;
      const isOpen = [-4, -3, -2, -1, 0, 1, 2, 3, 4].some((offset) => {
        const day = midnight + offset * DAY_MS;
        const date = new Date(day).toISOString().slice(0, 10);
        const name = new Intl.DateTimeFormat('en-GB', { weekday: 'long', timeZone: 'UTC' }).format(day).toLowerCase();
        const own = settings.holidays.find((holiday) => holiday.date === date)?.hours;
        return (own ?? settings.openingHours[name as 'monday']).some(([from, to]) => {
          const end = at(`${new Date(to > from ? day : day + DAY_MS).toISOString().slice(0, 10)}T${to}:00Z`);
          const start = at(`${date}T${from}:00Z`);
          return walkedInstant(start, settings.timeZone) <= instant && instant < walkedInstant(end, settings.timeZone);
        });
      });
      assert.equal(isOpenAt(settings, instant), isOpen);
    }),
    { numRuns: 120 },
  );
});

test('the last opening is before, is one, stays the same until the next, and never runs back', () => {
  fc.assert(
    fc.property(openings, quarters, quarters, ({ settings, midnight }, one, other) => {
      const [early, late] = [one, other].sort((a, b) => a - b).map((quarter) => midnight + quarter * QUARTER_MS);
      const opened = openingOf(settings, late ?? 0);
      if (opened === undefined) {
        assert.ok(!isOpenAt(settings, late ?? 0));
        return;
      }
      assert.ok(opened <= (late ?? 0));
      assert.ok(isOpenAt(settings, opened));
      assert.equal(openingOf(settings, opened), opened);
      assert.ok((openingOf(settings, early ?? 0) ?? 0) <= opened);
    }),
    { numRuns: 400 },
  );
});

test('a day of 00:00 to 24:00 has the 23 or 25 hours that its clock gives it', () => {
  const lengths = [
    ['Europe/London', '2026-03-29', 23],
    ['Europe/London', '2026-10-25', 25],
    ['Australia/Sydney', '2026-04-05', 25],
    ['Australia/Sydney', '2026-10-04', 23],
    ['America/New_York', '2026-03-08', 23],
    ['America/New_York', '2026-11-01', 25],
    ['Australia/Lord_Howe', '2026-10-04', 23.5],
  ] as const;
  for (const [zone, date, length] of lengths) {
    const settings = defaultSettings(zone);
    const start = instantOfClock(at(`${date}T00:00:00Z`), zone);
    const next = instantOfClock(at(`${date}T00:00:00Z`) + DAY_MS, zone);
    assert.equal((next - start) / HOUR_MS, length, `${zone} ${date}`);
    assert.equal(openingOf(settings, next - 1), start);
    assert.equal(openingOf(settings, next), next);
    for (let instant = start; instant < next; instant += QUARTER_MS) assert.ok(isOpenAt(settings, instant));
  }
});

test('a night shift belongs to the day it begins on, also in the night in which clocks change', () => {
  const night = week([['22:00', '06:00']]);
  // 22:00 GMT to 06:00 BST are seven hours.
  assert.equal(iso(openingOf(night, at('2026-03-29T04:59:00Z'))), '2026-03-28T22:00:00.000Z');
  assert.ok(isOpenAt(night, at('2026-03-29T04:59:00Z')));
  assert.ok(!isOpenAt(night, at('2026-03-29T05:00:00Z')));
  // 22:00 BST to 06:00 GMT are nine.
  assert.ok(isOpenAt(night, at('2026-10-25T05:59:00Z')));
  assert.ok(!isOpenAt(night, at('2026-10-25T06:00:00Z')));
  assert.equal(iso(openingOf(night, at('2026-10-25T12:00:00Z'))), '2026-10-24T21:00:00.000Z');
});

test('a start that the clock skips is when the clock jumps; what is skipped as a whole is no opening', () => {
  const early = week([['01:30', '05:00']]);
  assert.equal(iso(openingOf(early, at('2026-03-29T03:00:00Z'))), '2026-03-29T01:00:00.000Z');
  const skipped = week([['01:15', '01:45']]);
  assert.equal(iso(openingOf(skipped, at('2026-03-29T12:00:00Z'))), '2026-03-28T01:15:00.000Z');
});

test('a break does not begin a new day, and while closed the last opening counts', () => {
  const shop = week([
    ['08:00', '12:00'],
    ['13:00', '17:00'],
  ]);
  assert.equal(iso(openingOf(shop, at('2026-01-14T15:00:00Z'))), '2026-01-14T08:00:00.000Z');
  assert.ok(!isOpenAt(shop, at('2026-01-14T12:30:00Z')));
  assert.equal(iso(openingOf(shop, at('2026-01-14T07:59:00Z'))), '2026-01-13T08:00:00.000Z');
});

test('a holiday is closed, or has hours of its own, whatever its weekday has', () => {
  const holidays = [
    { date: '2026-12-25', name: 'Christmas Day', hours: [] },
    { date: '2026-12-24', name: 'Christmas Eve', hours: [['10:00', '14:00']] },
  ] satisfies Holiday[];
  const settings = week([['08:00', '20:00']], { holidays });
  assert.ok(!isOpenAt(settings, at('2026-12-25T12:00:00Z')));
  assert.ok(!isOpenAt(settings, at('2026-12-24T09:00:00Z')));
  assert.equal(iso(openingOf(settings, at('2026-12-25T12:00:00Z'))), '2026-12-24T10:00:00.000Z');
});

test('whoever never opens has no opening', () => {
  assert.equal(openingOf(week([]), at('2026-01-14T15:00:00Z')), undefined);
  assert.equal(isOpenAt(week([]), at('2026-01-14T15:00:00Z')), false);
});

test('the target of a queue outranks that of the territory, for that queue alone', () => {
  const settings = {
    targets: [
      { metric: 'queue_service_level', value: 80 },
      { metric: 'queue_service_level', queueId: 'q_vip', value: 95 },
      { metric: 'call_wait_time', queueId: 'q_vip', value: 10 },
    ],
  };
  assert.equal(targetOf(settings, 'queue_service_level', undefined), 80);
  assert.equal(targetOf(settings, 'queue_service_level', ['q_vip']), 95);
  assert.equal(targetOf(settings, 'queue_service_level', ['q_other']), 80);
  assert.equal(targetOf(settings, 'queue_service_level', ['q_vip', 'q_other']), 80);
  assert.equal(targetOf(settings, 'call_wait_time', undefined), undefined);
});
