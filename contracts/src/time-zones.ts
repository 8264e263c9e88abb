const DAY_MS = 86_400_000;
const SECOND_MS = 1_000;

/** What a clock on the wall shows: local time as if it were UTC, epoch ms. */
export type ClockMs = number;

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(zone: string): Intl.DateTimeFormat {
  let clock = clocks.get(zone);
  if (clock === undefined) {
    clock = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      calendar: 'gregory',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    clocks.set(zone, clock);
  }
  return clock;
}

/** How far clocks in an IANA zone are ahead of UTC at an instant, ms. Throws `RangeError` for a zone nobody knows. */
export function zoneOffsetMs(epochMs: number, zone: string): number {
  const found: Record<string, number> = {};
  for (const { type, value } of clockOf(zone).formatToParts(epochMs)) found[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = found;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(epochMs / SECOND_MS) * SECOND_MS;
}

/**
 * The first instant at which clocks in the zone have reached a local time. A time that a clock skips is reached when the
 * clock jumps over it; one that it shows twice is reached the first time.
 */
export function instantOfClock(clockMs: ClockMs, zone: string): number {
  // Zones lie within 14 h of UTC: a day earlier lies before every possible answer, a day later after it.
  const before = zoneOffsetMs(clockMs - DAY_MS, zone);
  const after = zoneOffsetMs(clockMs + DAY_MS, zone);
  const shown = [clockMs - before, clockMs - after].filter((at) => at + zoneOffsetMs(at, zone) === clockMs);
  return shown.length > 0 ? Math.min(...shown) : changeAfter(clockMs - DAY_MS, clockMs + DAY_MS, zone);
}

/** The first whole second of another offset than the one at the beginning. */
function changeAfter(fromMs: number, toMs: number, zone: string): number {
  const offset = zoneOffsetMs(fromMs, zone);
  let [low, high] = [Math.floor(fromMs / SECOND_MS), Math.ceil(toMs / SECOND_MS)];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (zoneOffsetMs(middle * SECOND_MS, zone) === offset) low = middle;
    else high = middle;
  }
  return high * SECOND_MS;
}
