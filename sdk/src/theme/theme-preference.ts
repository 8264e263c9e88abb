import { THEME_NAMES } from './tokens.ts';
import type { ThemeName } from './tokens.ts';

/** What a host may ask for. */
export type ThemePreference = 'auto' | ThemeName;

const DARK = '(prefers-color-scheme: dark)';
const CONTRAST = '(prefers-contrast: more)';

/** The theme to show for a preference; `auto` and unknown words follow the system's wishes for scheme and contrast. */
export function resolveTheme(preference: string): ThemeName {
  const named = THEME_NAMES.find((name) => name === preference);
  if (named !== undefined) return named;
  if (globalThis.matchMedia(CONTRAST).matches) return 'contrast';
  return globalThis.matchMedia(DARK).matches ? 'dark' : 'light';
}

/** Calls back when the system changes its wishes; answers how to stop. */
export function onSystemThemeChange(listener: () => void): () => void {
  const media = [DARK, CONTRAST].map((query) => globalThis.matchMedia(query));
  for (const one of media) one.addEventListener('change', listener);
  return () => {
    for (const one of media) one.removeEventListener('change', listener);
  };
}
