import { zoneOffsetMs } from '@lumina/contracts';

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

/** A stretch of time in which a zone's offset does not change. */
export interface OffsetSpan {
  readonly fromMs: number;
  readonly toMs: number;
  readonly offsetMs: number;
}

/** The offsets of a zone over a range, in order; changes are found to the quarter of an hour. */
export function offsetSpans(fromMs: number, toMs: number, zone: string): OffsetSpan[] {
  const spans: OffsetSpan[] = [];
  let startMs = Math.floor(fromMs / QUARTER_MS) * QUARTER_MS;
  let offset = zoneOffsetMs(startMs, zone);
  for (let atMs = startMs; atMs < toMs; atMs += DAY_MS) {
    const nextMs = Math.min(atMs + DAY_MS, Math.ceil(toMs / QUARTER_MS) * QUARTER_MS);
    const next = zoneOffsetMs(nextMs, zone);
    if (next === offset) continue;
    let [low, high] = [0, Math.round((nextMs - atMs) / QUARTER_MS)];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (zoneOffsetMs(atMs + middle * QUARTER_MS, zone) === offset) low = middle;
      else high = middle;
    }
    const changeMs = atMs + high * QUARTER_MS;
    spans.push({ fromMs: startMs, toMs: changeMs, offsetMs: offset });
    startMs = changeMs;
    offset = next;
  }
  return [...spans, { fromMs: startMs, toMs: Number.POSITIVE_INFINITY, offsetMs: offset }];
}

/** The instant at which a clock in the zone shows the same time of day, so many days before or after. */
export function sameClock(epochMs: number, days: number, zone: string): number {
  const local = epochMs + zoneOffsetMs(epochMs, zone) + days * DAY_MS;
  // The offset there differs from the one here by an hour at most; asking twice settles it.
  const near = local - zoneOffsetMs(epochMs, zone);
  return local - zoneOffsetMs(local - zoneOffsetMs(near, zone), zone);
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
