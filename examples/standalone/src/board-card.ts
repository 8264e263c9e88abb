import { LitElement, css, html, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { localized, msg, str } from '@lit/localize';
import { customElement, property, state } from 'lit/decorators.js';
import type { DashboardSummary, LuminaClient, StoredDashboard } from '@lumina/sdk';
import { pageStyles } from './page-styles.ts';
import { boardPath } from './routes.ts';
import { drawThumbnail } from './thumbnail.ts';
import { ageText, instantText } from './when.ts';

/** A board in the list: what it looks like, what it is for, when it was changed. */
@customElement('app-board-card')
@localized()
export class AppBoardCard extends LitElement {
  static override styles = [
    pageStyles,
    css`
      :host {
        display: block;
        min-width: 0;
      }
      a {
        display: flex;
        flex-direction: column;
        height: 100%;
        overflow: hidden;
        border: 1px solid var(--_border);
        border-radius: 8px;
        background: var(--_tile);
        color: var(--_text);
        text-decoration: none;
      }
      a:hover {
        border-color: var(--_border-strong);
      }
      a:hover h2 {
        color: var(--_accent-text);
      }
      .drawing {
        height: 132px;
        padding: 12px 12px 0;
        overflow: hidden;
        border-block-end: 1px solid var(--_border);
        background: var(--_inset);
      }
      .drawing svg {
        display: block;
        width: 100%;
        height: 100%;
        fill: none;
        stroke: var(--_text-muted);
        stroke-width: 1.6;
        stroke-linecap: round;
        stroke-linejoin: round;
      }
      .drawing rect {
        fill: var(--_tile);
        stroke: var(--_border);
        stroke-width: 1;
      }
      .drawing .line,
      .drawing .gauge {
        stroke: var(--_accent);
      }
      .drawing .gauge {
        stroke-width: 3;
      }
      .drawing .bar {
        stroke: var(--_accent);
        stroke-width: 5;
        stroke-linecap: butt;
      }
      .drawing .table {
        stroke: var(--_border-strong);
      }
      .words {
        display: grid;
        flex: 1;
        grid-template-rows: auto 1fr auto;
        gap: 4px;
        min-width: 0;
        padding: 12px 16px 12px;
        /* A title or description may be one long word. */
        overflow-wrap: anywhere;
      }
      .description {
        display: -webkit-box;
        min-height: 36px;
        overflow: hidden;
        -webkit-box-orient: vertical;
        -webkit-line-clamp: 2;
        font-size: 13px;
        line-height: 18px;
      }
      .facts {
        margin-top: 8px;
        font-size: 12px;
        line-height: 16px;
        color: var(--_text-muted);
      }
    `,
  ];

  /** The board. */
  @property({ attribute: false }) board: DashboardSummary | undefined;

  /** Where its body is read. */
  @property({ attribute: false }) client: LuminaClient | undefined;

  /** Language of times. */
  @property({ attribute: false }) locale = 'en';

  /** Zone of times. */
  @property({ attribute: false }) timeZone = 'UTC';

  @state() private body: StoredDashboard['body'] | undefined;
  #observer: IntersectionObserver | undefined;
  #asked = '';

  override connectedCallback(): void {
    super.connectedCallback();
    // A body is read once its card is in sight: a territory may have hundreds of boards.
    this.#observer = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) void this.#load();
    });
    this.#observer.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#observer?.disconnect();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('board') && this.#asked !== this.#key()) this.body = undefined;
  }

  protected override render(): TemplateResult {
    const { board, body, locale, timeZone } = this;
    if (board === undefined) return html``;
    const updatedMs = Date.parse(board.updatedAt);
    const age = Number.isFinite(updatedMs) ? ageText(updatedMs, Date.now(), locale) : '';
    const when = Number.isFinite(updatedMs) ? instantText(updatedMs, locale, timeZone) : '';
    const tiles = body === undefined ? '' : msg(str`${body.widgets.length} tiles`, { id: 'page.tiles' });
    const changedText = age === '' ? '' : msg(str`changed ${age}`, { id: 'page.changed' });
    return html`<a .href=${boardPath(board.id)}>
      <div class="drawing">${body === undefined ? nothing : drawThumbnail(body.widgets)}</div>
      <div class="words">
        <h2>${board.title}</h2>
        <p class="description">${body?.description ?? nothing}</p>
        <p class="facts" .title=${when}>${[tiles, changedText].filter((text) => text !== '').join(' · ')}</p>
      </div>
    </a>`;
  }

  #key(): string {
    return `${this.board?.id ?? ''}@${String(this.board?.version ?? 0)}`;
  }

  async #load(): Promise<void> {
    const key = this.#key();
    if (this.board === undefined || this.client === undefined || this.#asked === key) return;
    this.#asked = key;
    try {
      const { body } = await this.client.dashboard(this.board.id);
      if (key === this.#key()) this.body = body;
    } catch {
      // The card stands without its drawing; opening the board says what is wrong with it.
      this.#asked = '';
    }
  }
}
