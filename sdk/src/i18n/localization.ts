import { configureLocalization } from '@lit/localize';
import type { LocaleModule } from '@lit/localize';
import * as de from './locales/de.ts';

/** The language the sources are written in. */
export const SOURCE_LOCALE = 'en';

/** Languages with a table of their own. They are in the bundle: a dynamic import is not safe in every host. */
const TABLES: Readonly<Record<string, LocaleModule>> = { de };

/** Adds a host's own texts to a language, so that the page around the tags speaks it too. */
export function addTexts(language: string, texts: LocaleModule['templates']): void {
  const table = TABLES[language];
  if (table === undefined) throw new RangeError(`Lumina has no texts in ${language} to add to.`);
  Object.assign(table.templates, texts);
}

const { setLocale } = configureLocalization({
  sourceLocale: SOURCE_LOCALE,
  targetLocales: Object.keys(TABLES),
  loadLocale: (locale) => {
    const table = TABLES[locale];
    return table === undefined ? Promise.reject(new Error(`There is no table for ${locale}.`)) : Promise.resolve(table);
  },
});

/** The language of the texts for a locale such as `de-AT`; English where there is no table. */
export function languageOf(locale: string): string {
  const language = locale.toLowerCase().split('-')[0] ?? SOURCE_LOCALE;
  return language in TABLES ? language : SOURCE_LOCALE;
}

/** Switches the texts of every tag on the page; numbers and times follow each provider's own locale. */
export async function useLanguageOf(locale: string): Promise<void> {
  await setLocale(languageOf(locale));
}
