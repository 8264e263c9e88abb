import type { ThemeName } from './tokens.ts';

type Palette = Readonly<Record<ThemeName, readonly string[]>>;

function withSlds(palette: Readonly<Record<Exclude<ThemeName, 'slds'>, readonly string[]>>): Palette {
  return { ...palette, slds: palette.light };
}

/**
 * Series colours in their fixed order: Okabe and Ito's hues, moved in lightness until any two of them differ by a
 * CIEDE2000 of at least ten under normal sight, deuteranopia, protanopia and tritanopia alike, at 3:1 on a tile.
 */
export const SERIES_COLOURS: Palette = withSlds({
  light: ['#2170aa', '#ce4801', '#109968', '#bf7aab', '#9f851e', '#1797fd', '#3633ae', '#5e6672'],
  dark: ['#67b0fe', '#f0894a', '#00b588', '#df8bbc', '#e6cf55', '#a9e0fd', '#737add', '#c2c9ce'],
  contrast: ['#37adff', '#ff8f3d', '#29d59f', '#fb9cce', '#fee04b', '#9ce0fe', '#a382be', '#d0d0d0'],
});

/** One hue from little to much in even steps of lightness; the first is near the tile's own. */
export const SEQUENTIAL_COLOURS: Palette = withSlds({
  light: ['#e3f0ff', '#add3ff', '#73b5ff', '#4597ec', '#2c79c8', '#1f5e9d', '#1c446e'],
  dark: ['#0b3557', '#0f5083', '#1f6dac', '#3c8bd0', '#61aaee', '#93caff', '#d0e8ff'],
  contrast: ['#003346', '#00526f', '#00749a', '#0098c8', '#39bcf0', '#93dcff', '#eaf8ff'],
});

/** From worse than a target over the target in the middle to better; orange and blue survive every colour blindness. */
export const DIVERGING_COLOURS: Palette = withSlds({
  light: ['#a74a04', '#c77f59', '#e5b49b', '#eceff1', '#99c6e7', '#529bcc', '#0070a6'],
  dark: ['#eb9259', '#b0714a', '#78513a', '#36383a', '#39617c', '#468ab6', '#52b5f4'],
  contrast: ['#ffb072', '#c48451', '#845d40', '#3b3d3f', '#3b6e86', '#45a0c7', '#6fd2ff'],
});
