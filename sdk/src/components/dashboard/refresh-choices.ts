import { msg, str } from '@lit/localize';
import type { MenuOption } from './menu.ts';

/** What the menu offers. */
const CHOICES = ['live', '10s', '30s', 'off'] as const;

/** How the board is kept fresh, in words. */
export function refreshName(refresh: string, locale: string): string {
  if (refresh === 'live') return msg('Live', { id: 'board.refresh.live' });
  if (refresh === 'off') return msg('Off', { id: 'board.refresh.off' });
  const [, amount = '10', letter = 's'] = /^(\d+)([smh])$/u.exec(refresh) ?? [];
  const unit = { s: 'second', m: 'minute', h: 'hour' }[letter] ?? 'second';
  const words = new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' }).format(Number(amount));
  return msg(str`Every ${words}`, { id: 'board.refresh.every' });
}

/** The choices, with the current one where a host set another. */
export function refreshChoices(current: string, locale: string): readonly MenuOption[] {
  const values = (CHOICES as readonly string[]).includes(current) ? CHOICES : [...CHOICES, current];
  return values.map((value) => ({ value, name: refreshName(value, locale) }));
}
