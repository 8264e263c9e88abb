import { isTimeZone } from '../i18n/time-zone.ts';

const known = new Map<string, string | undefined>();

/** The zone a host wrote, if there is such a zone; another word is reported once and left to the territory. */
export function usableTimeZone(wanted: string): string | undefined {
  if (wanted === '') return undefined;
  if (!known.has(wanted)) known.set(wanted, checked(wanted));
  return known.get(wanted);
}

function checked(wanted: string): string | undefined {
  if (isTimeZone(wanted)) return wanted;
  console.warn(`Lumina: there is no time zone "${wanted}"; use one like Europe/London.`);
  return undefined;
}
