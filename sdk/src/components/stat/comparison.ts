import type { MetricUnit } from '@lumina/contracts';
import type { TileDirection } from '../../client/tile-view.ts';
import { formatValue, formatValueText } from '../../i18n/format.ts';

/** How a value stands against that of another range. */
export interface Comparison {
  readonly trend: 'up' | 'down' | 'same';
  /** Whether the difference is good news; neutral where the metric has no good direction, or nothing changed. */
  readonly verdict: 'better' | 'worse' | 'neutral';
  /** The difference with its sign. */
  readonly text: string;
}

/** Compares two values; undefined where one is missing. Differences of percentages are in points. */
export function comparisonOf(
  value: number | null | undefined,
  compared: number | null | undefined,
  unit: MetricUnit,
  better: TileDirection,
  locale: string,
): Comparison | undefined {
  if (value === null || value === undefined || compared === null || compared === undefined) return undefined;
  const difference = value - compared;
  const size = Math.abs(difference);
  const text = unit === '%' ? `${formatValue(size, unit, locale).text} pp` : formatValueText(size, unit, locale);
  // What reads the same is the same: a difference below the last digit shown would only puzzle.
  if (formatValueText(value, unit, locale) === formatValueText(compared, unit, locale)) {
    return { trend: 'same', verdict: 'neutral', text: unit === '%' ? '±0 pp' : `±${formatValueText(0, unit, locale)}` };
  }
  const trend = difference > 0 ? 'up' : 'down';
  const isGood = (trend === 'up') === (better === 'higher');
  const verdict = better === 'neutral' ? 'neutral' : isGood ? 'better' : 'worse';
  return { trend, verdict, text: `${trend === 'up' ? '+' : '−'}${text}` };
}
