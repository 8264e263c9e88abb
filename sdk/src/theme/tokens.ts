/** The two designed themes. Dark is a design of its own: surfaces get lighter as they rise, chroma is lower. */
export type ThemeName = 'light' | 'dark';

/** How much room things take: at a desk, on a crowded page, on a wall. */
export type Density = 'comfortable' | 'compact' | 'wall';

/** Names of the colour tokens; the public custom property of `tile` is `--lumina-tile`. */
export type TokenName =
  | 'page'
  | 'tile'
  | 'raised'
  | 'inset'
  | 'text-strong'
  | 'text'
  | 'text-muted'
  | 'border'
  | 'border-strong'
  | 'grid'
  | 'accent'
  | 'accent-text'
  | 'on-accent'
  | 'good'
  | 'good-surface'
  | 'warning'
  | 'warning-surface'
  | 'critical'
  | 'critical-surface'
  | 'info'
  | 'info-surface'
  | 'skeleton';

/** Colour values by theme. Text tones hold 4.5:1 on every surface they may stand on, graphics 3:1. */
export const TOKENS: Readonly<Record<ThemeName, Readonly<Record<TokenName, string>>>> = {
  light: {
    page: '#f3f4f6',
    tile: '#ffffff',
    raised: '#ffffff',
    inset: '#eceef2',
    'text-strong': '#12161c',
    text: '#2b333e',
    'text-muted': '#566070',
    border: '#e2e5ea',
    'border-strong': '#c2c8d1',
    grid: '#e8eaee',
    accent: '#2456d3',
    'accent-text': '#1f4cbf',
    'on-accent': '#ffffff',
    good: '#0c6e42',
    'good-surface': '#e3f4ea',
    warning: '#7d4b00',
    'warning-surface': '#fcefd6',
    critical: '#ad231b',
    'critical-surface': '#fdebe9',
    info: '#1c5796',
    'info-surface': '#e7f0fa',
    skeleton: '#e9ebef',
  },
  dark: {
    page: '#0e1115',
    tile: '#171b21',
    raised: '#222831',
    inset: '#11151a',
    'text-strong': '#f1f3f6',
    text: '#d3d8df',
    'text-muted': '#9ba5b3',
    border: '#252b33',
    'border-strong': '#3d4652',
    grid: '#20262d',
    accent: '#84aaf7',
    'accent-text': '#a3c0fa',
    'on-accent': '#0e1115',
    good: '#6bcf9e',
    'good-surface': '#142b20',
    warning: '#ecbb66',
    'warning-surface': '#2f2512',
    critical: '#ff9a90',
    'critical-surface': '#371a18',
    info: '#8bbcf0',
    'info-surface': '#16273a',
    skeleton: '#232931',
  },
};

/**
 * Series colours in their fixed order, from Okabe and Ito with the lightness tuned per theme; they stay apart under
 * deuteranopia, protanopia and tritanopia.
 */
export const SERIES_COLOURS: Readonly<Record<ThemeName, readonly string[]>> = {
  light: ['#0072b2', '#c75400', '#008060', '#a8457f', '#8f6500', '#3f8fbf', '#5d5fc4', '#55606e'],
  dark: ['#5ab0ea', '#f08a4b', '#3cc79a', '#e08bbd', '#e3c14a', '#a3d3f5', '#a9a8f5', '#b4bdc9'],
};
