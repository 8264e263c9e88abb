import type { LuminaProvider } from '../components/provider/provider.ts';
import type { LuminaWidget } from '../components/widget/widget.ts';
import type { WidgetState } from '../client/widget-state.ts';
import { FakeBff } from './fake-bff.ts';
import type { FakeBffOptions } from './fake-bff.ts';
import { harnessProvider, onceState } from './harness-provider.ts';

/** Attributes of a widget under test. */
export type TileAttributes = Readonly<Record<string, string>>;

/** What a tile shows in place of data. */
export interface TileNotice {
  readonly what: string;
  readonly advice: string;
  /** Code and request id; empty where there are none. */
  readonly code: string;
  /** Words of the button; empty where there is none. */
  readonly button: string;
}

/** One entry of a legend. */
export interface LegendEntry {
  readonly name: string;
  readonly value: string;
}

type KindElement = HTMLElement & {
  readonly updateComplete: Promise<boolean>;
  readonly toTable?: () => { readonly rows: readonly (readonly string[])[] };
};

const KINDS = 'lumina-stat, lumina-line, lumina-bar, lumina-gauge, lumina-table';

/** Visible text, single-spaced. */
function textOf(element: Element | null | undefined): string {
  return element?.textContent.replaceAll(/\s+/gu, ' ').trim() ?? '';
}

/** What tests do to a widget and see of it, shadow roots included. */
export class WidgetReader {
  readonly widget: LuminaWidget;

  constructor(widget: LuminaWidget) {
    this.widget = widget;
  }

  /** What it shows. */
  get state(): WidgetState {
    return this.widget.state;
  }

  /** Resolves once it is in a state and has rendered it. */
  async reached(state: WidgetState): Promise<void> {
    await onceState(this.widget, () => this.widget.state === state);
    await this.settled();
  }

  /** Resolves once everything asked for so far is rendered. */
  async settled(): Promise<void> {
    await this.widget.updateComplete;
    await this.#inner()?.updateComplete;
  }

  /** The title. */
  heading(): string {
    return this.text('h3') ?? '';
  }

  /** The big number with its unit, e.g. `87.3 %`; `–` where there is none. */
  valueText(): string {
    return [this.text('.number'), this.text('.unit')].filter((part) => part !== undefined).join(' ');
  }

  /** How old the data is, in the words of the footer. */
  age(): string {
    return this.text('footer .age') ?? '';
  }

  /** Names and values of the legend, in the order shown. */
  legend(): readonly LegendEntry[] {
    return this.findAll('.legend li').map((entry) => ({
      name: textOf(entry.querySelector('.name')),
      value: textOf(entry.querySelector('.last')),
    }));
  }

  /** What stands in place of data; undefined where data is shown. */
  notice(): TileNotice | undefined {
    if (this.find('.notice') === undefined) return undefined;
    const part = (name: string): string => this.text(`.notice .${name}`) ?? '';
    return { what: part('what'), advice: part('advice'), code: part('code'), button: part('button') };
  }

  /** Everything shown as rows of text, the first cell naming the row. */
  rows(): readonly (readonly string[])[] {
    return this.#inner()?.toTable?.().rows ?? [];
  }

  /** What a screen reader was told last. */
  announcement(): string {
    return textOf(this.widget.shadowRoot?.querySelector('[role="status"]'));
  }

  /** Opens the menu and presses the entry with these words. */
  async choose(words: string): Promise<void> {
    await this.#open('.menu');
    const entries = [...(this.widget.shadowRoot?.querySelectorAll<HTMLElement>('.entry') ?? [])];
    const entry = entries.find((one) => textOf(one) === words);
    if (entry === undefined) throw new RangeError(`The menu has ${entries.map(textOf).join(', ')}, but no ${words}.`);
    entry.click();
    await this.settled();
  }

  /** Opens the definition and reads it. */
  async definition(): Promise<string> {
    await this.#open('.definition');
    return this.text('.definition.panel') ?? '';
  }

  /** The visible text of the first match, single-spaced; undefined where there is none. */
  text(selector: string): string | undefined {
    const found = this.find(selector);
    return found === undefined ? undefined : textOf(found);
  }

  /** The first match in the widget or in the tag it shows. */
  find(selector: string): HTMLElement | undefined {
    const own = this.widget.shadowRoot?.querySelector<HTMLElement>(selector);
    return own ?? this.#inner()?.shadowRoot?.querySelector<HTMLElement>(selector) ?? undefined;
  }

  /** All matches in the tag that the widget shows. */
  findAll(selector: string): readonly HTMLElement[] {
    return [...(this.#inner()?.shadowRoot?.querySelectorAll<HTMLElement>(selector) ?? [])];
  }

  /** The browser tells of an opening in a task of its own. */
  async #open(name: string): Promise<void> {
    const panel = this.find(`${name}.panel`);
    if (panel === undefined) throw new RangeError(`The tile has no ${name} panel in the state ${this.state}.`);
    if (!panel.matches(':popover-open')) {
      const opened = new Promise((resolve) => {
        panel.addEventListener('toggle', resolve, { once: true });
      });
      this.find(`${name}.opener`)?.click();
      await opened;
    }
    await this.settled();
  }

  #inner(): KindElement | undefined {
    return this.widget.shadowRoot?.querySelector<KindElement>(KINDS) ?? undefined;
  }
}

/** A provider with one widget against a fake service. */
export class TileHarness extends WidgetReader {
  readonly bff: FakeBff;
  readonly provider: LuminaProvider;

  constructor(attributes: TileAttributes, options: FakeBffOptions = {}) {
    const widget = document.createElement('lumina-widget');
    for (const [name, value] of Object.entries(attributes)) widget.setAttribute(name, value);
    super(widget);
    this.bff = new FakeBff(options);
    this.provider = harnessProvider(this.bff.fetch);
    this.provider.append(widget);
  }

  /** Puts it on the page. */
  mount(parent: Element = document.body): this {
    parent.append(this.provider);
    return this;
  }

  /** Takes it off the page. */
  remove(): void {
    this.provider.remove();
  }

  /** Paths asked of the service so far. */
  paths(): readonly string[] {
    return this.bff.requests.map(({ path }) => path);
  }
}
