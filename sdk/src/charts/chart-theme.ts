import { SERIES_COLOUR_COUNT } from '../theme/series-colours.ts';
import type { ChartTheme } from './line-chart.ts';

/** What a canvas needs to know of the style sheets, read once per theme: a canvas knows no custom properties. */
export interface ResolvedColours {
  readonly chart: ChartTheme;
  readonly series: readonly string[];
}

/** Reads the colours that apply to an element. */
export function readColours(element: Element): ResolvedColours {
  const style = getComputedStyle(element);
  const value = (name: string): string => style.getPropertyValue(`--_${name}`).trim();
  return {
    chart: {
      grid: value('grid'),
      text: value('text-muted'),
      target: value('border-strong'),
      font: style.fontFamily,
    },
    series: Array.from({ length: SERIES_COLOUR_COUNT }, (_unused, index) => value(`series-${String(index + 1)}`)),
  };
}
