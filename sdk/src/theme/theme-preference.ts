import type { ThemeName } from './tokens.ts';

/** What a host may ask for. */
export type ThemePreference = 'auto' | ThemeName;

const QUERY = '(prefers-color-scheme: dark)';

/** The theme to show for a preference. */
export function resolveTheme(preference: ThemePreference): ThemeName {
  if (preference !== 'auto') return preference;
  return globalThis.matchMedia(QUERY).matches ? 'dark' : 'light';
}

/** Calls back when the system changes between light and dark; answers how to stop. */
export function onSystemThemeChange(listener: () => void): () => void {
  const media = globalThis.matchMedia(QUERY);
  media.addEventListener('change', listener);
  return () => {
    media.removeEventListener('change', listener);
  };
}
