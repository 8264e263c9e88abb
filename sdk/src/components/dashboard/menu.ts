import { LitElement, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { localized, msg } from '@lit/localize';
import { property, query, state } from 'lit/decorators.js';
import { baseStyles } from '../../theme/theme-styles.ts';
import { BOARD_ICONS } from './board-icons.ts';
import type { BoardIcon } from './board-icons.ts';
import { menuStyles } from './menu.styles.ts';

/** One choice of a menu. */
export interface MenuOption {
  readonly value: string;
  readonly name: string;
  /** Small text at the end, e.g. the offset of a zone; asked only for what is shown. */
  readonly detail?: () => string;
}

/** Choices under a heading; shown always, or (`isFound`) only as hits of a search. */
export interface MenuGroup {
  readonly title: string;
  readonly options: readonly MenuOption[];
  readonly isFound?: boolean;
}

/** How many hits of a search are shown; more would not be read. */
const MAX_HITS = 40;
const EDGE_PX = 8;

/**
 * A button that opens a list of choices: arrow keys, Home and End move, Enter or Space chooses, Escape closes and gives
 * the focus back. Where several choices may hold, each press picks one and the list stays open. A part of the dashboard's toolbar, not made to stand alone.
 *
 * @summary A button with a list of choices.
 * @fires change - A choice was picked; `value` says which.
 * @csspart button - The button.
 * @csspart panel - What it opens.
 */
@localized()
export class LuminaMenu extends LitElement {
  static override styles = [baseStyles, menuStyles];

  /** What is chosen here, for the accessible name. */
  @property({ attribute: false }) label = '';

  /** What the button shows. */
  @property({ attribute: false }) text = '';

  /** Picture of the button. */
  @property({ attribute: false }) icon: BoardIcon = 'clock';

  /** Gives the choices; asked only while the list is open. */
  @property({ attribute: false }) groups: () => readonly MenuGroup[] = () => [];

  /** The choice that holds; where several may, the one that was picked last. */
  @property({ attribute: false }) value = '';

  /** All choices that hold, where several may: each press picks one, and the list stays open. */
  @property({ attribute: false }) chosen: readonly string[] | undefined;

  /** How the button is coloured: all is well, something is wrong, or neither. */
  @property({ attribute: false }) tone: 'good' | 'warning' | 'calm' = 'calm';

  /** Whether the groups stand side by side. */
  @property({ attribute: false }) hasColumns = false;

  /** Name of the search field; empty for none. */
  @property({ attribute: false }) searchLabel = '';

  /** More below the list, e.g. a form; its own handlers close the menu when done. */
  @property({ attribute: false }) extra: TemplateResult | undefined;

  /** Whether the list is open; set by the menu. */
  @property({ type: Boolean, reflect: true }) open = false;

  @state() private wanted = '';
  @query('.panel') private panel: HTMLElement | undefined;
  @query('.button') private button: HTMLButtonElement | undefined;

  /** Closes the list; the focus returns to the button. */
  close(): void {
    if (!this.open) return;
    this.panel?.hidePopover();
    // The event of the browser comes later; who asks now gets the truth.
    this.open = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#follow(false);
    this.open = false;
  }

  protected override updated(): void {
    // As a property, so that the browser itself pairs the button with what it opens: a press on it while open closes.
    if (this.button !== undefined && this.panel !== undefined && this.button.popoverTargetElement !== this.panel) {
      this.button.popoverTargetElement = this.panel;
    }
    // What is chosen changes the button, and with it where the list belongs.
    if (this.open) this.#place();
  }

  protected override render(): TemplateResult {
    return html`
      <button
        .className=${`button ${this.tone}`}
        type="button"
        part="button"
        aria-haspopup="dialog"
        .ariaExpanded=${String(this.open)}
        .ariaLabel=${`${this.label}: ${this.text}`}
        .title=${this.label}
      >
        <svg viewBox="0 0 16 16" aria-hidden="true">${BOARD_ICONS[this.icon]}</svg>
        <span class="text">${this.text}</span>
        <svg class="chevron" viewBox="0 0 16 16" aria-hidden="true">${BOARD_ICONS.chevron}</svg>
      </button>
      <div
        class="panel"
        part="panel"
        .role=${'dialog'}
        .popover=${'auto'}
        .ariaLabel=${this.label}
        @beforetoggle=${this.#onBeforeToggle}
        @toggle=${this.#onToggle}
        @keydown=${this.#onKeyDown}
      >
        ${this.open ? this.#panel() : nothing}
      </div>
    `;
  }

  #panel(): TemplateResult {
    const groups = this.#shown();
    return html`
      ${
        this.searchLabel === ''
          ? nothing
          : html`<input
              class="search"
              type="search"
              autocomplete="off"
              spellcheck="false"
              .ariaLabel=${this.searchLabel}
              .placeholder=${this.searchLabel}
              .value=${this.wanted}
              @input=${this.#onSearch}
            />`
      }
      <div
        .className=${this.hasColumns ? 'list columns' : 'list'}
        .role=${'listbox'}
        .ariaLabel=${this.label}
        .ariaMultiSelectable=${this.chosen === undefined ? null : 'true'}
      >
        ${groups.map((group) => this.#group(group))}
        ${groups.length === 0 ? html`<p class="none">${msg('Nothing found', { id: 'board.menu.none' })}</p>` : nothing}
      </div>
      ${this.extra ?? nothing}
    `;
  }

  #group({ title, options }: MenuGroup): TemplateResult {
    return html`<div class="group" .role=${'group'} .ariaLabel=${title}>
      ${title === '' ? nothing : html`<p class="group-title" aria-hidden="true">${title}</p>`}
      ${options.map(
        ({ value, name, detail }) =>
          html`<button
            class="option"
            type="button"
            .role=${'option'}
            .tabIndex=${-1}
            .ariaSelected=${String(this.#holds(value))}
            @click=${() => {
              this.#choose(value);
            }}
          >
            <svg class="mark" viewBox="0 0 16 16" aria-hidden="true">
              ${this.#holds(value) ? BOARD_ICONS.check : nothing}
            </svg>
            <span class="name">${name}</span>
            ${detail === undefined ? nothing : html`<span class="detail">${detail()}</span>`}
          </button>`,
      )}
    </div>`;
  }

  #shown(): readonly MenuGroup[] {
    const wanted = this.wanted.trim().toLocaleLowerCase();
    if (wanted === '') return this.groups().filter(({ isFound }) => isFound !== true);
    const words = wanted.split(/[\s/_]+/u);
    let room = MAX_HITS;
    return this.groups()
      .map((group) => {
        const hits = group.options.filter(({ name, value }) => {
          const text = `${name} ${value}`.replaceAll('_', ' ').toLocaleLowerCase();
          return words.every((word) => text.includes(word));
        });
        const options = hits.slice(0, room);
        room -= options.length;
        return { ...group, options };
      })
      .filter(({ options }) => options.length > 0);
  }

  #options(): readonly HTMLElement[] {
    return [...(this.panel?.querySelectorAll<HTMLElement>('.option') ?? [])];
  }

  #holds(value: string): boolean {
    return this.chosen === undefined ? value === this.value : this.chosen.includes(value);
  }

  #choose(value: string): void {
    if (this.chosen !== undefined) {
      this.value = value;
      this.dispatchEvent(new Event('change'));
      return;
    }
    this.close();
    if (value === this.value) return;
    this.value = value;
    this.dispatchEvent(new Event('change'));
  }

  readonly #onSearch = (event: Event): void => {
    this.wanted = (event.target as HTMLInputElement).value;
  };

  /** Browsers give the focus back by themselves, but not all of them in a shadow root; whoever pressed elsewhere keeps it there. */
  readonly #onBeforeToggle = (event: Event): void => {
    const isClosing = (event as ToggleEvent).newState === 'closed';
    if (isClosing && this.panel?.matches(':focus-within') === true) this.button?.focus();
  };

  readonly #onToggle = (event: Event): void => {
    const isOpen = (event as ToggleEvent).newState === 'open';
    this.open = isOpen;
    this.wanted = '';
    this.#follow(isOpen);
    if (isOpen) void this.#enter();
  };

  async #enter(): Promise<void> {
    await this.updateComplete;
    this.#place();
    const chosen = this.panel?.querySelector<HTMLElement>('[aria-selected="true"]');
    const first = this.panel?.querySelector<HTMLElement>('.search') ?? chosen ?? this.#options()[0];
    first?.focus();
    chosen?.scrollIntoView({ block: 'nearest' });
  }

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    const target = event.target as HTMLElement;
    const isSearch = target.classList.contains('search');
    if (!isSearch && !target.classList.contains('option')) return;
    const options = this.#options();
    const at = options.indexOf(target);
    const last = options.length - 1;
    if (event.key === 'Enter' && isSearch) {
      event.preventDefault();
      if (this.wanted !== '') options[0]?.click();
      return;
    }
    const next = new Map([
      ['ArrowDown', Math.min(at + 1, last)],
      ['ArrowUp', at - 1],
      ...(isSearch ? [] : [['Home', 0] as const, ['End', last] as const]),
    ]).get(event.key);
    if (next === undefined) {
      if (!isSearch && event.key.length === 1 && event.key !== ' ') this.#typeAhead(event.key, options, at);
      return;
    }
    event.preventDefault();
    const search = this.panel?.querySelector<HTMLElement>('.search');
    if (next < 0) search?.focus();
    else options[next]?.focus();
  };

  #typeAhead(letter: string, options: readonly HTMLElement[], at: number): void {
    const wanted = letter.toLocaleLowerCase();
    const round = [...options.slice(at + 1), ...options.slice(0, at + 1)];
    const nameOf = (option: HTMLElement): string => option.querySelector('.name')?.textContent ?? '';
    round.find((option) => nameOf(option).toLocaleLowerCase().startsWith(wanted))?.focus();
  }

  /** The panel is in the browser's top layer, so nothing clips it, but neither does it move along with the button. */
  #follow(isOpen: boolean): void {
    const change = isOpen ? 'addEventListener' : 'removeEventListener';
    window[change]('resize', this.#place);
    window[change]('scroll', this.#place, { capture: true });
  }

  readonly #place = (): void => {
    const { panel, button } = this;
    if (panel === undefined || button === undefined) return;
    const anchor = button.getBoundingClientRect();
    const room = document.documentElement.clientWidth - panel.offsetWidth - EDGE_PX;
    const left = Math.max(EDGE_PX, Math.min(anchor.left, room));
    panel.style.setProperty('--left', `${String(Math.round(left))}px`);
    panel.style.setProperty('--top', `${String(Math.round(anchor.bottom + 4))}px`);
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'lumina-menu': LuminaMenu;
  }
}
