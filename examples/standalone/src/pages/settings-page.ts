import { LitElement, css, html } from 'lit';
import type { TemplateResult } from 'lit';
import { localized, msg, str } from '@lit/localize';
import { customElement, property } from 'lit/decorators.js';
import type { SessionInfo } from '@lumina/sdk';
import { fieldStyles, pageStyles } from '../page-styles.ts';
import { DEFAULT_SETTINGS, DENSITIES, LANGUAGES, THEMES } from '../settings.ts';
import type { DensityChoice, LanguageChoice, Settings, ThemeChoice } from '../settings.ts';
import { choiceStyles, swatch } from './choices.ts';
import { roleName } from './role-names.ts';
import { zoneChoices } from './zone-choices.ts';

/** What a person chooses for this device: looks, language, zone. Applied and remembered at once. */
@customElement('app-settings-page')
@localized()
export class AppSettingsPage extends LitElement {
  static override styles = [
    pageStyles,
    fieldStyles,
    choiceStyles,
    css`
      :host {
        display: block;
        max-width: 768px;
        margin: 0 auto;
        padding: 24px;
      }
      .intro {
        margin-block-end: 16px;
        font-size: 13px;
        line-height: 18px;
        color: var(--_text-muted);
      }
      section {
        display: grid;
        gap: 16px;
        margin-block-end: 12px;
        padding: 16px;
        border: 1px solid var(--_border);
        border-radius: 8px;
        background: var(--_tile);
      }
      dl {
        display: grid;
        grid-template-columns: max-content minmax(0, 1fr);
        gap: 8px 24px;
        margin: 0;
        font-size: 14px;
        line-height: 20px;
      }
      dt {
        color: var(--_text-muted);
      }
      dd {
        margin: 0;
        overflow-wrap: anywhere;
        color: var(--_text-strong);
      }
      .pair {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 240px), 1fr));
        gap: 16px;
      }
      .button {
        justify-self: start;
      }
      @media (max-width: 639px) {
        :host {
          padding: 16px 12px;
        }
      }
    `,
  ];

  /** What is chosen. */
  @property({ attribute: false }) settings: Settings = DEFAULT_SETTINGS;

  /** Who is signed in, and where. */
  @property({ attribute: false }) session: SessionInfo | undefined;

  /** Name of the person. */
  @property({ attribute: false }) userName = '';

  /** Language of the names of zones. */
  @property({ attribute: false }) locale = 'en';

  /** Moves the reading position to the heading. */
  focusHeading(): void {
    this.renderRoot.querySelector<HTMLElement>('h1')?.focus();
  }

  protected override render(): TemplateResult {
    return html`
      <h1 tabindex="-1">${msg('Settings', { id: 'page.settings' })}</h1>
      <p class="intro">${msg('They apply at once and are kept on this device.', { id: 'page.settings.intro' })}</p>
      ${this.#looks()} ${this.#words()} ${this.#account()}
    `;
  }

