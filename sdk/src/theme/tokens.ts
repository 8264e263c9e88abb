/**
 * The themes. Dark and contrast are designs of their own: in dark, surfaces get lighter as they rise and chroma is
 * lower; contrast is black with strong edges. `slds` takes its colours from the hooks of the Salesforce Lightning
 * Design System 2 where the page defines them, else light ones.
 */
export const THEME_NAMES = ['light', 'dark', 'contrast', 'slds'] as const;
/** Name of one theme. */
export type ThemeName = (typeof THEME_NAMES)[number];

/** How much room things take: at a desk, on a crowded page, on a wall. */
export const DENSITIES = ['comfortable', 'compact', 'wall'] as const;
/** One density. */
export type Density = (typeof DENSITIES)[number];

const LIGHT = {
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
  'good-mark': '#009a46',
  'good-surface': '#e3f4ea',
  warning: '#7d4b00',
  'warning-mark': '#c67100',
  'warning-surface': '#fcefd6',
  critical: '#ad231b',
  'critical-mark': '#e23532',
  'critical-surface': '#fdebe9',
  info: '#1c5796',
  'info-mark': '#1a78dd',
  'info-surface': '#e7f0fa',
  skeleton: '#e9ebef',
  shadow: '0 1px 2px rgb(16 24 40 / 8%), 0 8px 24px rgb(16 24 40 / 14%)',
};

/**
 * Names of the tokens; the public custom property of `tile` is `--lumina-tile`. A semantic colour has three tones: text
 * such as `good`, a `-mark` for lines, arcs and bars, and a `-surface` to stand behind the text.
 */
export type TokenName = keyof typeof LIGHT;

const DARK: Readonly<Record<TokenName, string>> = {
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
  'good-mark': '#4bb585',
  'good-surface': '#142b20',
  warning: '#ecbb66',
  'warning-mark': '#d9a041',
  'warning-surface': '#2f2512',
  critical: '#ff9a90',
  'critical-mark': '#f0695d',
  'critical-surface': '#371a18',
  info: '#8bbcf0',
  'info-mark': '#5f9fe0',
  'info-surface': '#16273a',
  skeleton: '#232931',
  shadow: '0 0 0 1px rgb(255 255 255 / 6%), 0 12px 32px rgb(0 0 0 / 60%)',
};

const CONTRAST: Readonly<Record<TokenName, string>> = {
  page: '#000000',
  tile: '#000000',
  raised: '#111111',
  inset: '#1a1a1a',
  'text-strong': '#ffffff',
  text: '#ffffff',
  'text-muted': '#dcdcdc',
  border: '#8f8f8f',
  'border-strong': '#ffffff',
  grid: '#4d4d4d',
  accent: '#7cc4ff',
  'accent-text': '#9dd3ff',
  'on-accent': '#000000',
  good: '#5ff0a8',
  'good-mark': '#22d987',
  'good-surface': '#00331f',
  warning: '#ffdd55',
  'warning-mark': '#ffc400',
  'warning-surface': '#332900',
  critical: '#ffaba3',
  'critical-mark': '#ff7a6e',
  'critical-surface': '#400a05',
  info: '#9fd8ff',
  'info-mark': '#55b9ff',
  'info-surface': '#00294a',
  skeleton: '#3a3a3a',
  shadow: '0 0 0 2px #ffffff',
};

/**
 * Token values by theme. Text tones hold 4.5:1 on every surface they may stand on (7:1 in contrast), marks 3:1. `slds`
 * holds what applies where the page defines no hooks.
 */
export const TOKENS: Readonly<Record<ThemeName, Readonly<Record<TokenName, string>>>> = {
  light: LIGHT,
  dark: DARK,
  contrast: CONTRAST,
  slds: LIGHT,
};

/** Global styling hooks of SLDS 2 that tokens follow under the theme `slds`. */
export const SLDS_HOOKS: Readonly<Partial<Record<TokenName, string>>> = {
  page: '--slds-g-color-surface-2',
  tile: '--slds-g-color-surface-container-1',
  raised: '--slds-g-color-surface-container-1',
  inset: '--slds-g-color-surface-container-2',
  'text-strong': '--slds-g-color-on-surface-3',
  text: '--slds-g-color-on-surface-2',
  'text-muted': '--slds-g-color-on-surface-1',
  border: '--slds-g-color-border-1',
  'border-strong': '--slds-g-color-border-2',
  grid: '--slds-g-color-border-1',
  accent: '--slds-g-color-accent-container-1',
  'accent-text': '--slds-g-color-accent-2',
  'on-accent': '--slds-g-color-on-accent-1',
  good: '--slds-g-color-on-success-1',
  'good-mark': '--slds-g-color-success-1',
  'good-surface': '--slds-g-color-success-container-1',
  warning: '--slds-g-color-on-warning-1',
  'warning-mark': '--slds-g-color-warning-1',
  'warning-surface': '--slds-g-color-warning-container-1',
  critical: '--slds-g-color-on-error-1',
  'critical-mark': '--slds-g-color-error-1',
  'critical-surface': '--slds-g-color-error-container-1',
  info: '--slds-g-color-on-info-1',
  'info-mark': '--slds-g-color-info-1',
  'info-surface': '--slds-g-color-info-container-1',
  shadow: '--slds-g-shadow-2',
};
