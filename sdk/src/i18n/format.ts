import type { MetricUnit } from '@lumina/contracts';

/** A value split so that the unit can be set small beside it. */
export interface FormattedValue {
  readonly text: string;
  readonly unit: string;
}

/** Shown where there is no value: never a zero. */
export const NO_VALUE = '–';

const MINUTE_S = 60;
const HOUR_S = 3600;
const formats = new Map<string, Intl.NumberFormat>();
const timeFormats = new Map<string, Intl.DateTimeFormat>();

function numberFormat(locale: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${locale}|${JSON.stringify(options)}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat(locale, options);
    formats.set(key, format);
  }
  return format;
}

/** What is smaller than this is said to be so: its digits would be all noughts. */
const LEAST = 0.001;

/** A value that is not 0 never reads 0: it keeps its first digits, or is told to be less than the least that is shown. */
function small(value: number, locale: string, digits: number): string {
  if (Math.abs(value) >= LEAST) return numberFormat(locale, { maximumSignificantDigits: digits }).format(value);
  const least = numberFormat(locale, { maximumFractionDigits: 3 });
  return value > 0 ? `<${least.format(LEAST)}` : `>${least.format(-LEAST)}`;
}

function plain(value: number, locale: string): string {
  const size = Math.abs(value);
  if (Number.isInteger(value) || size >= 100) return numberFormat(locale, { maximumFractionDigits: 0 }).format(value);
  if (size >= 1) return numberFormat(locale, { maximumFractionDigits: 1 }).format(value);
  return small(value, locale, 2);
}

function share(value: number, locale: string, leastDigits: number): string {
  // From here on one digit behind the point says something.
  const isTiny = value !== 0 && Math.abs(value) < 0.05;
  return isTiny
    ? small(value, locale, 1)
    : numberFormat(locale, { minimumFractionDigits: leastDigits, maximumFractionDigits: 1 }).format(value);
}

function clock(totalSeconds: number): FormattedValue {
  const seconds = Math.round(totalSeconds);
  const two = (part: number): string => String(part).padStart(2, '0');
  const minutes = Math.floor((seconds % HOUR_S) / MINUTE_S);
  if (seconds < HOUR_S) return { text: `${String(minutes)}:${two(seconds % MINUTE_S)}`, unit: 'min' };
  return { text: `${String(Math.floor(seconds / HOUR_S))}:${two(minutes)}`, unit: 'h' };
}

/** Tenths of a second matter below ten seconds only, and less than a tenth where there is nothing else. */
function roundedSeconds(value: number): number {
  if (Math.abs(value) < 0.05) return value;
  return Math.abs(value) < 9.95 ? Math.round(value * 10) / 10 : Math.round(value);
}

/**
 * A value for people: durations from a minute up as m:ss, percentages with at most one digit behind the point, unless
 * they would read 0, null as a dash. `leastDigits` keeps digits of percentages that stand above each other in line.
 */
export function formatValue(
  value: number | null | undefined,
  unit: MetricUnit,
  locale: string,
  leastDigits: 0 | 1 = 0,
): FormattedValue {
  if (value === null || value === undefined || !Number.isFinite(value)) return { text: NO_VALUE, unit: '' };
  switch (unit) {
    case 'count':
      return { text: plain(value, locale), unit: '' };
    case '%':
      return { text: share(value, locale, leastDigits), unit: '%' };
    case 'ms':
      return Math.abs(value) < 10_000
        ? { text: plain(value, locale), unit: 'ms' }
        : { text: plain(value / 1000, locale), unit: 's' };
    case 's':
      return Math.abs(value) < MINUTE_S - 0.5
        ? { text: plain(roundedSeconds(value), locale), unit: 's' }
        : clock(value);
  }
}

/** The digits behind the point that values above each other all need, so that their points stand in line. */
export function sharedDigits(values: Iterable<number | null | undefined>, unit: MetricUnit): 0 | 1 {
  if (unit !== '%') return 0;
  for (const value of values) if (Math.round((value ?? 0) * 10) % 10 !== 0) return 1;
  return 0;
}

/** A value in one string, for legends, tooltips and screen readers. */
export function formatValueText(
  value: number | null | undefined,
  unit: MetricUnit,
  locale: string,
  leastDigits: 0 | 1 = 0,
): string {
  const formatted = formatValue(value, unit, locale, leastDigits);
  return formatted.unit === '' ? formatted.text : `${formatted.text} ${formatted.unit}`;
}

/** An age: seconds to a minute and a half, then minutes, then hours. */
export function formatAge(ageMs: number, locale: string): string {
  const seconds = Math.max(0, Math.round(ageMs / 1000));
  const whole = numberFormat(locale, { maximumFractionDigits: 0 });
  if (seconds < 90) return `${whole.format(seconds)} s`;
  const minutes = Math.round(seconds / MINUTE_S);
  if (minutes < 90) return `${whole.format(minutes)} min`;
  return `${whole.format(Math.round(seconds / HOUR_S))} h`;
}

/** A time of day in the reporting zone. */
export function formatTime(
  epochMs: number,
  locale: string,
  timeZone: string,
  precision: TimePrecision = 'minutes',
): string {
  const key = `${locale}|${timeZone}|${precision}`;
  let format = timeFormats.get(key);
  if (format === undefined) {
    format = new Intl.DateTimeFormat(locale, { timeZone, ...TIME_OPTIONS[precision] });
    timeFormats.set(key, format);
  }
  return format.format(epochMs);
}

/** How exactly a time is told. */
export type TimePrecision = 'minutes' | 'seconds' | 'day' | 'dayMinutes' | 'daySeconds';

const TIME_OPTIONS: Readonly<Record<TimePrecision, Intl.DateTimeFormatOptions>> = {
  minutes: { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  seconds: { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' },
  day: { day: 'numeric', month: 'short' },
  dayMinutes: { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  daySeconds: {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  },
};

/** An instant for people who look at it now: with the day where that is not today. */
export function formatInstant(epochMs: number, nowMs: number, locale: string, timeZone: string): string {
  const isToday = formatTime(epochMs, locale, timeZone, 'day') === formatTime(nowMs, locale, timeZone, 'day');
  return formatTime(epochMs, locale, timeZone, isToday ? 'seconds' : 'daySeconds');
}

/** A short name of a zone for the zone chip, e.g. `GMT` or `EST`. */
export function zoneName(timeZone: string, locale: string, epochMs: number): string {
  const parts = new Intl.DateTimeFormat(locale, { timeZone, timeZoneName: 'short' }).formatToParts(epochMs);
  const name = parts.find((part) => part.type === 'timeZoneName')?.value ?? timeZone;
  return name === 'GMT+0' ? 'GMT' : name;
}
