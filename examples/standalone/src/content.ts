import { ContextConsumer } from '@lit/context';
import { LitElement, html, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { localized, msg, str } from '@lit/localize';
import { customElement, property, state } from 'lit/decorators.js';
import { luminaContext } from '@lumina/sdk';
import type { LuminaScope, SessionInfo } from '@lumina/sdk';
import type { ActingTerritory } from './acting-territory.ts';
import { BoardList } from './board-list.ts';
import { contentStyles } from './content.styles.ts';
import './message.ts';
import { pageStyles } from './page-styles.ts';
import './pages/board-page.ts';
import './pages/list-page.ts';
import './pages/settings-page.ts';
import './pages/territory-page.ts';
import { notFoundMessage, sessionMessage } from './problems.ts';
import './rail.ts';
import type { Place } from './router.ts';
import { DEFAULT_SETTINGS } from './settings.ts';
import type { Settings } from './settings.ts';
import { readBoardView, writeBoardView } from './url-state.ts';

/** A page that can take the reading position. */
type Page = HTMLElement & { focusHeading?: () => boolean | undefined; updateComplete?: Promise<unknown> };

/** Everything a signed-in person sees: rail, banners, and the page of the address. */
@customElement('app-content')
@localized()
export class AppContent extends LitElement {
  static override styles = [pageStyles, contentStyles];

  /** Where the reader is. */
  @property({ attribute: false }) place: Place = { route: { page: 'list' }, search: '' };

  /** What the person chose. */
  @property({ attribute: false }) settings: Settings | undefined;

  /** Language of numbers and times. */
  @property({ attribute: false }) locale = 'en';

  /** Name of the person. */
  @property({ attribute: false }) userName = '';

  /** The territory somebody without one acts in. */
  @property({ attribute: false }) acting: ActingTerritory | undefined;

  @state() private scope: LuminaScope | undefined;
  @state() private isSignedOut = false;
  @state() private boardTitle = '';
  /** Kept while the session is asked for again: a board is not torn down for that. */
  #session: SessionInfo | undefined;
  readonly #list = new BoardList(this);

  constructor() {
    super();
    new ContextConsumer(this, {
      context: luminaContext,
      subscribe: true,
      callback: (scope) => {
        this.scope = scope;
      },
    });
    this.addEventListener('luminaerror', this.#onError);
    this.addEventListener('luminanavigate', this.#onNavigate);
  }

  /** Moves the reading position to the new page, for those who cannot see that it changed. */
  async focusPage(): Promise<void> {
    await this.updateComplete;
    const page = this.renderRoot.querySelector<Page>('.page');
    await page?.updateComplete;
    // A board whose title is not known yet is focused as a whole.
    if (page?.focusHeading === undefined || page.focusHeading() === false) this.#main()?.focus();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const { scope } = this;
    if (scope?.session !== undefined && scope.session !== this.#session) {
      this.#session = scope.session;
      this.isSignedOut = false;
      this.#list.use(scope.client);
    }
    if (scope?.sessionError?.code === 'AUTH_REQUIRED') this.isSignedOut = true;
    if (changed.has('place') && this.place.route.page !== 'board') this.boardTitle = '';
  }

  protected override updated(): void {
    const parts = [this.#title(), this.#session?.territoryName ?? '', 'Lumina'];
    document.title = parts.filter((part) => part !== '').join(' · ');
  }

  protected override render(): TemplateResult {
    const error = this.#session === undefined ? this.scope?.sessionError : undefined;
    if (error?.problem === 'territory_required') {
      return html`<div role="main">
        <app-territory-page class="page" .acting=${this.acting}></app-territory-page>
      </div>`;
    }
    if (error !== undefined) {
      return html`<div role="main" class="whole">
        <app-message
          class="page"
          .message=${sessionMessage(error)}
          @appaction=${error.code === 'AUTH_REQUIRED' ? this.#onSignIn : this.#onRetry}
        ></app-message>
        ${this.acting === undefined ? nothing : this.#endActing()}
      </div>`;
    }
    return this.#shell();
  }

  #shell(): TemplateResult {
    const { route, search } = this.place;
    const { range, zone, isWall } = readBoardView(search);
    const isBare = route.page === 'board' && isWall;
    const kept = writeBoardView({
      ...(range === undefined ? {} : { range }),
      ...(zone === undefined ? {} : { zone }),
      isWall: false,
    });
    return html`${
        isBare
          ? nothing
          : html`<app-rail
              .route=${route}
              .boards=${this.#list.boards ?? []}
              .kept=${kept}
              @appskip=${this.#onSkip}
            ></app-rail>`
      }
      <div
        role="main"
        id="content"
        tabindex="-1"
        .className=${isBare ? 'bare' : 'beside-rail'}
        .ariaLabel=${this.#title()}
      >
        ${this.isSignedOut ? this.#signedOut() : nothing} ${this.acting === undefined ? nothing : this.#actingBar()}
        ${this.#page()}
      </div>`;
  }

  #page(): TemplateResult {
    const { route, search } = this.place;
    const { scope } = this;
    switch (route.page) {
      case 'list':
        return html`<app-list-page
          class="page"
          .boards=${this.#list.boards}
          .error=${this.#list.error}
          .session=${this.#session}
          .client=${scope?.client}
          .locale=${this.locale}
          .timeZone=${this.#timeZone()}
          @appaction=${this.#onReload}
        ></app-list-page>`;
      case 'board':
        return html`<app-board-page
          class="page"
          .boardId=${route.id}
          .view=${readBoardView(search)}
          .knownTitle=${this.#list.boards?.find(({ id }) => id === route.id)?.title ?? ''}
          .client=${scope?.session === undefined ? undefined : scope.client}
          @apptitle=${this.#onTitle}
        ></app-board-page>`;
      case 'settings':
        return html`<app-settings-page
          class="page"
          .settings=${this.settings ?? DEFAULT_SETTINGS}
          .session=${this.#session}
          .userName=${this.userName}
          .locale=${this.locale}
        ></app-settings-page>`;
      case 'not-found':
        return html`<app-message class="page" .message=${notFoundMessage('page')}></app-message>`;
    }
  }

  #signedOut(): TemplateResult {
    return html`<div class="banner critical" role="alert">
      <p>${msg('Your session has ended: numbers are no longer updated.', { id: 'page.sessionEnded' })}</p>
      <button class="button" type="button" @click=${this.#onSignIn}>
        ${msg('Sign in again', { id: 'page.signInAgain' })}
      </button>
    </div>`;
  }

  #actingBar(): TemplateResult {
    const { acting } = this;
    const name = this.#session?.territoryName ?? String(acting?.territoryId ?? '');
    const reason = acting?.reason ?? '';
    return html`<div class="banner">
      <p>${msg(str`You are looking at ${name}: ${reason}`, { id: 'page.acting.now' })}</p>
      ${this.#endActing()}
    </div>`;
  }

  #endActing(): TemplateResult {
    return html`<button class="button" type="button" @click=${this.#onEndActing}>
      ${msg('Another territory', { id: 'page.acting.end' })}
    </button>`;
  }

  #title(): string {
    switch (this.place.route.page) {
      case 'list':
        return msg('Dashboards', { id: 'page.boards' });
      case 'board':
        return this.boardTitle;
      case 'settings':
        return msg('Settings', { id: 'page.settings' });
      case 'not-found':
        return notFoundMessage('page').heading;
    }
  }

  #timeZone(): string {
    return this.settings?.timeZone || this.#session?.timeZone || 'UTC';
  }

  #main(): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>('[role="main"]');
  }

  #tell(type: string): void {
    this.dispatchEvent(new CustomEvent(type, { bubbles: true, composed: true }));
  }

  readonly #onSkip = (): void => {
    this.#main()?.focus();
  };

  readonly #onError = (event: HTMLElementEventMap['luminaerror']): void => {
    if (event.detail.code === 'AUTH_REQUIRED') this.isSignedOut = true;
  };

  /** A tile asks for what only this page can do: the way to the identity provider and back to where the reader is. */
  readonly #onNavigate = (event: HTMLElementEventMap['luminanavigate']): void => {
    if (event.detail.kind !== 'sign-in') return;
    event.preventDefault();
    this.#onSignIn();
  };

  readonly #onTitle = (event: CustomEvent<string>): void => {
    this.boardTitle = event.detail;
  };

  readonly #onRetry = (): void => {
    this.scope?.retry();
  };

  readonly #onReload = (): void => {
    if (this.#list.error?.code === 'AUTH_REQUIRED') this.#onSignIn();
    else void this.#list.load();
  };

  readonly #onSignIn = (): void => {
    this.#tell('appsignin');
  };

  readonly #onEndActing = (): void => {
    this.#session = undefined;
    this.#tell('appendacting');
  };
}
