import { MAGNETIC_RETENTION_DAYS } from './store.ts';
import { instantOfClock, zoneOffsetMs } from './time-zones.ts';
import type { OpenHours, TerritorySettings } from './schemas/index.ts';

export type { Holiday, OpenHours, SettingsVersion, Target, TerritorySettings } from './schemas/index.ts';

/** Days of the week, as settings call them. */
export const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
/** One day of the week. */
export type Weekday = (typeof WEEKDAYS)[number];

/** Live connections of one person, where settings say nothing. */
export const DEFAULT_MAX_STREAMS = 20;

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** Whoever was closed for longer has no last opening. */
const MAX_CLOSED_DAYS = 400;
/** 1970-01-01 was a Thursday. */
const THURSDAY = 3;

/** An opening that lasts, or lasted, `[fromMs, toMs)`. */
interface Interval {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What decides when a territory is open. */
export type OpeningTimes = Pick<TerritorySettings, 'timeZone' | 'openingHours' | 'holidays'>;

/** The settings of a territory that has not chosen any: always open, no targets, the product's own definitions. */
export function defaultSettings(timeZone: string): TerritorySettings {
  const always = (): OpenHours => [['00:00', '24:00']];
  return {
    timeZone,
    openingHours: {
      monday: always(),
      tuesday: always(),
      wednesday: always(),
      thursday: always(),
      friday: always(),
      saturday: always(),
      sunday: always(),
    },
    holidays: [],
    preset: 'lumina',
    serviceLevel: {},
    targets: [],
    retentionDays: MAGNETIC_RETENTION_DAYS,
    session: { maxStreams: DEFAULT_MAX_STREAMS },
  };
}

/** The hours of a local date (days since 1970-01-01): those of its holiday, else of its weekday. */
function hoursOf({ openingHours, holidays }: OpeningTimes, day: number): OpenHours {
  const date = new Date(day * DAY_MS).toISOString().slice(0, 10);
  const weekday = WEEKDAYS[(((day + THURSDAY) % 7) + 7) % 7] ?? 'monday';
  return holidays.find((holiday) => holiday.date === date)?.hours ?? openingHours[weekday];
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

/** The openings that begin on a local date, in order; one that the clock skips has no length and is none. */
function openingsOf(times: OpeningTimes, day: number): Interval[] {
  const at = (minutes: number): number => instantOfClock(day * DAY_MS + minutes * MINUTE_MS, times.timeZone);
  return hoursOf(times, day)
    .map(([from, to]) => {
      const [start, end] = [minutesOf(from), minutesOf(to)];
      return { fromMs: at(start), toMs: at(end > start ? end : end + 24 * 60) };
    })
    .filter(({ fromMs, toMs }) => fromMs < toMs)
    .sort((a, b) => a.fromMs - b.fromMs);
}

function localDay(epochMs: number, zone: string): number {
  return Math.floor((epochMs + zoneOffsetMs(epochMs, zone)) / DAY_MS);
}

/** Whether it is open at an instant (epoch ms). The end of an opening is closed. */
export function isOpenAt(times: OpeningTimes, epochMs: number): boolean {
  const today = localDay(epochMs, times.timeZone);
  // An opening over midnight belongs to the day it begins on; it is over within the next.
  return [today - 1, today].some((day) =>
    openingsOf(times, day).some(({ fromMs, toMs }) => fromMs <= epochMs && epochMs < toMs),
  );
}

/**
 * When the territory opened for the business day that runs, or ran last, at an instant (epoch ms): the first opening of
 * the local date on which an opening began most recently. A break at noon does not begin a new day, and while it is
 * closed (at night, on a closed day or a holiday) it is the last opening before. Undefined where it has not been open for
 * more than a year.
 */
export function openingOf(times: OpeningTimes, epochMs: number): number | undefined {
  const today = localDay(epochMs, times.timeZone);
  for (let day = today; day > today - MAX_CLOSED_DAYS; day -= 1) {
    const [first] = openingsOf(times, day);
    if (first !== undefined && first.fromMs <= epochMs) return first.fromMs;
  }
  return undefined;
}

/**
 * What a metric is meant to reach, in its unit: the target of the one queue that is looked at, else that of the
 * territory. Several queues together, or all, have the territory's.
 */
export function targetOf(
  { targets }: Pick<TerritorySettings, 'targets'>,
  metric: string,
  queueIds: readonly string[] | undefined,
): number | undefined {
  const [queueId] = queueIds?.length === 1 ? queueIds : [];
  const ofMetric = targets.filter((target) => target.metric === metric);
  const own = queueId === undefined ? undefined : ofMetric.find((target) => target.queueId === queueId);
  return (own ?? ofMetric.find((target) => target.queueId === undefined))?.value;
}
