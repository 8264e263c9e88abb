import { LitElement, css, html } from 'lit';
import type { TemplateResult } from 'lit';
import { localized, msg } from '@lit/localize';
import { customElement, property } from 'lit/decorators.js';
import { themeStyles } from '@lumina/sdk';
import type { ThemeName } from '@lumina/sdk';

/** Why the page could not start. */
export interface PageProblem {
  readonly code: string;
  readonly detail: string;
}

/** A whole page for what stands before any tile: no configuration, no sign-in. */
@customElement('app-problem')
@localized()
export class AppProblem extends LitElement {
  static override styles = [
    themeStyles,
    css`
      :host {
        display: grid;
        place-items: center;
        min-height: 100vh;
        padding: 24px;
        box-sizing: border-box;
      }
      section {
        max-width: 440px;
        padding: 24px;
        border: 1px solid var(--_border);
        border-radius: 8px;
        background: var(--_tile);
        font-size: 14px;
        line-height: 20px;
      }
      svg {
        width: 24px;
        height: 24px;
        color: var(--_critical);
      }
      h1 {
        margin: 8px 0 4px;
        font-size: 20px;
        line-height: 28px;
        color: var(--_text-strong);
      }
      p {
        margin: 0 0 12px;
      }
      .code {
        font-size: 12px;
        line-height: 16px;
        color: var(--_text-muted);
        overflow-wrap: anywhere;
      }
      button {
        min-height: 36px;
        padding: 6px 16px;
        border: 0;
        border-radius: 6px;
        background: var(--_accent);
        font: 600 14px/20px var(--_font);
        color: var(--_on-accent);
        cursor: pointer;
      }
      button:focus-visible {
        outline: 2px solid var(--_accent);
        outline-offset: 2px;
      }
    `,
  ];

  /** What happened. */
  @property({ attribute: false }) problem: PageProblem | undefined;

  /** The page's theme. */
  @property({ reflect: true }) theme: ThemeName = 'light';

  protected override render(): TemplateResult {
    const isConfig = this.problem?.code === 'page_not_configured';
    return html`<section role="alert">
      <svg viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.3" aria-hidden="true">
        <path d="M8 2.2L14.3 13H1.7zM8 6.5v3M8 11.2v.1" stroke-linecap="round" stroke-linejoin="round"></path>
      </svg>
      <h1>
        ${
          isConfig
            ? msg('Lumina is not set up here', { id: 'problem.config.title' })
            : msg('Signing in did not work', { id: 'problem.signIn.title' })
        }
      </h1>
      <p>
        ${
          isConfig
            ? msg('The page has no identity provider. Whoever runs it has to complete its configuration.', {
                id: 'problem.config.text',
              })
            : msg('The identity provider did not let you in, or could not be reached. Try once more.', {
                id: 'problem.signIn.text',
              })
        }
      </p>
      <p class="code">${this.problem?.code} · ${this.problem?.detail}</p>
      <button type="button" @click=${this.#onRetry}>${msg('Try again', { id: 'action.retry' })}</button>
    </section>`;
  }

  readonly #onRetry = (): void => {
    this.dispatchEvent(new CustomEvent('appretry', { bubbles: true, composed: true }));
  };
}
