import { LitElement, css, html } from 'lit';
import type { TemplateResult } from 'lit';
import { localized, msg } from '@lit/localize';
import { customElement, property, state } from 'lit/decorators.js';
import { resolveTheme, themeStyles, useLanguageOf } from '@lumina/sdk';
import type { ThemeName } from '@lumina/sdk';
import { actingFetch, loadActing, saveActing } from './acting-territory.ts';
import type { ActingTerritory } from './acting-territory.ts';
import './content.ts';
import type { AppContent } from './content.ts';
import './message.ts';
import type { PageConfig } from './page-config.ts';
import { signedOutMessage, startMessage } from './problems.ts';
import type { PageProblem } from './problems.ts';
import { boardPath } from './routes.ts';
import { Router, ownLinkOf } from './router.ts';
import type { Place } from './router.ts';
import { languageOf, loadSettings, localeOf, saveSettings } from './settings.ts';
import type { Settings } from './settings.ts';
import type { SignedIn } from './sign-in.ts';
import { SignOutChannel } from './sign-out-channel.ts';
import { addPageTexts } from './texts-de.ts';
import { readBoardView, writeBoardView } from './url-state.ts';
import type { BoardView } from './url-state.ts';
import { WallMode } from './wall-mode.ts';

/** What the page is started with; previews and tests give their own. */
export interface PageParts {
  readonly loadConfig: () => Promise<PageConfig>;
  readonly signIn: (config: PageConfig) => Promise<SignedIn>;
  readonly fetch?: typeof fetch;
}

/** Set on the way out, so that coming back does not sign in again at once. */
const SIGNED_OUT_KEY = 'lumina.signedOut';
const DARK = '(prefers-color-scheme: dark)';

/** The page: signs in, follows its address, and shows what stands there. */
@customElement('app-root')
@localized()
export class AppRoot extends LitElement {
  static override styles = [
    themeStyles,
    css`
      :host {
        display: block;
        min-height: 100vh;
        background: var(--_page);
      }
      .whole {
        display: grid;
        justify-items: center;
        min-height: 100vh;
        font-size: 14px;
        color: var(--_text-muted);
      }
      .whole > p {
        margin-block-start: 40vh;
      }
    `,
  ];

  /** How to get the configuration and a user. */
  @property({ attribute: false }) parts: PageParts | undefined;

  /** The theme that applies. */
  @property({ reflect: true }) theme: ThemeName = 'light';

