import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { msg } from '@lit/localize';
import type { LuminaError } from '../../client/lumina-error.ts';
import { adviceOf, whatOf } from '../widget/error-texts.ts';
import { BOARD_ICONS } from './board-icons.ts';
import type { BoardIcon } from './board-icons.ts';
import type { BoardPhase } from './board-loader.ts';

interface Words {
  readonly icon: BoardIcon;
  readonly what: string;
  readonly advice: string;
}

function wordsOf(phase: BoardPhase, error: LuminaError | undefined): Words {
  switch (phase) {
    case 'idle':
      return {
        icon: 'board',
        what: msg('No dashboard is chosen.', { id: 'board.idle.what' }),
        advice: msg('Choose one to see its numbers here.', { id: 'board.idle.do' }),
      };
    case 'empty':
      return {
        icon: 'board',
        what: msg('This dashboard has no tiles yet.', { id: 'board.empty.what' }),
        advice: msg('Tiles that an editor adds appear here.', { id: 'board.empty.do' }),
      };
    case 'missing':
      return {
        icon: 'missing',
        what: msg('There is no such dashboard.', { id: 'board.missing.what' }),
        advice: msg('It was deleted, or it belongs to another territory.', { id: 'board.missing.do' }),
      };
    case 'upgrade':
      return {
        icon: 'refresh',
        what: msg('A newer version of this board is available.', { id: 'error.upgrade.what' }),
        advice: msg('Reload the page.', { id: 'error.upgrade.do' }),
      };
    default:
      return {
        icon: phase === 'denied' ? 'lock' : phase === 'offline' ? 'offline' : 'alert',
        what: error === undefined ? msg('The dashboard cannot be shown.', { id: 'board.error.what' }) : whatOf(error),
        advice: error === undefined ? '' : adviceOf(error),
      };
  }
}

function reloadPage(): void {
  location.reload();
}

/** What stands in place of the tiles: an icon, what it means, what to do, and a button where that may help. */
export function boardNotice(phase: BoardPhase, error: LuminaError | undefined, onRetry: () => void): TemplateResult {
  const { icon, what, advice } = wordsOf(phase, error);
  const canRetry = phase === 'missing' || phase === 'denied' || phase === 'offline' || phase === 'error';
  return html`<div .className=${`notice ${phase}`} part="notice" .role=${canRetry ? 'alert' : 'status'}>
    <svg viewBox="0 0 16 16" aria-hidden="true">${BOARD_ICONS[icon]}</svg>
    <p class="what">${what}</p>
    ${advice === '' ? nothing : html`<p>${advice}</p>`}
    ${
      canRetry && error !== undefined
        ? html`<p class="code">
            ${error.problem ?? error.code}${error.requestId === undefined ? '' : ` · ${error.requestId}`}
          </p>`
        : nothing
    }
    ${
      canRetry
        ? html`<button type="button" @click=${onRetry}>${msg('Try again', { id: 'action.retry' })}</button>`
        : phase === 'upgrade'
          ? html`<button type="button" @click=${reloadPage}>${msg('Reload', { id: 'action.reload' })}</button>`
          : nothing
    }
  </div>`;
}
