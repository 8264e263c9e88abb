import { LitElement, css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { localized, msg, str } from '@lit/localize';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import type { DashboardSummary, LuminaClient, LuminaError, SessionInfo } from '@lumina/sdk';
import '../board-card.ts';
import { matching } from '../board-search.ts';
import { ICONS } from '../icons.ts';
import '../message.ts';
import { fieldStyles, pageStyles } from '../page-styles.ts';
import { serviceMessage } from '../problems.ts';

/** A search is worth its place from here on. */
const SEARCH_FROM = 9;
const SKELETONS = [0, 1, 2, 3, 4, 5];

/** The list of dashboards. */
@customElement('app-list-page')
@localized()
export class AppListPage extends LitElement {
  static override styles = [
    pageStyles,
    fieldStyles,
    css`
      :host {
        display: block;
        max-width: 1680px;
        margin: 0 auto;
        padding: 24px;
      }
      .head {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        justify-content: space-between;
        gap: 12px 24px;
        margin-block-end: 16px;
      }
      .place {
        font-size: 13px;
        line-height: 18px;
        min-height: 18px;
        color: var(--_text-muted);
      }
      .search {
        position: relative;
        width: 280px;
        max-width: 100%;
      }
      .search .icon {
        position: absolute;
        inset-block-start: 8px;
        inset-inline-start: 12px;
        color: var(--_text-muted);
        pointer-events: none;
      }
      .search input {
        padding-inline-start: 40px;
      }
      ul {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 296px), 1fr));
        gap: 12px;
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        display: grid;
      }
      .skeleton {
        height: 250px;
        border: 1px solid var(--_border);
        border-radius: 8px;
        background: linear-gradient(var(--_skeleton) 132px, var(--_tile) 132px);
      }
      @media (max-width: 639px) {
        :host {
          padding: 16px 12px;
        }
        .search {
          width: 100%;
        }
      }
    `,
  ];

  /** The boards; undefined until they are known. */
  @property({ attribute: false }) boards: readonly DashboardSummary[] | undefined;

  /** Why they are not known. */
  @property({ attribute: false }) error: LuminaError | undefined;

  /** Whose boards these are. */
  @property({ attribute: false }) session: SessionInfo | undefined;

  /** Reads their bodies. */
  @property({ attribute: false }) client: LuminaClient | undefined;

  /** Language of times. */
  @property({ attribute: false }) locale = 'en';

  /** Zone of times. */
  @property({ attribute: false }) timeZone = 'UTC';

  @state() private search = '';

  /** Moves the reading position to the heading. */
  focusHeading(): void {
    this.renderRoot.querySelector<HTMLElement>('h1')?.focus();
  }

  protected override render(): TemplateResult {
    const { session } = this;
    const place = session === undefined ? '' : `${session.territoryName} · ${session.regionName}`;
    return html`<div class="head">
        <div>
          <h1 tabindex="-1">${msg('Dashboards', { id: 'page.boards' })}</h1>
          <p class="place">${place}</p>
        </div>
        ${(this.boards?.length ?? 0) >= SEARCH_FROM ? this.#searchField() : nothing}
      </div>
      ${this.#content()}`;
  }

  #searchField(): TemplateResult {
    const label = msg('Search dashboards', { id: 'page.search' });
    return html`<label class="search">
      <span class="visually-hidden">${label}</span>
      <svg class="icon" viewBox="0 0 20 20" aria-hidden="true">${ICONS.search}</svg>
      <input type="search" .placeholder=${label} .value=${this.search} @input=${this.#onSearch} />
    </label>`;
  }

  #content(): TemplateResult {
    if (this.boards === undefined) {
      if (this.error !== undefined) {
        return html`<app-message nested .message=${serviceMessage(this.error)}></app-message>`;
      }
      return html`<p class="visually-hidden" role="status">
          ${msg('Loading dashboards…', { id: 'page.loadingBoards' })}
        </p>
        <ul aria-hidden="true">
          ${SKELETONS.map(() => html`<li><div class="skeleton"></div></li>`)}
        </ul>`;
    }
    const found = matching(this.boards, this.search);
    if (found.length === 0) return this.#nothing(this.boards.length > 0);
    return html`<ul>
      ${repeat(
        found,
        ({ id }) => id,
        (board) =>
          html`<li>
            <app-board-card
              .board=${board}
              .client=${this.client}
              .locale=${this.locale}
              .timeZone=${this.timeZone}
            ></app-board-card>
          </li>`,
      )}
    </ul>`;
  }

  #nothing(isSearch: boolean): TemplateResult {
    const message = isSearch
      ? {
          icon: 'search' as const,
          heading: msg(str`No dashboard is called “${this.search.trim()}”`, { id: 'page.noMatch.title' }),
          text: msg('Try fewer words, or another spelling.', { id: 'page.noMatch.text' }),
        }
      : {
          icon: 'boards' as const,
          heading: msg('There are no dashboards yet', { id: 'page.noBoards.title' }),
          text: msg('An editor of your territory can create the first one.', { id: 'page.noBoards.text' }),
        };
    return html`<app-message nested role="status" .message=${message}></app-message>`;
  }

  readonly #onSearch = (event: Event): void => {
    this.search = (event.target as HTMLInputElement).value;
  };
}
