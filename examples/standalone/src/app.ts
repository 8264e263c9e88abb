import { LitElement, css, html } from 'lit';
import type { TemplateResult } from 'lit';
import { localized, msg } from '@lit/localize';
import { customElement, property, state } from 'lit/decorators.js';
import { themeStyles } from '@lumina/sdk';
import type { SessionInfo, ThemeName, ThemePreference } from '@lumina/sdk';
import './board.ts';
import './problem-page.ts';
import type { PageProblem } from './problem-page.ts';
import './top-bar.ts';
import type { PageConfig } from './page-config.ts';
import type { SignedIn } from './sign-in.ts';
import { applyTheme, nextTheme, storeTheme, storedTheme } from './theme-choice.ts';

/** What the page is started with; previews and tests give their own. */
export interface PageParts {
  readonly loadConfig: () => Promise<PageConfig>;
  readonly signIn: (config: PageConfig) => Promise<SignedIn>;
  readonly fetch?: typeof fetch;
}

/** The page: signs in, then shows the board of the signed-in territory. */
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
      .starting {
        display: grid;
        place-items: center;
        min-height: 100vh;
        font-size: 14px;
        color: var(--_text-muted);
      }
    `,
  ];

  /** How to get the configuration and a user. */
  @property({ attribute: false }) parts: PageParts | undefined;

  /** The theme that applies. */
  @property({ reflect: true }) theme: ThemeName = 'light';

  @state() private choice: ThemePreference = storedTheme();
  @state() private config: PageConfig | undefined;
  @state() private signedIn: SignedIn | undefined;
  @state() private session: SessionInfo | undefined;
  @state() private problem: PageProblem | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.theme = applyTheme(this.choice);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', this.#onSystemTheme);
    void this.#start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    matchMedia('(prefers-color-scheme: dark)').removeEventListener('change', this.#onSystemTheme);
  }

  protected override render(): TemplateResult {
    if (this.problem !== undefined) {
      return html`<app-problem
        .problem=${this.problem}
        theme=${this.theme}
        @appretry=${this.#onRestart}
      ></app-problem>`;
    }
    if (this.config === undefined || this.signedIn === undefined) {
      return html`<div class="starting" role="status">${msg('Signing in…', { id: 'page.signingIn' })}</div>`;
    }
    return html`
      <lumina-provider
        base-url=${this.config.apiUrl}
        theme=${this.choice}
        locale=${document.documentElement.lang}
        .getToken=${this.signedIn.getToken}
        .fetch=${this.parts?.fetch}
        @luminasession=${this.#onSession}
      >
        <app-top-bar
          theme=${this.theme}
          .choice=${this.choice}
          .userName=${this.signedIn.userName}
          .session=${this.session}
          @apptheme=${this.#onTheme}
          @applogout=${this.#onLogOut}
        ></app-top-bar>
        <app-board theme=${this.theme} .session=${this.session}></app-board>
      </lumina-provider>
    `;
  }

  async #start(): Promise<void> {
    const { parts } = this;
    if (parts === undefined) return;
    try {
      const config = await parts.loadConfig();
      this.signedIn = await parts.signIn(config);
      this.config = config;
    } catch (error) {
      const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'page_failed';
      this.problem = { code, detail: error instanceof Error ? error.message : String(error) };
    }
  }

  readonly #onSystemTheme = (): void => {
    this.theme = applyTheme(this.choice);
  };

  readonly #onTheme = (): void => {
    this.choice = nextTheme(this.choice);
    storeTheme(this.choice);
    this.theme = applyTheme(this.choice);
  };

  readonly #onSession = (event: CustomEvent<SessionInfo>): void => {
    this.session = event.detail;
  };

  readonly #onLogOut = (): void => {
    void this.signedIn?.logOut();
  };

  readonly #onRestart = (): void => {
    location.assign('/');
  };
}

/** Puts the page into the document. */
export function startPage(parts: PageParts): void {
  const root = new AppRoot();
  root.parts = parts;
  document.body.append(root);
}
