import type { Tone } from '@lumina/contracts';
import { SERIES_COLOUR_COUNT } from '../theme/series-colours.ts';

/** Colours and type of the surroundings. */
export interface ChartTheme {
  readonly grid: string;
  readonly zero: string;
  readonly text: string;
  readonly textStrong: string;
  readonly tile: string;
  readonly target: string;
  readonly font: string;
  readonly tones: Readonly<Record<Tone, string>>;
  /** Set where colours alone are not enough: lines also differ by their dashes. */
  readonly hasPatterns: boolean;
}

/** What a canvas needs to know of the style sheets, read once per theme: a canvas knows no custom properties. */
export interface ResolvedColours {
  readonly chart: ChartTheme;
  readonly series: readonly string[];
}

/** Reads the colours that apply to an element. */
export function readColours(element: Element, themeName: string): ResolvedColours {
  const style = getComputedStyle(element);
  const value = (name: string): string => style.getPropertyValue(`--_${name}`).trim();
  const byTone = (name: (tone: Tone) => string): Record<Tone, string> => ({
    good: value(name('good')),
    warning: value(name('warning')),
    critical: value(name('critical')),
    info: value(name('info')),
  });
  return {
    chart: {
      grid: value('grid'),
      zero: value('border-strong'),
      text: value('text-muted'),
      textStrong: value('text-strong'),
      tile: value('tile'),
      target: value('text'),
      font: style.fontFamily,
      tones: byTone((tone) => `${tone}-mark`),
      hasPatterns: themeName === 'contrast',
    },
    series: Array.from({ length: SERIES_COLOUR_COUNT }, (_unused, index) => value(`series-${String(index + 1)}`)),
  };
}

/** A colour with part of its strength, for what is not current, compared or beside the point. */
export function faded(colour: string, percent: number): string {
  return percent >= 100 ? colour : `color-mix(in srgb, ${colour} ${String(percent)}%, transparent)`;
}

const PATTERNS: readonly (readonly number[])[] = [
  [],
  [7, 3],
  [2, 3],
  [9, 3, 2, 3],
  [14, 4],
  [4, 4],
  [2, 6],
  [12, 3, 3, 3],
];

/** The dashes of a place in the palette, where lines need them. */
export function patternOf(place: number): readonly number[] {
  return PATTERNS[place % PATTERNS.length] ?? [];
}
