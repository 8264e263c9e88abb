import { LitElement, css, html, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { localized, msg } from '@lit/localize';
import { customElement, property, state } from 'lit/decorators.js';
import { LuminaError } from '@lumina/sdk';
import type { LuminaClient } from '@lumina/sdk';
import '../message.ts';
import { pageStyles } from '../page-styles.ts';
import { notFoundMessage } from '../problems.ts';
import type { BoardView } from '../url-state.ts';

/** What this page reads of `<lumina-dashboard>` after the reader chose. */
interface ReadableBoard extends HTMLElement {
  readonly range: string;
  readonly timeZone: string;
  readonly variables: Readonly<Record<string, readonly string[]>>;
}

/** One object, so that a board is not rendered again for nothing. */
const NO_VARIABLES = {};

/** One board. Its range, zone and variables are in the address of the page. */
@customElement('app-board-page')
@localized()
export class AppBoardPage extends LitElement {
  static override styles = [
    pageStyles,
    css`
      :host {
        display: block;
        max-width: 2560px;
        margin: 0 auto;
        padding: 0 24px 24px;
      }
      :host([wall]) {
        max-width: none;
        padding: 0 16px 16px;
      }
      .leave {
        position: fixed;
        inset-block-end: 16px;
        inset-inline-end: 16px;
        z-index: 30;
        opacity: 0;
      }
      .leave:focus-visible,
      :host([pointing]) .leave {
        opacity: 1;
      }
      @media (max-width: 639px) {
        :host {
          padding: 0 12px 12px;
        }
      }
    `,
  ];

  /** Id of the board. */
  @property({ attribute: false }) boardId = '';

  /** What of it is in the address. */
  @property({ attribute: false }) view: BoardView = { isWall: false };

  /** Its title, where the list of boards has told it already. */
  @property({ attribute: false }) knownTitle = '';

  /** Reads its title. */
  @property({ attribute: false }) client: LuminaClient | undefined;

  /** Whether it hangs on a wall. */
  @property({ type: Boolean, reflect: true }) wall = false;

  /** Whether a pointer moved just now, which is when the way out of the wall is shown. */
  @property({ type: Boolean, reflect: true }) pointing = false;

  @state() private isMissing = false;
  @state() private loadedTitle = '';
  #pointingTimer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.addEventListener('pointermove', this.#onPointer);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#pointingTimer);
  }

  /** Moves the reading position to the heading; false while its words are not known. */
  focusHeading(): boolean {
    const message = this.renderRoot.querySelector<HTMLElementTagNameMap['app-message']>('app-message');
    const heading = this.renderRoot.querySelector<HTMLElement>('h1');
    message?.focusHeading();
    heading?.focus();
    return message !== null || heading !== null;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    this.wall = this.view.isWall;
    if (changed.has('boardId') || changed.has('client')) {
      this.isMissing = false;
      this.loadedTitle = '';
      void this.#load();
    }
  }

  protected override render(): TemplateResult {
    if (this.isMissing) return html`<app-message .message=${notFoundMessage('board')}></app-message>`;
    // The board shows its title to eyes; the page's own heading is where a new page is read from.
    const title = this.loadedTitle || this.knownTitle;
    return html`${title === '' ? nothing : html`<h1 class="visually-hidden" tabindex="-1">${title}</h1>`}
      <lumina-dashboard
        dashboard-id=${this.boardId}
        heading-level="2"
        range=${this.view.range ?? ''}
        time-zone=${this.view.zone ?? ''}
        .variables=${this.view.variables ?? NO_VARIABLES}
        @luminarange=${this.#onChoice}
        @luminavariables=${this.#onChoice}
      ></lumina-dashboard>
      ${
        this.wall
          ? html`<button class="button leave" type="button" @click=${this.#onLeave}>
              ${msg('Leave wall mode', { id: 'page.leaveWall' })}
            </button>`
          : nothing
      }`;
  }

  /** The board loads itself; what is asked here, in the same request, is its title and whether it exists. */
  async #load(): Promise<void> {
    const { boardId, client } = this;
    if (client === undefined) return;
    try {
      const { title } = await client.dashboard(boardId);
      if (boardId !== this.boardId) return;
      this.loadedTitle = title;
      this.#tell('apptitle', title);
    } catch (error) {
      if (boardId !== this.boardId) return;
      // Everything else the board says itself, and tries again.
      if (!(error instanceof LuminaError) || error.code !== 'NOT_FOUND') return;
      this.isMissing = true;
      this.#tell('apptitle', notFoundMessage('board').heading);
    }
  }

  #tell(type: string, detail?: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }

  readonly #onChoice = (): void => {
    const board = this.renderRoot.querySelector<ReadableBoard>('lumina-dashboard');
    if (board === null) return;
    const { range, timeZone, variables } = board;
    const view: BoardView = {
      ...(range === '' ? {} : { range }),
      ...(timeZone === '' ? {} : { zone: timeZone }),
      ...(Object.keys(variables).length === 0 ? {} : { variables }),
      isWall: this.wall,
    };
    this.#tell('appview', view);
  };

  readonly #onLeave = (): void => {
    this.#tell('appwall');
  };

  readonly #onPointer = (): void => {
    this.pointing = true;
    clearTimeout(this.#pointingTimer);
    this.#pointingTimer = setTimeout(() => (this.pointing = false), 3000);
  };
}
