import type { WidgetState } from '../client/widget-state.ts';
import type { DashboardState, LuminaDashboard } from '../components/dashboard/dashboard.ts';
import type { LuminaMenu } from '../components/dashboard/menu.ts';
import type { LuminaToolbar } from '../components/dashboard/toolbar.ts';
import type { LuminaProvider } from '../components/provider/provider.ts';
import type { LuminaWidget } from '../components/widget/widget.ts';
import { FakeBff } from './fake-bff.ts';
import type { FakeBffOptions } from './fake-bff.ts';
import { harnessProvider, onceState } from './harness-provider.ts';

/** The menus of a board's toolbar; those of variables by their name. */
export type BoardMenu = 'range' | 'zone' | 'refresh' | `var-${string}`;

/** A provider with one board against a fake service: what tests do to it and see of it, shadow roots included. */
export class BoardHarness {
  readonly bff: FakeBff;
  readonly provider: LuminaProvider;
  readonly board: LuminaDashboard;
  /** Dispatches an event named by the path for every request. */
  readonly asked = new EventTarget();

  constructor(attributes: Readonly<Record<string, string>>, options: FakeBffOptions = {}) {
    this.bff = new FakeBff(options);
    this.provider = harnessProvider((input, init) => {
      const reply = this.bff.fetch(input, init);
      this.asked.dispatchEvent(new Event(this.bff.requests.at(-1)?.path ?? ''));
      return reply;
    });
    this.board = document.createElement('lumina-dashboard');
    for (const [name, value] of Object.entries(attributes)) this.board.setAttribute(name, value);
    this.provider.append(this.board);
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

  /** Resolves once the board is in a state and has rendered it. */
  async reached(state: DashboardState): Promise<void> {
    await onceState(this.board, () => this.board.state === state);
    await this.rendered();
  }

  /** Resolves once every tile shows data. */
  async tilesReady(): Promise<void> {
    await this.reached('ready');
    await this.tilesIn('ready');
  }

  /** Resolves once every tile is in a state. */
  async tilesIn(state: WidgetState): Promise<void> {
    await onceState(this.board, () => this.tiles().every((tile) => tile.state === state));
    await this.rendered();
  }

  /** Resolves once the board, its toolbar and its menus have rendered what they know. */
  async rendered(): Promise<void> {
    await this.board.updateComplete;
    await this.toolbar()?.updateComplete;
    for (const menu of this.toolbar()?.shadowRoot?.querySelectorAll('lumina-menu') ?? []) await menu.updateComplete;
    await Promise.all(this.tiles().map((tile) => tile.updateComplete));
  }

  /** The tiles in the order of the document. */
  tiles(): readonly LuminaWidget[] {
    return [...(this.board.shadowRoot?.querySelectorAll('lumina-widget') ?? [])];
  }

  /** The toolbar; undefined where it is left out. */
  toolbar(): LuminaToolbar | undefined {
    return this.board.shadowRoot?.querySelector('lumina-toolbar') ?? undefined;
  }

  /** One of the toolbar's menus. */
  menu(name: BoardMenu): LuminaMenu {
    const menu = this.toolbar()?.shadowRoot?.querySelector<LuminaMenu>(`#${name}`);
    if (menu === null || menu === undefined) throw new Error(`The board has no menu ${name}: its toolbar is left out.`);
    return menu;
  }

  /** The first match in a menu. */
  inMenu(name: BoardMenu, selector: string): HTMLElement | undefined {
    return this.menu(name).shadowRoot?.querySelector<HTMLElement>(selector) ?? undefined;
  }

  /** Opens a menu and resolves once the focus is in it. */
  async open(name: BoardMenu): Promise<void> {
    const menu = this.menu(name);
    const opened = new Promise((resolve) => {
      menu.shadowRoot?.querySelector('.panel')?.addEventListener('focusin', resolve, { once: true });
    });
    this.inMenu(name, 'button')?.click();
    await opened;
    await menu.updateComplete;
  }

  /** Opens a menu and presses the choice with this name. */
  async choose(name: BoardMenu, choice: string): Promise<void> {
    await this.open(name);
    const options = [...(this.menu(name).shadowRoot?.querySelectorAll<HTMLElement>('.option') ?? [])];
    const option = options.find((one) => one.querySelector('.name')?.textContent.trim() === choice);
    if (option === undefined) {
      const names = options.map((one) => one.querySelector('.name')?.textContent.trim()).join(', ');
      throw new Error(`The menu ${name} has no choice "${choice}", but ${names}.`);
    }
    option.click();
    await this.rendered();
  }

  /** The visible text of the first match in the board itself, single-spaced; undefined where there is none. */
  text(selector: string): string | undefined {
    return this.board.shadowRoot?.querySelector(selector)?.textContent.replaceAll(/\s+/gu, ' ').trim();
  }

  /** What the toolbar says of the connection. */
  liveWord(): string | undefined {
    return this.toolbar()?.shadowRoot?.querySelector('[role="status"]')?.textContent.trim();
  }

  /** Bodies of the requests to a path so far. */
  bodies(path: string): readonly unknown[] {
    return this.bff.requests.flatMap((request) => (request.path === path ? [request.body] : []));
  }
}
