import type { MetricUnit } from '@lumina/contracts';
import { formatValueText } from '../../i18n/format.ts';

const MINUTE_S = 60;
const HOUR_S = 3600;
const COMPACT_FROM = 10_000;
const formats = new Map<string, Intl.NumberFormat>();
const exactFormats = new Map<string, Intl.NumberFormat>();

function compact(value: number, locale: string): string {
  let format = formats.get(locale);
  if (format === undefined) {
    // British English writes a small m for million, which beside durations reads as minutes.
    const language = locale.toLowerCase().startsWith('en') ? 'en-US' : locale;
    format = new Intl.NumberFormat(language, { notation: 'compact', maximumFractionDigits: 1 });
    formats.set(locale, format);
  }
  return format.format(value);
}

/** A round value with all of its digits, so that lines close to each other do not read the same. */
function exact(value: number, locale: string): string {
  let format = exactFormats.get(locale);
  if (format === undefined) {
    format = new Intl.NumberFormat(locale, { maximumSignificantDigits: 4 });
    exactFormats.set(locale, format);
  }
  return format.format(value);
}

/** The text at a grid line: as short as it can be, since grid lines stand at round values. */
export function tickText(value: number, unit: MetricUnit, locale: string): string {
  if (value === 0 && unit !== '%') return '0';
  const size = Math.abs(value);
  if (unit === 's' && size >= HOUR_S && size % (HOUR_S / 2) === 0) return `${plain(value / HOUR_S, locale)} h`;
  if (unit === 's' && size >= MINUTE_S && size % (MINUTE_S / 2) === 0) return `${plain(value / MINUTE_S, locale)} min`;
  if (unit === 'count' && size >= COMPACT_FROM) return compact(value, locale);
  const isLong = (unit === 's' && size >= MINUTE_S) || (unit === 'ms' && size >= COMPACT_FROM);
  if (isLong) return formatValueText(value, unit, locale);
  return unit === 'count' ? exact(value, locale) : `${exact(value, locale)} ${unit}`;
}

function plain(value: number, locale: string): string {
  return formatValueText(value, 'count', locale);
}
