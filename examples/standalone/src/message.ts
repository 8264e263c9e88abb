import { LitElement, css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { ICONS } from './icons.ts';
import type { IconName } from './icons.ts';
import { pageStyles } from './page-styles.ts';

/** What stands where content cannot: what it means, what to do, and one button. */
export interface PageMessage {
  readonly icon: IconName;
  readonly tone?: 'critical' | 'good';
  readonly heading: string;
  readonly text: string;
  /** For whoever is asked for help: a stable code, the words of the service, the request's id. */
  readonly code?: string;
  readonly action?: string;
  /** Where the button leads; without it the button fires `appaction`. */
  readonly href?: string;
  /** A second way on, which fires `applogout`. */
  readonly wayOut?: string;
  /** Read out at once, since it came unasked. */
  readonly isAlert?: boolean;
}

/** An icon, a sentence of what it means, one of what to do, one button. */
@customElement('app-message')
export class AppMessage extends LitElement {
  static override styles = [
    pageStyles,
    css`
      :host {
        display: grid;
        place-items: center;
        padding: 20vh 16px 48px;
      }
      :host([nested]) {
        padding-block-start: 48px;
      }
      section {
        display: grid;
        justify-items: center;
        max-width: 440px;
        text-align: center;
        font-size: 14px;
        line-height: 20px;
        color: var(--_text);
      }
      .badge {
        display: grid;
        place-items: center;
        width: 48px;
        height: 48px;
        margin-bottom: 16px;
        border-radius: 50%;
        border: 1px solid var(--_border);
        background: var(--_tile);
        color: var(--_text-muted);
      }
      .badge.critical,
      .badge.good {
        border-color: currentColor;
      }
      .badge.critical {
        background: var(--_critical-surface);
        color: var(--_critical);
      }
      .badge.good {
        background: var(--_good-surface);
        color: var(--_good);
      }
      .badge .icon {
        width: 24px;
        height: 24px;
      }
      .text {
        margin-top: 4px;
      }
      .code {
        margin-top: 12px;
        padding: 4px 8px;
        border-radius: 4px;
        border: 1px solid var(--_border);
        font-size: 12px;
        line-height: 16px;
        color: var(--_text-muted);
        overflow-wrap: anywhere;
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        justify-content: center;
        gap: 12px;
        margin-top: 24px;
      }
    `,
  ];

  /** What to say. */
  @property({ attribute: false }) message: PageMessage | undefined;

  /** Whether this is the page, whose heading is its own, or a part of one. */
  @property({ type: Boolean, reflect: true }) nested = false;

  /** Moves the reading position to the heading. */
  focusHeading(): void {
    this.renderRoot.querySelector<HTMLElement>('h1')?.focus();
  }

  protected override render(): TemplateResult {
    const { message } = this;
    if (message === undefined) return html``;
    return html`<section .role=${message.isAlert === true ? 'alert' : null}>
      <div .className=${`badge ${message.tone ?? ''}`}>
        <svg class="icon" viewBox="0 0 20 20" aria-hidden="true">${ICONS[message.icon]}</svg>
      </div>
      ${this.nested ? html`<h2>${message.heading}</h2>` : html`<h1 tabindex="-1">${message.heading}</h1>`}
      <p class="text">${message.text}</p>
      ${message.code === undefined ? nothing : html`<p class="code">${message.code}</p>`}
      <div class="actions">${this.#button(message)} ${this.#wayOut(message)}</div>
    </section>`;
  }

  #button({ action, href }: PageMessage): TemplateResult | typeof nothing {
    if (action === undefined) return nothing;
    if (href !== undefined) return html`<a class="button primary" .href=${href}>${action}</a>`;
    return html`<button class="button primary" type="button" @click=${this.#onAction}>${action}</button>`;
  }

  #wayOut({ wayOut }: PageMessage): TemplateResult | typeof nothing {
    if (wayOut === undefined) return nothing;
    return html`<button class="button" type="button" @click=${this.#onWayOut}>${wayOut}</button>`;
  }

  readonly #onWayOut = (): void => {
    this.dispatchEvent(new CustomEvent('applogout', { bubbles: true, composed: true }));
  };

  readonly #onAction = (): void => {
    this.dispatchEvent(new CustomEvent('appaction', { bubbles: true, composed: true }));
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'app-message': AppMessage;
  }
}
