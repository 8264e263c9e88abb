const known = new Map<string, string | undefined>();

/** The locale to use: the host's, else the document's, else English. A word that is no locale is reported once. */
export function usableLocale(wanted: string): string {
  return canonical(wanted) ?? canonical(document.documentElement.lang) ?? 'en';
}

function canonical(tag: string): string | undefined {
  if (tag === '') return undefined;
  if (!known.has(tag)) known.set(tag, checked(tag));
  return known.get(tag);
}

function checked(tag: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(tag)[0];
  } catch (error) {
    console.warn(`Lumina: "${tag}" is no language tag; use one like en-GB.`, error);
    return undefined;
  }
}
