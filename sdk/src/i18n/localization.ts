import { LOCALE_STATUS_EVENT, configureLocalization, str } from '@lit/localize';
import type { LocaleModule } from '@lit/localize';
import * as de from './locales/de.ts';

/** The language the sources are written in. */
export const SOURCE_LOCALE = 'en';

/** English with a host's own words: the source language has no table, so this one holds nothing else. */
const HOST_ENGLISH = 'en-x-host';

/** Languages with a table of their own. They are in the bundle: a dynamic import is not safe in every host. */
const TABLES: Readonly<Record<string, LocaleModule>> = { de, [HOST_ENGLISH]: { templates: {} } };

/** What the tables held before a host's own words came in, to go back to. */
const originals: Readonly<Record<string, LocaleModule['templates']>> = Object.fromEntries(
  Object.entries(TABLES).map(([language, { templates }]) => [language, { ...templates }]),
);

const { getLocale, setLocale } = configureLocalization({
  sourceLocale: SOURCE_LOCALE,
  targetLocales: Object.keys(TABLES),
  loadLocale: (locale) => {
    const table = TABLES[locale];
    return table === undefined ? Promise.reject(new Error(`There is no table for ${locale}.`)) : Promise.resolve(table);
  },
});

/** Adds a host's own texts to a language, so that the page around the tags speaks it too. */
export function addTexts(language: string, texts: LocaleModule['templates']): void {
  const table = TABLES[language];
  const original = originals[language];
  if (table === undefined || original === undefined) {
    throw new RangeError(`Lumina has no texts in ${language} to add to.`);
  }
  Object.assign(original, texts);
  Object.assign(table.templates, texts);
}

/** A host's own words by message id, e.g. `{'action.retry': 'Once more'}`; `{0}` stands for the first value. */
export type LuminaMessages = Readonly<Record<string, string>>;

let hasMessages = false;

/** Puts a host's own words in the place of the built-in ones, in whichever language is shown; replaces earlier ones. */
export async function useMessages(messages: LuminaMessages): Promise<void> {
  const own = Object.fromEntries(Object.entries(messages).map(([id, text]) => [id, templateOf(text)]));
  for (const [language, { templates }] of Object.entries(TABLES)) {
    for (const id of Object.keys(templates)) Reflect.deleteProperty(templates, id);
    Object.assign(templates, originals[language], own);
  }
  hasMessages = Object.keys(messages).length > 0;
  const before = getLocale();
  await useLanguageOf(before);
  // The language is the same and its words are not: tags listen to this event alone.
  if (getLocale() === before) {
    globalThis.dispatchEvent(
      new CustomEvent(LOCALE_STATUS_EVENT, { detail: { status: 'ready', readyLocale: before } }),
    );
  }
}

/** `Late by {0}` as a template whose first value stands in the gap. */
function templateOf(text: string): LocaleModule['templates'][string] {
  const parts = text.split(/\{(\d+)\}/u);
  if (parts.length === 1) return text;
  const strings = parts.filter((_part, index) => index % 2 === 0);
  const places = parts.filter((_part, index) => index % 2 === 1).map(Number);
  return str(Object.assign(strings, { raw: strings }), ...places);
}

/** The language of the texts for a locale such as `de-AT`; English where there is no table. */
export function languageOf(locale: string): string {
  const language = locale.toLowerCase().split('-')[0] ?? SOURCE_LOCALE;
  return language in TABLES ? language : SOURCE_LOCALE;
}

/** Switches the texts of every tag on the page; numbers and times follow each provider's own locale. */
export async function useLanguageOf(locale: string): Promise<void> {
  const language = languageOf(locale);
  await setLocale(language === SOURCE_LOCALE && hasMessages ? HOST_ENGLISH : language);
}
