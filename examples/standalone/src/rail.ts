import { LitElement, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { localized, msg } from '@lit/localize';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { DashboardSummary } from '@lumina/sdk';
import { ICONS, boardIcon } from './icons.ts';
import type { IconName } from './icons.ts';
import { pageStyles } from './page-styles.ts';
import { railStyles } from './rail.styles.ts';
import { PATHS, boardPath } from './routes.ts';
import type { Route } from './routes.ts';

/** More boards than this are one click further away, in the list. */
const MAX_BOARDS = 8;

/** The ways through the page: a rail of icons at the left, on a telephone a bar at the bottom. */
@customElement('app-rail')
@localized()
export class AppRail extends LitElement {
  static override styles = [pageStyles, railStyles];

  /** Where the reader is. */
  @property({ attribute: false }) route: Route = { page: 'list' };

  /** Boards of the territory. */
  @property({ attribute: false }) boards: readonly DashboardSummary[] = [];

  /** Query that a change of boards keeps: range and zone. */
  @property({ attribute: false }) kept = '';

  protected override render(): TemplateResult {
    const { route } = this;
    const boards = this.boards.slice(0, MAX_BOARDS);
    return html`<svg class="brand" viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="7"></rect>
        <path d="M8 21l5-7 4 4 7-9"></path>
      </svg>
      <nav .ariaLabel=${msg('Pages', { id: 'page.nav' })}>
        <button class="skip" type="button" @click=${this.#onSkip}>
          ${msg('Skip to content', { id: 'page.skip' })}
        </button>
        ${this.#link(PATHS.list, 'boards', msg('Dashboards', { id: 'page.boards' }), route.page === 'list')}
        ${
          boards.length === 0
            ? nothing
            : html`<div class="boards">
                ${repeat(
                  boards,
                  ({ id }) => id,
                  ({ id, title }) => {
                    const isHere = route.page === 'board' && route.id === id;
                    return this.#link(`${boardPath(id)}${this.kept}`, boardIcon(id), title, isHere);
                  },
                )}
              </div>`
        }
        <span class="space"></span>
        ${
          route.page === 'board'
            ? this.#button('wall', msg('Wall mode', { id: 'page.wall' }), 'appwall', 'wide')
            : nothing
        }
        ${this.#link(PATHS.settings, 'settings', msg('Settings', { id: 'page.settings' }), route.page === 'settings')}
        ${this.#button('leave', msg('Sign out', { id: 'page.signOut' }), 'applogout')}
      </nav>`;
  }

  readonly #onSkip = (): void => {
    this.dispatchEvent(new CustomEvent('appskip', { bubbles: true, composed: true }));
  };

  #link(path: string, icon: IconName, label: string, isHere: boolean, extra = ''): TemplateResult {
    return html`<a .className=${`item ${extra}`} .href=${path} .ariaCurrent=${isHere ? 'page' : null}>
      <svg class="icon" viewBox="0 0 20 20" aria-hidden="true">${ICONS[icon]}</svg>
      <span class="label">${label}</span>
    </a>`;
  }

  #button(icon: IconName, label: string, event: string, extra = ''): TemplateResult {
    return html`<button
      .className=${`item ${extra}`}
      type="button"
      @click=${() => this.dispatchEvent(new CustomEvent(event, { bubbles: true, composed: true }))}
    >
      <svg class="icon" viewBox="0 0 20 20" aria-hidden="true">${ICONS[icon]}</svg>
      <span class="label">${label}</span>
    </button>`;
  }
}
