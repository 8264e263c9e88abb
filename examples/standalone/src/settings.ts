import { isTimeZone } from './url-state.ts';

/** Themes a person can choose. */
export const THEMES = ['auto', 'light', 'dark', 'contrast'] as const;
/** Densities a person can choose; the wall mode has its own. */
export const DENSITIES = ['comfortable', 'compact'] as const;
/** Languages a person can choose; `auto` follows the browser. */
export const LANGUAGES = ['auto', 'en', 'de'] as const;

/** A theme a person can choose. */
export type ThemeChoice = (typeof THEMES)[number];
/** A density a person can choose. */
export type DensityChoice = (typeof DENSITIES)[number];
/** A language a person can choose. */
export type LanguageChoice = (typeof LANGUAGES)[number];

/** What a person chose on this device. */
export interface Settings {
  readonly theme: ThemeChoice;
  readonly density: DensityChoice;
  readonly language: LanguageChoice;
  /** IANA name; empty: the territory's. */
  readonly timeZone: string;
}

/** What applies until somebody chooses. */
export const DEFAULT_SETTINGS: Settings = { theme: 'auto', density: 'comfortable', language: 'auto', timeZone: '' };

const KEY = 'lumina.settings';

function oneOf<T extends string>(values: readonly T[], value: unknown, usual: T): T {
  return values.find((one) => one === value) ?? usual;
}

/** Reads settings as they were stored, by this release or another; what is not understood is as if never chosen. */
export function parseSettings(text: string | null): Settings {
  let stored: Partial<Record<keyof Settings, unknown>> = {};
  try {
    const json: unknown = text === null ? {} : JSON.parse(text);
    if (typeof json === 'object' && json !== null) stored = json;
  } catch {
    // Somebody else wrote under this key: the defaults apply, and the next choice overwrites it.
    return DEFAULT_SETTINGS;
  }
  const { timeZone } = stored;
  return {
    theme: oneOf(THEMES, stored.theme, DEFAULT_SETTINGS.theme),
    density: oneOf(DENSITIES, stored.density, DEFAULT_SETTINGS.density),
    language: oneOf(LANGUAGES, stored.language, DEFAULT_SETTINGS.language),
    timeZone: typeof timeZone === 'string' && timeZone !== '' && isTimeZone(timeZone) ? timeZone : '',
  };
}

/** Settings of this device. */
export function loadSettings(storage: Pick<Storage, 'getItem'>): Settings {
  return parseSettings(storage.getItem(KEY));
}

/** Remembers them. */
export function saveSettings(storage: Pick<Storage, 'setItem'>, settings: Settings): void {
  storage.setItem(KEY, JSON.stringify(settings));
}

/** The language of the page: chosen, else the browser's first that there are texts in. */
export function languageOf(choice: LanguageChoice, browserLanguages: readonly string[]): 'en' | 'de' {
  if (choice !== 'auto') return choice;
  const first = browserLanguages
    .map((tag) => tag.toLowerCase().split('-')[0])
    .find((tag) => tag === 'en' || tag === 'de');
  return first === 'de' ? 'de' : 'en';
}

/** How numbers and times are written: the browser's own variety of the language if it has one. */
export function localeOf(language: 'en' | 'de', browserLanguages: readonly string[]): string {
  const variety = browserLanguages.find((tag) => tag.toLowerCase().split('-')[0] === language && tag.includes('-'));
  return variety ?? (language === 'de' ? 'de-DE' : 'en-GB');
}
