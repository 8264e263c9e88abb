import { DENSITIES, THEME_NAMES } from '@lumina/sdk';
import type { Preview } from '@storybook/web-components-vite';

const items = (values: readonly string[]): { value: string; title: string }[] =>
  values.map((value) => ({ value, title: value }));

/** Widths of the box that a story stands in, px; `story` is the story's own. */
export const WIDTHS_PX: Readonly<Record<string, number>> = { narrow: 328, tablet: 720, wide: 1280 };

/** The toolbar: what may be turned on every story. */
export const GLOBAL_TYPES: NonNullable<Preview['globalTypes']> = {
  theme: {
    description: 'Theme of the provider',
    toolbar: { title: 'Theme', icon: 'paintbrush', items: items(['auto', ...THEME_NAMES]), dynamicTitle: true },
  },
  density: {
    description: 'Density of the provider',
    toolbar: {
      title: 'Density',
      icon: 'component',
      items: items(DENSITIES),
      dynamicTitle: true,
    },
  },
  locale: {
    description: 'Language of texts and numbers',
    toolbar: {
      title: 'Language',
      icon: 'globe',
      items: [
        { value: 'en-GB', title: 'English' },
        { value: 'de-DE', title: 'Deutsch' },
      ],
      dynamicTitle: true,
    },
  },
  width: {
    description: 'Width of the story',
    toolbar: {
      title: 'Width',
      icon: 'grow',
      items: items(['story', ...Object.keys(WIDTHS_PX)]),
      dynamicTitle: true,
    },
  },
};

/** What every story begins with. */
export const INITIAL_GLOBALS = { theme: 'light', density: 'comfortable', locale: 'en-GB', width: 'story' } as const;
