import { msg, str } from '@lit/localize';
import type { QueryRange } from '@lumina/contracts';
import { parseRange } from '../../client/time-range.ts';
import { rangeTitle } from '../../i18n/range-titles.ts';

/** Ranges back from now that the menu offers. */
export const RELATIVE_RANGES = ['15m', '1h', '4h', '12h', '24h', '7d'] as const;

/** Calendar ranges that the menu offers, in the reporting zone. */
export const CALENDAR_CHOICES = ['today', 'yesterday', 'thisWeek', 'lastWeek', 'thisMonth', 'lastMonth'] as const;

/** What a board shows when nobody says. */
export const DEFAULT_RANGE: QueryRange = { last: '1h' };

/** Whether a value of unknown origin is a range; what it says is read the way an attribute is. */
export function rangeOf(value: unknown): QueryRange | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { last, calendar, from, to } = value as Readonly<Record<string, unknown>>;
  const given = Object.keys(value).sort().join(',');
  const read = given === 'last' ? textRange(last) : given === 'calendar' ? textRange(calendar) : undefined;
  if (read !== undefined && given in read) return read;
  if (given === 'from,to' && typeof from === 'string' && typeof to === 'string') return parseRange(`${from}/${to}`);
  return undefined;
}

function textRange(text: unknown): QueryRange | undefined {
  return typeof text === 'string' && !text.startsWith('-') ? parseRange(text) : undefined;
}

/** The range as an attribute holds it; the reverse of {@link parseRange}. */
export function rangeAttribute(range: QueryRange): string {
  if ('last' in range) return range.last;
  return 'calendar' in range ? range.calendar : `${range.from}/${range.to}`;
}

/** The range in words, for a button. */
export function rangeWords(range: QueryRange, locale: string, timeZone: string): string {
  if (!('from' in range)) return capitalised(rangeTitle(rangeAttribute(range)), locale);
  const format = new Intl.DateTimeFormat(locale, {
    timeZone,
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return format.formatRange(Date.parse(range.from), Date.parse(range.to));
}

/** A relative range as a choice of the menu. */
export function relativeName(range: string, locale: string): string {
  const [, amount = '1', letter = 'h'] = /^(\d+)([smhd])$/u.exec(range) ?? [];
  const unit = { s: 'second', m: 'minute', h: 'hour', d: 'day' }[letter] ?? 'hour';
  const words = new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(Number(amount));
  return msg(str`Last ${words}`, { id: 'board.range.last' });
}

/** A calendar range as a choice of the menu. */
export function calendarName(range: string, locale: string): string {
  return capitalised(rangeTitle(range), locale);
}

function capitalised(text: string, locale: string): string {
  return text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);
}
