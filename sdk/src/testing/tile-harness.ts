import type { LuminaProvider } from '../components/provider/provider.ts';
import type { LuminaWidget } from '../components/widget/widget.ts';
import type { WidgetState } from '../client/widget-state.ts';
import { FakeBff } from './fake-bff.ts';
import type { FakeBffOptions } from './fake-bff.ts';

/** Attributes of a widget under test. */
export type TileAttributes = Readonly<Record<string, string>>;

/** A provider with one widget against a fake service: what tests do to it and see of it, shadow roots included. */
export class TileHarness {
  readonly bff: FakeBff;
  readonly provider: LuminaProvider;
  readonly widget: LuminaWidget;

  constructor(attributes: TileAttributes, options: FakeBffOptions = {}) {
    this.bff = new FakeBff(options);
    this.provider = document.createElement('lumina-provider');
    this.provider.locale = 'en-GB';
    this.provider.theme = 'light';
    this.provider.fetch = this.bff.fetch;
    this.provider.getToken = () => 'token-1';
    this.widget = document.createElement('lumina-widget');
    for (const [name, value] of Object.entries(attributes)) this.widget.setAttribute(name, value);
    this.provider.append(this.widget);
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

  /** Resolves once the widget is in a state and has rendered it. */
  async reached(state: WidgetState): Promise<void> {
    if (this.widget.state !== state) {
      await new Promise<void>((resolve) => {
        const onState = (): void => {
          if (this.widget.state !== state) return;
          this.widget.removeEventListener('luminastate', onState);
          resolve();
        };
        this.widget.addEventListener('luminastate', onState);
      });
    }
    await this.widget.updateComplete;
    await this.#inner()?.updateComplete;
  }

  /** The visible text of the first match, single-spaced; undefined where there is none. */
  text(selector: string): string | undefined {
    return this.find(selector)?.textContent.replaceAll(/\s+/gu, ' ').trim();
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

  /** What a screen reader was told last. */
  announcement(): string {
    return this.widget.shadowRoot?.querySelector('[role="status"]')?.textContent.trim() ?? '';
  }

  /** Paths asked of the service so far. */
  paths(): readonly string[] {
    return this.bff.requests.map(({ path }) => path);
  }

  #inner(): (HTMLElement & { readonly updateComplete: Promise<boolean> }) | undefined {
    return this.widget.shadowRoot?.querySelector('lumina-stat, lumina-line') ?? undefined;
  }
}
