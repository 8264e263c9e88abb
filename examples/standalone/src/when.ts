const STEPS: readonly (readonly [unit: Intl.RelativeTimeFormatUnit, ms: number])[] = [
  ['year', 365 * 86_400_000],
  ['month', 30 * 86_400_000],
  ['week', 7 * 86_400_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

/** How long ago, in the largest whole unit: "2 hours ago", "yesterday". */
export function ageText(thenMs: number, nowMs: number, locale: string): string {
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const ageMs = Math.max(0, nowMs - thenMs);
  const [unit, ms] = STEPS.find(([, length]) => ageMs >= length) ?? ['second', 1000];
  // Seconds would be wrong again at once.
  return unit === 'second' ? format.format(0, 'second') : format.format(-Math.floor(ageMs / ms), unit);
}

/** Date and time of day in a zone. */
export function instantText(epochMs: number, locale: string, timeZone: string): string {
  return new Intl.DateTimeFormat(locale, { timeZone, dateStyle: 'medium', timeStyle: 'short' }).format(epochMs);
}
