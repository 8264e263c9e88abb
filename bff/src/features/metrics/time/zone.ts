const QUARTER_MS = 900_000;
const DAY_MS = 86_400_000;
// The longest search for a day's first instant: zones shift by at most a few hours at once.
const MAX_STEPS = 4 * 26;

interface LocalDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      calendar: 'gregory',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
    });
    formats.set(zone, format);
  }
  return format;
}

/** Whether the runtime knows the IANA zone. */
export function isTimeZone(zone: string): boolean {
  // Runtimes also take bare offsets, "+05:37": they are no zones, and their days need not begin at a quarter.
  if (/^[+-]/.test(zone)) return false;
  try {
    formatOf(zone);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** The calendar date that a clock in the zone shows. */
export function localDate(epochMs: number, zone: string): LocalDate {
  const found: Record<string, number> = {};
  for (const { type, value } of formatOf(zone).formatToParts(epochMs)) found[type] = Number(value);
  return { year: found['year'] ?? 0, month: found['month'] ?? 0, day: found['day'] ?? 0 };
}

/** Days since 1970-01-01 of a calendar date; months and days may overflow. */
function dayNumber({ year, month, day }: LocalDate): number {
  return Date.UTC(year, month - 1, day) / DAY_MS;
}

/**
 * The first instant of a calendar date in the zone, also where the clock skips or repeats midnight.
 * Offsets and their changes are multiples of 15 minutes, so a walk in quarters finds it.
 */
export function startOfDate(date: LocalDate, zone: string): number {
  const wanted = dayNumber(date);
  // Zones lie within 14 h of UTC: start before every possible answer, then walk.
  let instant = wanted * DAY_MS - 14 * 3_600_000;
  let step = 0;
  while (dayNumber(localDate(instant, zone)) < wanted) {
    instant += QUARTER_MS;
    step += 1;
    if (step > MAX_STEPS) throw new RangeError(`No start of day found in ${zone}`);
  }
  return instant;
}

/** The first instant of the day, in the zone, that contains an instant. */
export function startOfDay(epochMs: number, zone: string): number {
  return startOfDate(localDate(epochMs, zone), zone);
}

/** The first instant of the date that lies so many days from the one containing the instant. */
export function shiftDays(epochMs: number, days: number, zone: string): number {
  const { year, month, day } = localDate(epochMs, zone);
  return startOfDate({ year, month, day: day + days }, zone);
}

/** The first instant of the Monday of the week that contains an instant. */
export function startOfWeek(epochMs: number, zone: string): number {
  // 1970-01-01 was a Thursday: three days after a Monday.
  const sinceMonday = (((dayNumber(localDate(epochMs, zone)) + 3) % 7) + 7) % 7;
  return shiftDays(epochMs, -sinceMonday, zone);
}

/** The first instant of the month that lies so many months from the one containing the instant. */
export function startOfMonth(epochMs: number, zone: string, months = 0): number {
  const { year, month } = localDate(epochMs, zone);
  return startOfDate({ year, month: month + months, day: 1 }, zone);
}
