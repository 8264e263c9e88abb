const HOUR_MS = 3_600_000;
const formats = new Map<string, Intl.DateTimeFormat>();

function partsFormat(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    formats.set(timeZone, format);
  }
  return format;
}

/** What a clock on the wall of a zone shows, as a `datetime-local` input holds it: `2026-11-25T14:30`. */
export function wallTimeOf(epochMs: number, timeZone: string): string {
  const parts = new Map(
    partsFormat(timeZone)
      .formatToParts(epochMs)
      .map(({ type, value }) => [type, value]),
  );
  const of = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '00';
  return `${of('year').padStart(4, '0')}-${of('month')}-${of('day')}T${of('hour')}:${of('minute')}`;
}

/**
 * The instant at which a wall clock of a zone shows a time; undefined for what is no time. Of a time that comes twice
 * in autumn it is the first; a time that spring skips counts from before the jump.
 */
export function instantOf(wallTime: string, timeZone: string): number | undefined {
  const asUtcMs = Date.parse(`${wallTime}Z`);
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d$/u.test(wallTime) || Number.isNaN(asUtcMs)) return undefined;
  const offsetAt = (epochMs: number): number => Date.parse(`${wallTimeOf(epochMs, timeZone)}Z`) - epochMs;
  const candidates = [asUtcMs - offsetAt(asUtcMs - 14 * HOUR_MS), asUtcMs - offsetAt(asUtcMs + 14 * HOUR_MS)];
  const exact = candidates.filter((epochMs) => wallTimeOf(epochMs, timeZone) === wallTime);
  return exact.length > 0 ? Math.min(...exact) : candidates[0];
}

/** Every zone the browser knows, with UTC, which the list of some browsers lacks. */
export function allTimeZones(): readonly string[] {
  return ['UTC', ...Intl.supportedValuesOf('timeZone').filter((name) => name !== 'UTC')];
}

/** The zone of this browser: offered, never taken silently. */
export function browserTimeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** The distance to UTC of a zone, e.g. `UTC+1`, `UTC-3:30` or `UTC`. */
export function zoneOffset(timeZone: string, epochMs: number): string {
  const parts = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'shortOffset' }).formatToParts(epochMs);
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
  return name.replace('GMT', 'UTC');
}
