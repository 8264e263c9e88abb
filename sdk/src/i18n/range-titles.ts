import { msg, str } from '@lit/localize';

const CALENDAR: Readonly<Record<string, () => string>> = {
  today: () => msg('today', { id: 'range.today' }),
  yesterday: () => msg('yesterday', { id: 'range.yesterday' }),
  thisWeek: () => msg('this week', { id: 'range.thisWeek' }),
  lastWeek: () => msg('last week', { id: 'range.lastWeek' }),
  thisMonth: () => msg('this month', { id: 'range.thisMonth' }),
  lastMonth: () => msg('last month', { id: 'range.lastMonth' }),
  sinceOpening: () => msg('since opening', { id: 'range.sinceOpening' }),
};

/** A range in words: `1h` is "last 1 h". */
export function rangeTitle(range: string): string {
  const calendar = CALENDAR[range];
  if (calendar !== undefined) return calendar();
  const [, amount, unit] = /^(\d+)([smhd])$/u.exec(range) ?? [];
  if (amount === undefined || unit === undefined) return range;
  const words = `${amount} ${unit === 'm' ? 'min' : unit}`;
  return msg(str`last ${words}`, { id: 'range.last' });
}
