import type { MetricUnit } from '@lumina/contracts';
import { formatValue } from '../../i18n/format.ts';
import type { FormattedValue } from '../../i18n/format.ts';

const MINUTE_S = 60;
const HOUR_S = 3600;
const LONG_S = 100 * HOUR_S;

/**
 * A value as numbers, each with its unit to be set small beside it: durations from a minute up have two, such as
 * 3 min 25 s; very long ones are whole hours.
 */
export function valueParts(
  value: number | null | undefined,
  unit: MetricUnit,
  locale: string,
): readonly FormattedValue[] {
  if (value === null || value === undefined || unit !== 's' || !(value >= MINUTE_S - 0.5)) {
    return [formatValue(value, unit, locale)];
  }
  const seconds = Math.round(value);
  if (seconds >= LONG_S) return [{ text: formatValue(Math.round(seconds / HOUR_S), 'count', locale).text, unit: 'h' }];
  const hours = Math.floor(seconds / HOUR_S);
  const minutes = Math.floor((seconds % HOUR_S) / MINUTE_S);
  const two = (part: number): string => String(part).padStart(2, '0');
  if (hours > 0) {
    return [
      { text: String(hours), unit: 'h' },
      { text: two(minutes), unit: 'min' },
    ];
  }
  return [
    { text: String(minutes), unit: 'min' },
    { text: two(seconds % MINUTE_S), unit: 's' },
  ];
}

/** How wide the parts are in characters of the number's size, the gaps between them included. */
export function widthOf(parts: readonly FormattedValue[]): number {
  return parts.reduce(
    (sum, { text, unit }) => sum + text.length + (unit === '' ? 0 : unit.length * UNIT_SHARE + 2 * GAP),
    0,
  );
}

const UNIT_SHARE = 0.5;
const GAP = 0.3;