  @state() private settings: Settings = loadSettings(localStorage);
  @state() private place: Place;
  @state() private config: PageConfig | undefined;
  @state() private signedIn: SignedIn | undefined;
  @state() private acting: ActingTerritory | undefined = loadActing(sessionStorage);
  @state() private problem: PageProblem | undefined;
  @state() private isSignedOut = sessionStorage.getItem(SIGNED_OUT_KEY) !== null;
  #fetch: typeof fetch | undefined;
  readonly #router = new Router(window, (place) => {
    this.place = place;
  });
  readonly #wall = new WallMode(this, () => {
    this.#setWall(false);
  });

  readonly #signOut = new SignOutChannel(this, () => {
    // Without the provider nothing is asked any more, and its tokens are gone.
    this.#forgetReader();
    this.acting = undefined;
    this.signedIn = undefined;
    this.isSignedOut = true;
  });

  constructor() {
    super();
    addPageTexts();
    this.place = this.#router.place;
    this.addEventListener('click', this.#onClick);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#router.start();
    matchMedia(DARK).addEventListener('change', this.#applySettings);
    this.#applySettings();
    if (!this.isSignedOut) void this.#start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#router.stop();
    matchMedia(DARK).removeEventListener('change', this.#applySettings);
  }

  protected override willUpdate(): void {
    this.#wall.set(this.#isWall());
  }

  protected override updated(): void {
    if (this.config === undefined || this.signedIn === undefined) document.title = 'Lumina';
  }

  protected override render(): TemplateResult {
    if (this.isSignedOut) return this.#whole(signedOutMessage(), this.#onSignIn);
    if (this.problem !== undefined) return this.#whole(startMessage(this.problem), this.#onRestart);
    const { config, signedIn, settings } = this;
    if (config === undefined || signedIn === undefined) {
      return html`<div class="whole" role="main">
        <p role="status">${msg('Signing in…', { id: 'page.signingIn' })}</p>
      </div>`;
    }
    return html`<lumina-provider
      base-url=${config.apiUrl}
      theme=${settings.theme}
      density=${this.#isWall() ? 'wall' : settings.density}
      locale=${this.#locale()}
      time-zone=${settings.timeZone}
      .getToken=${signedIn.getToken}
      .fetch=${this.#fetch}
    >
      <app-content
        .place=${this.place}
        .settings=${settings}
        .locale=${this.#locale()}
        .userName=${signedIn.userName}
        .acting=${this.acting}
        @appsettings=${this.#onSettings}
        @appview=${this.#onView}
        @appwall=${this.#onWall}
        @appsignin=${this.#onSignInAgain}
        @applogout=${this.#onLogOut}
        @appacting=${this.#onActing}
        @appendacting=${this.#onEndActing}
      ></app-content>
    </lumina-provider>`;
  }

  #whole(message: ReturnType<typeof startMessage>, onAction: () => void): TemplateResult {
    return html`<div class="whole" role="main">
      <app-message .message=${message} @appaction=${onAction}></app-message>
    </div>`;
  }

  async #start(): Promise<void> {
    const { parts } = this;
    if (parts === undefined) return;
    try {
      const config = await parts.loadConfig();
      this.#useFetch(config);
      this.signedIn = await parts.signIn(config);
      // Signing in may have brought the reader back to another address.
      this.place = this.#router.place;
      this.config = config;
    } catch (error) {
      const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'page_failed';
      this.problem = { code, detail: error instanceof Error ? error.message : String(error) };
    }
  }

  async #go(path: string): Promise<void> {
    this.#router.go(path);
    window.scrollTo(0, 0);
    await this.updateComplete;
    await this.renderRoot.querySelector<AppContent>('app-content')?.focusPage();
  }

  #useFetch({ apiUrl }: PageConfig): void {
    const plain: typeof fetch = this.parts?.fetch ?? ((input, init) => globalThis.fetch(input, init));
    this.#fetch = this.acting === undefined ? this.parts?.fetch : actingFetch(plain, apiUrl, this.acting);
  }

  readonly #applySettings = (): void => {
    const language = languageOf(this.settings.language, navigator.languages);
    document.documentElement.lang = language;
    this.theme = resolveTheme(this.settings.theme);
    document.documentElement.dataset['theme'] = this.theme;
    void useLanguageOf(language);
  };

  #locale(): string {
    return localeOf(languageOf(this.settings.language, navigator.languages), navigator.languages);
  }

  #isWall(): boolean {
    const { route, search } = this.place;
    return route.page === 'board' && readBoardView(search).isWall && this.signedIn !== undefined;
  }

  #writeView(view: BoardView): void {
    const { route } = this.place;
    if (route.page === 'board') this.#router.replace(`${boardPath(route.id)}${writeBoardView(view)}`);
  }

  #setWall(isWall: boolean): void {
    this.#writeView({ ...readBoardView(this.place.search), isWall });
  }

  readonly #onClick = (event: MouseEvent): void => {
    const path = ownLinkOf(event, location.origin);
    if (path === undefined || this.signedIn === undefined) return;
    event.preventDefault();
    void this.#go(path);
  };

  readonly #onSettings = (event: CustomEvent<Settings>): void => {
    this.settings = event.detail;
    saveSettings(localStorage, this.settings);
    this.#applySettings();
  };

  readonly #onView = (event: CustomEvent<BoardView>): void => {
    this.#writeView(event.detail);
  };

  readonly #onWall = (): void => {
    const isWall = !this.#isWall();
    this.#setWall(isWall);
    if (isWall) void this.#wall.fillScreen();
  };

  readonly #onSignInAgain = (): void => {
    void this.signedIn?.signInAgain();
  };

  readonly #onLogOut = (): void => {
    this.#forgetReader();
    this.#signOut.tell();
    void this.signedIn?.logOut();
  };

  /** So that a reload signs nobody in by itself, and the next reader acts for no other territory. */
  #forgetReader(): void {
    saveActing(sessionStorage, undefined);
    sessionStorage.setItem(SIGNED_OUT_KEY, '1');
  }

  readonly #onActing = (event: CustomEvent<ActingTerritory>): void => {
    this.#act(event.detail);
  };

  readonly #onEndActing = (): void => {
    this.#act(undefined);
  };

  #act(acting: ActingTerritory | undefined): void {
    this.acting = acting;
    saveActing(sessionStorage, acting);
    if (this.config !== undefined) this.#useFetch(this.config);
  }

  readonly #onSignIn = (): void => {
    sessionStorage.removeItem(SIGNED_OUT_KEY);
    this.isSignedOut = false;
    void this.#start();
  };

  readonly #onRestart = (): void => {
    // Without the answer of the identity provider, which would only fail again.
    location.assign(new URLSearchParams(location.search).has('state') ? '/' : location.href);
  };
}

/** Puts the page into the document. */
export function startPage(parts: PageParts): AppRoot {
  const root = new AppRoot();
  root.parts = parts;
  document.body.append(root);
  return root;
}
