import { resolveTheme } from '@lumina/sdk';
import type { ThemeName, ThemePreference } from '@lumina/sdk';

const KEY = 'lumina.theme';
const ORDER: readonly ThemePreference[] = ['auto', 'light', 'dark'];

/** The theme chosen on this device, `auto` until somebody chooses. */
export function storedTheme(): ThemePreference {
  const stored = localStorage.getItem(KEY);
  return ORDER.find((choice) => choice === stored) ?? 'auto';
}

/** Remembers a choice. */
export function storeTheme(choice: ThemePreference): void {
  localStorage.setItem(KEY, choice);
}

/** The choice after this one, for a button that goes round. */
export function nextTheme(choice: ThemePreference): ThemePreference {
  return ORDER[(ORDER.indexOf(choice) + 1) % ORDER.length] ?? 'auto';
}

/** Colours the page around the tags and answers the theme that applies. */
export function applyTheme(choice: ThemePreference): ThemeName {
  const theme = resolveTheme(choice);
  document.documentElement.dataset['theme'] = theme;
  return theme;
}
