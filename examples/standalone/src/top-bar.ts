import { LitElement, css, html, nothing, svg } from 'lit';
import type { SVGTemplateResult, TemplateResult } from 'lit';
import { localized, msg } from '@lit/localize';
import { customElement, property } from 'lit/decorators.js';
import { themeStyles } from '@lumina/sdk';
import type { SessionInfo, ThemeName, ThemePreference } from '@lumina/sdk';

const THEME_ICONS: Readonly<Record<ThemePreference, SVGTemplateResult>> = {
  auto: svg`<circle cx="8" cy="8" r="5.5"></circle><path d="M8 2.5a5.5 5.5 0 0 1 0 11z" fill="currentColor"></path>`,
  light: svg`<circle cx="8" cy="8" r="3"></circle><path d="M8 1.5v1.6M8 12.9v1.6M1.5 8h1.6M12.9 8h1.6M3.4 3.4l1.1 1.1M11.5 11.5l1.1 1.1M3.4 12.6l1.1-1.1M11.5 4.5l1.1-1.1"></path>`,
  dark: svg`<path d="M13 9.6A5.6 5.6 0 0 1 6.4 3 5.6 5.6 0 1 0 13 9.6z"></path>`,
};

/** The bar over the board: whose numbers these are, the theme, the way out. */
@customElement('app-top-bar')
@localized()
export class AppTopBar extends LitElement {
  static override styles = [
    themeStyles,
    css`
      :host {
        position: sticky;
        inset-block-start: 0;
        z-index: 5;
        display: block;
        border-block-end: 1px solid var(--_border);
        background: var(--_tile);
      }
      .bar {
        display: flex;
        align-items: center;
        gap: 12px;
        box-sizing: border-box;
        min-height: 52px;
        padding: 6px 24px;
      }
      .brand {
        display: flex;
        align-items: center;
        gap: 8px;
        font-size: 16px;
        font-weight: 600;
        letter-spacing: -0.01em;
        color: var(--_text-strong);
      }
      .brand svg {
        width: 24px;
        height: 24px;
      }
      .brand rect {
        fill: var(--_accent);
      }
      .brand path {
        stroke: var(--_on-accent);
      }
      .place {
        display: flex;
        min-width: 0;
        align-items: baseline;
        gap: 8px;
        padding-inline-start: 12px;
        border-inline-start: 1px solid var(--_border);
        font-size: 14px;
        line-height: 20px;
        white-space: nowrap;
      }
      .territory {
        overflow: hidden;
        text-overflow: ellipsis;
        color: var(--_text-strong);
      }
      .region,
      .user {
        font-size: 13px;
        color: var(--_text-muted);
      }
      .end {
        display: flex;
        min-width: 0;
        align-items: center;
        gap: 8px;
        margin-inline-start: auto;
      }
      .user {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }
      button {
        display: inline-flex;
        flex: none;
        align-items: center;
        justify-content: center;
        gap: 6px;
        min-width: 36px;
        min-height: 36px;
        padding: 0 10px;
        border: 1px solid transparent;
        border-radius: 6px;
        background: transparent;
        font: 600 13px/18px var(--_font);
        color: var(--_text);
        cursor: pointer;
      }
      button:hover {
        background: var(--_inset);
      }
      button:focus-visible {
        outline: 2px solid var(--_accent);
        outline-offset: 1px;
      }
      button svg {
        width: 16px;
        height: 16px;
        fill: none;
        stroke: currentColor;
        stroke-width: 1.4;
        stroke-linecap: round;
      }
      @media (max-width: 720px) {
        .bar {
          gap: 8px;
          padding: 6px 12px;
        }
        .region,
        .user,
        .name {
          display: none;
        }
        .end {
          gap: 0;
        }
      }
    `,
  ];

  /** The page's theme. */
  @property({ reflect: true }) theme: ThemeName = 'light';

  /** What the person chose. */
  @property({ attribute: false }) choice: ThemePreference = 'auto';

  /** Name of the person. */
  @property({ attribute: false }) userName = '';

  /** Whose numbers these are. */
  @property({ attribute: false }) session: SessionInfo | undefined;

  protected override render(): TemplateResult {
    const label = this.#themeLabel();
    return html`<header class="bar">
      <span class="brand">
        <svg viewBox="0 0 32 32" aria-hidden="true">
          <rect width="32" height="32" rx="7"></rect>
          <path
            d="M8 21l5-7 4 4 7-9"
            fill="none"
            stroke-width="3"
            stroke-linecap="round"
            stroke-linejoin="round"
          ></path>
        </svg>
        <span class="name">Lumina</span>
      </span>
      ${
        this.session === undefined
          ? nothing
          : html`<span class="place">
              <span class="territory">${this.session.territoryName}</span>
              <span class="region">${this.session.regionName}</span>
            </span>`
      }
      <span class="end">
        <span class="user">${this.userName}</span>
        <button type="button" .title=${label} .ariaLabel=${label} @click=${this.#onTheme}>
          <svg viewBox="0 0 16 16" aria-hidden="true">${THEME_ICONS[this.choice]}</svg>
        </button>
        <button type="button" @click=${this.#onLogOut}>${msg('Log out', { id: 'action.logOut' })}</button>
      </span>
    </header>`;
  }

  #themeLabel(): string {
    switch (this.choice) {
      case 'auto':
        return msg('Theme: like the system', { id: 'theme.auto' });
      case 'light':
        return msg('Theme: light', { id: 'theme.light' });
      case 'dark':
        return msg('Theme: dark', { id: 'theme.dark' });
    }
  }

  readonly #onTheme = (): void => {
    this.dispatchEvent(new CustomEvent('apptheme', { bubbles: true, composed: true }));
  };

  readonly #onLogOut = (): void => {
    this.dispatchEvent(new CustomEvent('applogout', { bubbles: true, composed: true }));
  };
}
