import { LitElement, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { localized, msg, str } from '@lit/localize';
import { property, query, state } from 'lit/decorators.js';
import type { QueryRange } from '@lumina/contracts';
import { intervalOf } from '../../client/time-range.ts';
import { zoneName } from '../../i18n/format.ts';
import { baseStyles } from '../../theme/theme-styles.ts';
import { BOARD_ICONS } from './board-icons.ts';
import type { BoardFilter } from './board-variables.ts';
import {
  CALENDAR_CHOICES,
  RELATIVE_RANGES,
  calendarName,
  rangeAttribute,
  rangeWords,
  relativeName,
} from './board-range.ts';
import { refreshChoices, refreshName } from './refresh-choices.ts';
import { liveIcon, liveLevel, liveWord } from './live-words.ts';
import type { LiveMode } from './live-words.ts';
import type { LuminaMenu, MenuGroup } from './menu.ts';
import { toolbarStyles } from './toolbar.styles.ts';
import { instantOf, wallTimeOf } from './zoned-time.ts';
import { zoneGroups } from './zone-choices.ts';

/** What the reader asked for in the toolbar. */
export type BoardChange =
  | { readonly range: QueryRange }
  | { readonly timeZone: string }
  | { readonly refresh: string }
  | { readonly variable: string; readonly picked: string }
  | { readonly action: 'refresh' | 'export' };

const HEADINGS: Readonly<Record<number, (text: string) => TemplateResult>> = {
  1: (text) => html`<h1 class="title" .title=${text}>${text}</h1>`,
  2: (text) => html`<h2 class="title" .title=${text}>${text}</h2>`,
  3: (text) => html`<h3 class="title" .title=${text}>${text}</h3>`,
  4: (text) => html`<h4 class="title" .title=${text}>${text}</h4>`,
};

/**
 * The bar over a board: title, range, zone, refresh, and whether the numbers are live. A part of `<lumina-dashboard>`,
 * not made to stand alone.
 *
 * @summary The bar over a board.
 */
@localized()
export class LuminaToolbar extends LitElement {
  static override styles = [baseStyles, toolbarStyles];

  /** Title of the board. */
  @property({ attribute: false }) heading = '';

  /** More about the board. */
  @property({ attribute: false }) description = '';

  /** Level of the title, 1 to 4. */
  @property({ attribute: false }) headingLevel = 2;

  /** The range that holds. */
  @property({ attribute: false }) range: QueryRange = { last: '1h' };

  /** The reporting zone that holds. */
  @property({ attribute: false }) timeZone = 'UTC';

  /** The zone that holds when nobody chooses. */
  @property({ attribute: false }) ownTimeZone = 'UTC';

  /** Whether the zone is known; until then none is told. */
  @property({ attribute: false }) isZoneKnown = true;

  /** Whether there is a board to choose for. */
  @property({ attribute: false }) hasChoices = true;

  /** The variables of the board. */
  @property({ attribute: false }) filters: readonly BoardFilter[] = [];

  /** `live`, `off` or a duration. */
  @property({ attribute: false }) refresh = 'live';

  /** How news come in. */
  @property({ attribute: false }) mode: LiveMode = 'connecting';

  /** Language of numbers and times. */
  @property({ attribute: false }) locale = 'en';

  /** Told of every wish of the reader. */
  @property({ attribute: false }) onWish: (change: BoardChange) => void = () => undefined;

  @state() private fault = '';
  @query('#range') private rangeMenu: LuminaMenu | undefined;

  protected override render(): TemplateResult {
    const heading = HEADINGS[this.headingLevel] ?? HEADINGS[2];
    return html`
      <div class="about">
        ${this.heading === '' ? nothing : heading?.(this.heading)}
        ${
          this.description === ''
            ? nothing
            : html`<p class="description" .title=${this.description}>${this.description}</p>`
        }
      </div>
      ${this.hasChoices && this.filters.length > 0 ? this.#filters() : nothing}
      ${this.hasChoices ? this.#tools() : nothing}
    `;
  }

  #tools(): TemplateResult {
    return html`<div class="tools" role="group" .ariaLabel=${msg('Time and updates', { id: 'board.toolbar' })}>
      ${this.#refreshMenu()} ${this.#rangeMenu()} ${this.isZoneKnown ? this.#zoneMenu() : nothing}
      ${this.#button('refresh', 'refresh', msg('Refresh now', { id: 'board.refreshNow' }))}
      ${this.#button('export', 'download', msg('Download as CSV', { id: 'board.export' }))}
    </div>`;
  }

  #filters(): TemplateResult {
    return html`<div class="filters" role="group" .ariaLabel=${msg('Filters', { id: 'board.filters' })}>
      ${this.filters.map((filter) => this.#filter(filter))}
    </div>`;
  }

  #filter({ name, label, text, icon, chosen, isMultiple, searchLabel, groups }: BoardFilter): TemplateResult {
    return html`<lumina-menu
      id=${`var-${name}`}
      .label=${label}
      .text=${text}
      .icon=${icon}
      .groups=${groups}
      .value=${chosen[0] ?? ''}
      .chosen=${isMultiple ? chosen : undefined}
      .searchLabel=${searchLabel}
      @change=${(event: Event) => {
        this.onWish({ variable: name, picked: (event.target as LuminaMenu).value });
      }}
    ></lumina-menu>`;
  }

  #rangeMenu(): TemplateResult {
    const groups = (): readonly MenuGroup[] => [
      {
        title: msg('Up to now', { id: 'board.range.relative' }),
        options: RELATIVE_RANGES.map((value) => ({ value, name: relativeName(value, this.locale) })),
      },
      {
        title: msg('Calendar', { id: 'board.range.calendar' }),
        options: CALENDAR_CHOICES.map((value) => ({ value, name: calendarName(value, this.locale) })),
      },
    ];
    return html`<lumina-menu
      id="range"
      .label=${msg('Time range', { id: 'board.range' })}
      .text=${rangeWords(this.range, this.locale, this.timeZone)}
      .icon=${'clock'}
      .hasColumns=${true}
      .groups=${groups}
      .value=${rangeAttribute(this.range)}
      .extra=${this.#customRange()}
      @change=${this.#onRange}
    ></lumina-menu>`;
  }

  #customRange(): TemplateResult {
    const now = Date.now();
    const [from, to] =
      'from' in this.range ? [Date.parse(this.range.from), Date.parse(this.range.to)] : [now - 3_600_000, now];
    return html`<form class="custom" novalidate @submit=${this.#onCustom}>
      <label>
        ${msg('From', { id: 'board.range.from' })}
        <input type="datetime-local" required .defaultValue=${wallTimeOf(from, this.timeZone)} />
      </label>
      <label>
        ${msg('To', { id: 'board.range.to' })}
        <input type="datetime-local" required .defaultValue=${wallTimeOf(to, this.timeZone)} />
      </label>
      <p class="zone">${msg(str`Times of ${this.timeZone}`, { id: 'board.range.zone' })}</p>
      ${this.fault === '' ? nothing : html`<p class="fault" role="alert">${this.fault}</p>`}
      <button class="apply" type="submit">${msg('Apply', { id: 'board.range.apply' })}</button>
    </form>`;
  }

  #zoneMenu(): TemplateResult {
    return html`<lumina-menu
      id="zone"
      .label=${msg('Reporting zone', { id: 'board.zone' })}
      .text=${zoneName(this.timeZone, this.locale, Date.now())}
      .icon=${'globe'}
      .groups=${() => zoneGroups(this.ownTimeZone, this.timeZone, Date.now())}
      .value=${this.timeZone}
      .searchLabel=${msg('Search zones', { id: 'board.zone.search' })}
      @change=${this.#onZone}
    ></lumina-menu>`;
  }

  /** How the board is kept fresh and how that goes are one thing to the reader, so one button says both. */
  #refreshMenu(): TemplateResult {
    const word = this.mode === 'interval' ? refreshName(this.refresh, this.locale) : liveWord(this.mode);
    return html`<lumina-menu
        id="refresh"
        .label=${msg('Updates', { id: 'board.refresh' })}
        .text=${word}
        .icon=${liveIcon(this.mode)}
        .tone=${liveLevel(this.mode)}
        .groups=${() => [{ title: '', options: refreshChoices(this.refresh, this.locale) }]}
        .value=${this.refresh}
        @change=${this.#onRefresh}
      ></lumina-menu>
      <p class="visually-hidden" role="status">${word}</p>`;
  }

  #button(action: 'refresh' | 'export', icon: keyof typeof BOARD_ICONS, words: string): TemplateResult {
    return html`<button
      .className=${`action ${action}`}
      type="button"
      .ariaLabel=${words}
      .title=${words}
      @click=${() => {
        this.onWish({ action });
      }}
    >
      <svg viewBox="0 0 16 16" aria-hidden="true">${BOARD_ICONS[icon]}</svg>
    </button>`;
  }

  readonly #onRange = (event: Event): void => {
    const { value } = event.target as LuminaMenu;
    const calendar = CALENDAR_CHOICES.find((name) => name === value);
    this.fault = '';
    this.onWish({ range: calendar === undefined ? { last: value } : { calendar } });
  };

  readonly #onZone = (event: Event): void => {
    this.onWish({ timeZone: (event.target as LuminaMenu).value });
  };

  readonly #onRefresh = (event: Event): void => {
    this.onWish({ refresh: (event.target as LuminaMenu).value });
  };

  readonly #onCustom = (event: Event): void => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const [from, to] = [...form.querySelectorAll('input')].map(({ value }) => instantOf(value, this.timeZone));
    if (from === undefined || to === undefined) {
      this.fault = msg('Enter both times.', { id: 'board.range.incomplete' });
    } else if (from >= to) {
      this.fault = msg('The end must be after the beginning.', { id: 'board.range.reversed' });
    } else {
      this.fault = '';
      this.rangeMenu?.close();
      this.onWish({ range: intervalOf(from, to) });
    }
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'lumina-toolbar': LuminaToolbar;
  }
}
