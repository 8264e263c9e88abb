const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const TIME_STEPS_MS = [
  10_000,
  30_000,
  MINUTE_MS,
  2 * MINUTE_MS,
  5 * MINUTE_MS,
  10 * MINUTE_MS,
  15 * MINUTE_MS,
  20 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  2 * HOUR_MS,
  3 * HOUR_MS,
  6 * HOUR_MS,
  12 * HOUR_MS,
  DAY_MS,
  2 * DAY_MS,
  7 * DAY_MS,
];

/** Round times of the reporting zone between two instants, at most `limit` of them. */
export function timeTicks(fromMs: number, toMs: number, limit: number, timeZone: string): readonly number[] {
  const stepMs = TIME_STEPS_MS.find((step) => (toMs - fromMs) / step <= limit) ?? (toMs - fromMs) / Math.max(1, limit);
  const offsetMs = zoneOffsetMs(fromMs, timeZone);
  const ticks: number[] = [];
  const firstMs = Math.ceil((fromMs + offsetMs) / stepMs) * stepMs - offsetMs;
  for (let atMs = firstMs; atMs <= toMs && ticks.length <= limit; atMs += stepMs) ticks.push(atMs);
  return ticks;
}

const zoneFormats = new Map<string, Intl.DateTimeFormat>();

function zoneFormat(timeZone: string): Intl.DateTimeFormat {
  let format = zoneFormats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    zoneFormats.set(timeZone, format);
  }
  return format;
}

/** Offsets change at quarters of an hour at the most, and asking for one is slow. */
const QUARTER_MS = 15 * MINUTE_MS;
const offsets = new Map<string, { readonly quarter: number; readonly offsetMs: number }>();

/** How far a zone's wall clock is ahead of UTC at an instant. */
export function zoneOffsetMs(epochMs: number, timeZone: string): number {
  const quarter = Math.floor(epochMs / QUARTER_MS);
  const known = offsets.get(timeZone);
  if (known?.quarter === quarter) return known.offsetMs;
  const parts = zoneFormat(timeZone).formatToParts(epochMs);
  const part = (type: string): number => Number(parts.find((one) => one.type === type)?.value);
  const wallMs = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  const offsetMs = wallMs - Math.floor(epochMs / 1000) * 1000;
  offsets.set(timeZone, { quarter, offsetMs });
  return offsetMs;
}
