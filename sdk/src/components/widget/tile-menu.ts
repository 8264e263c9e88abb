import { msg } from '@lit/localize';
import { html } from 'lit';
import type { TemplateResult } from 'lit';
import { ICONS } from '../icons.ts';
import type { IconName } from '../icons.ts';

/** What a reader can do with a tile. */
export type TileAction = 'refresh' | 'table' | 'copy';

interface Entry {
  readonly action: TileAction;
  readonly icon: IconName;
  readonly words: string;
}

function entries(isTable: boolean): readonly Entry[] {
  return [
    { action: 'refresh', icon: 'refresh', words: msg('Refresh', { id: 'menu.refresh' }) },
    isTable
      ? { action: 'table', icon: 'chart', words: msg('View as chart', { id: 'menu.chart' }) }
      : { action: 'table', icon: 'table', words: msg('View as table', { id: 'menu.table' }) },
    { action: 'copy', icon: 'copy', words: msg('Copy as CSV', { id: 'menu.copy' }) },
  ];
}

/** The entries of a tile's menu. */
export function tileMenu(isTable: boolean, onAction: (action: TileAction) => void): TemplateResult {
  return html`${entries(isTable).map(
    ({ action, icon, words }) =>
      html`<button
        class="entry"
        type="button"
        role="menuitem"
        .tabIndex=${-1}
        @click=${() => {
          onAction(action);
        }}
      >
        <svg viewBox="0 0 16 16" aria-hidden="true">${ICONS[icon]}</svg>${words}
      </button>`,
  )}`;
}

/** Puts the focus where the reader continues: the first entry of a menu that opens. */
export function focusFirstEntry(panel: HTMLElement): void {
  panel.querySelector<HTMLElement>('.entry')?.focus();
}

/** Arrow keys, Home and End move through an open menu. */
export function moveInMenu(event: KeyboardEvent): void {
  const menu = event.currentTarget as HTMLElement;
  const all = [...menu.querySelectorAll<HTMLElement>('.entry')];
  const at = all.indexOf(event.target as HTMLElement);
  const next = new Map([
    ['ArrowDown', (at + 1) % all.length],
    ['ArrowUp', (at - 1 + all.length) % all.length],
    ['Home', 0],
    ['End', all.length - 1],
  ]).get(event.key);
  if (next === undefined) return;
  event.preventDefault();
  all[next]?.focus();
}
