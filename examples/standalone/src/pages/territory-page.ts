import { LitElement, css, html } from 'lit';
import type { TemplateResult } from 'lit';
import { localized, msg } from '@lit/localize';
import { customElement, property } from 'lit/decorators.js';
import { REGIONS } from '@lumina/sdk';
import { asHeaderText } from '../acting-territory.ts';
import type { ActingTerritory } from '../acting-territory.ts';
import { fieldStyles, pageStyles } from '../page-styles.ts';

/** Where somebody who belongs to no territory names the one to look at, and why. */
@customElement('app-territory-page')
@localized()
export class AppTerritoryPage extends LitElement {
  static override styles = [
    pageStyles,
    fieldStyles,
    css`
      :host {
        display: grid;
        place-items: center;
        min-height: 100vh;
        padding: 24px 16px;
      }
      form {
        display: grid;
        gap: 16px;
        width: 100%;
        max-width: 440px;
        padding: 24px;
        border: 1px solid var(--_border);
        border-radius: 8px;
        background: var(--_tile);
      }
      .intro {
        margin-block-start: 4px;
        font-size: 14px;
        line-height: 20px;
        color: var(--_text);
      }
      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: 12px;
      }
    `,
  ];

  /** What was named before. */
  @property({ attribute: false }) acting: ActingTerritory | undefined;

  /** Moves the reading position to the heading. */
  focusHeading(): void {
    this.renderRoot.querySelector<HTMLElement>('h1')?.focus();
  }

  protected override render(): TemplateResult {
    const { acting } = this;
    return html`<form @submit=${this.#onSubmit}>
      <div>
        <h1 tabindex="-1">${msg('Which territory?', { id: 'page.acting.title' })}</h1>
        <p class="intro">
          ${msg('Your account belongs to none. What you look at is recorded, and its administrators see it.', {
            id: 'page.acting.text',
          })}
        </p>
      </div>
      <label class="field">
        <span class="name">${msg('Territory number', { id: 'page.acting.territory' })}</span>
        <input
          name="territory"
          inputmode="numeric"
          autocomplete="off"
          pattern="0|[1-9][0-9]{0,9}"
          required
          .defaultValue=${acting === undefined ? '' : String(acting.territoryId)}
        />
      </label>
      <label class="field">
        <span class="name">${msg('Region', { id: 'page.region' })}</span>
        <select name="region">
          ${Object.values(REGIONS).map(
            ({ id, name }) => html`<option .value=${String(id)} ?selected=${id === acting?.regionId}>${name}</option>`,
          )}
        </select>
      </label>
      <label class="field">
        <span class="name">${msg('Reason', { id: 'page.acting.reason' })}</span>
        <input name="reason" autocomplete="off" maxlength="500" required .defaultValue=${acting?.reason ?? ''} />
        <span class="hint">${msg('For example the number of a ticket.', { id: 'page.acting.hint' })}</span>
      </label>
      <div class="actions">
        <button class="button primary" type="submit">${msg('Show this territory', { id: 'page.acting.show' })}</button>
        <button class="button" type="button" @click=${this.#onLogOut}>
          ${msg('Sign out', { id: 'page.signOut' })}
        </button>
      </div>
    </form>`;
  }

  readonly #onSubmit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const values = new FormData(form);
    const text = (name: string): string => {
      const value = values.get(name);
      return typeof value === 'string' ? value.trim() : '';
    };
    const reason = asHeaderText(text('reason'));
    const field = form.elements.namedItem('reason') as HTMLInputElement;
    field.setCustomValidity(
      reason === '' ? msg('Write it in Latin letters or digits.', { id: 'page.acting.latin' }) : '',
    );
    if (!form.reportValidity()) {
      field.setCustomValidity('');
      return;
    }
    const detail: ActingTerritory = {
      territoryId: Number(text('territory')),
      regionId: Number(text('region')),
      reason,
    };
    this.dispatchEvent(new CustomEvent('appacting', { detail, bubbles: true, composed: true }));
  };

  readonly #onLogOut = (): void => {
    this.dispatchEvent(new CustomEvent('applogout', { bubbles: true, composed: true }));
  };
}