  #looks(): TemplateResult {
    const themes: Readonly<Record<ThemeChoice, string>> = {
      auto: msg('Like the system', { id: 'page.theme.auto' }),
      light: msg('Light', { id: 'page.theme.light' }),
      dark: msg('Dark', { id: 'page.theme.dark' }),
      contrast: msg('High contrast', { id: 'page.theme.contrast' }),
    };
    const densities: Readonly<Record<DensityChoice, string>> = {
      comfortable: msg('Comfortable', { id: 'page.density.comfortable' }),
      compact: msg('Compact', { id: 'page.density.compact' }),
    };
    return html`<section>
      <h2>${msg('Appearance', { id: 'page.appearance' })}</h2>
      <fieldset>
        <legend>${msg('Theme', { id: 'page.theme' })}</legend>
        <div class="choices">${THEMES.map((theme) => this.#choice('theme', theme, themes[theme], swatch(theme)))}</div>
      </fieldset>
      <fieldset>
        <legend>${msg('Density of boards', { id: 'page.density' })}</legend>
        <div class="choices">
          ${DENSITIES.map((density) => this.#choice('density', density, densities[density], swatch(density)))}
        </div>
      </fieldset>
    </section>`;
  }

  #choice(name: 'theme' | 'density', value: string, label: string, drawing: TemplateResult): TemplateResult {
    return html`<label class="choice">
      <input
        type="radio"
        .name=${name}
        .value=${value}
        .checked=${this.settings[name] === value}
        @change=${() => {
          this.#change({ [name]: value });
        }}
      />
      ${drawing}
      <span>${label}</span>
    </label>`;
  }

  #words(): TemplateResult {
    const languages: Readonly<Record<LanguageChoice, string>> = {
      auto: msg('Like the browser', { id: 'page.language.auto' }),
      en: 'English',
      de: 'Deutsch',
    };
    const own = (this.session?.timeZone ?? 'UTC').replaceAll('_', ' ');
    const { language, timeZone } = this.settings;
    return html`<section>
      <h2>${msg('Language and time', { id: 'page.languageAndTime' })}</h2>
      <div class="pair">
        <label class="field">
          <span class="name">${msg('Language', { id: 'page.language' })}</span>
          <select @change=${this.#onLanguage}>
            ${LANGUAGES.map(
              (value) => html`<option .value=${value} ?selected=${value === language}>${languages[value]}</option>`,
            )}
          </select>
        </label>
        <label class="field">
          <span class="name">${msg('Time zone', { id: 'page.zone' })}</span>
          <select @change=${this.#onZone}>
            <option value="" ?selected=${timeZone === ''}>
              ${msg(str`The territory’s (${own})`, { id: 'page.zone.own' })}
            </option>
            ${zoneChoices(timeZone).map(
              ({ area, zones }) =>
                html`<optgroup .label=${area}>
                  ${zones.map(
                    ({ zone, name }) => html`<option .value=${zone} ?selected=${zone === timeZone}>${name}</option>`,
                  )}
                </optgroup>`,
            )}
          </select>
          <span class="hint">
            ${msg('“Today” and the times on a board follow it. A board may be shown in another one.', {
              id: 'page.zone.hint',
            })}
          </span>
        </label>
      </div>
    </section>`;
  }

  #account(): TemplateResult {
    const { session } = this;
    return html`<section>
      <h2>${msg('Account', { id: 'page.account' })}</h2>
      <dl>
        <dt>${msg('Signed in as', { id: 'page.user' })}</dt>
        <dd>${this.userName || session?.userName || '–'}</dd>
        <dt>${msg('Territory', { id: 'page.territory' })}</dt>
        <dd>${session?.territoryName ?? '–'}</dd>
        <dt>${msg('Region', { id: 'page.region' })}</dt>
        <dd>${session?.regionName ?? '–'}</dd>
        <dt>${msg('Role', { id: 'page.role' })}</dt>
        <dd>${session?.roles.map(roleName).join(', ') ?? '–'}</dd>
      </dl>
      <button class="button" type="button" @click=${this.#onLogOut}>${msg('Sign out', { id: 'page.signOut' })}</button>
    </section>`;
  }

  #change(part: Partial<Settings>): void {
    const detail: Settings = { ...this.settings, ...part };
    this.dispatchEvent(new CustomEvent('appsettings', { detail, bubbles: true, composed: true }));
  }

  readonly #onLanguage = (event: Event): void => {
    const { value } = event.target as HTMLSelectElement;
    this.#change({ language: LANGUAGES.find((one) => one === value) ?? 'auto' });
  };

  readonly #onZone = (event: Event): void => {
    this.#change({ timeZone: (event.target as HTMLSelectElement).value });
  };

  readonly #onLogOut = (): void => {
    this.dispatchEvent(new CustomEvent('applogout', { bubbles: true, composed: true }));
  };
}
