const known = new Map<string, string | undefined>();

/** The zone a host wrote, if there is such a zone; another word is reported once and left to the territory. */
export function usableTimeZone(wanted: string): string | undefined {
  if (wanted === '') return undefined;
  if (!known.has(wanted)) known.set(wanted, checked(wanted));
  return known.get(wanted);
}

function checked(wanted: string): string | undefined {
  try {
    new Intl.DateTimeFormat('en', { timeZone: wanted });
    return wanted;
  } catch (error) {
    console.warn(`Lumina: there is no time zone "${wanted}"; use one like Europe/London.`, error);
    return undefined;
  }
}
