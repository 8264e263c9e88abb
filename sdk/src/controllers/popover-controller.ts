import type { ReactiveController, ReactiveControllerHost } from 'lit';

type Host = ReactiveControllerHost & HTMLElement;

const EDGE_PX = 8;
const GAP_PX = 4;

/**
 * Opens a panel of its host from a button by the browser's own popover: in the top layer, closed by Escape and by a
 * press outside, the focus given back. The panel stays at its button while the page scrolls.
 */
export class PopoverController implements ReactiveController {
  readonly #host: Host;
  readonly #selector: string;
  readonly #onOpen: (panel: HTMLElement) => void;
  #panel: HTMLElement | undefined;
  #isOpen = false;

  constructor(host: Host, selector: string, onOpen: (panel: HTMLElement) => void = () => undefined) {
    this.#host = host;
    this.#selector = selector;
    this.#onOpen = onOpen;
    host.addController(this);
  }

  /** Whether the panel is open. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Closes the panel, also one so newly open that its event is still to come. */
  close(): void {
    if (this.#panel?.matches(':popover-open') === true) this.#panel.hidePopover();
  }

  /** For the panel's `toggle` event. */
  readonly onToggle = (event: Event): void => {
    this.#isOpen = (event as ToggleEvent).newState === 'open';
    this.#follow(this.#isOpen);
    this.#host.requestUpdate();
    if (this.#isOpen) void this.#opened();
    else this.#giveFocusBack();
  };

  hostUpdated(): void {
    const root = this.#host.shadowRoot;
    const panel = root?.querySelector<HTMLElement>(`${this.#selector}.panel`) ?? undefined;
    const button = this.#button();
    this.#panel = panel;
    // Set as a property, so that the browser pairs the two: a press on the button while the panel is open closes it.
    if (panel !== undefined && button !== undefined && button.popoverTargetElement !== panel) {
      button.popoverTargetElement = panel;
    }
  }

  hostDisconnected(): void {
    this.#follow(false);
    this.#isOpen = false;
  }

  async #opened(): Promise<void> {
    await this.#host.updateComplete;
    this.#place();
    if (this.#panel !== undefined) this.#onOpen(this.#panel);
  }

  /** Unless the reader already went elsewhere, reading goes on where the panel was opened. */
  #giveFocusBack(): void {
    const focused = this.#host.shadowRoot?.activeElement ?? null;
    const isLost =
      focused === null ? document.activeElement === document.body : this.#panel?.contains(focused) === true;
    if (isLost) this.#button()?.focus();
  }

  #button(): HTMLButtonElement | undefined {
    return this.#host.shadowRoot?.querySelector<HTMLButtonElement>(`${this.#selector}.opener`) ?? undefined;
  }

  #follow(isOpen: boolean): void {
    const change = isOpen ? 'addEventListener' : 'removeEventListener';
    globalThis[change]('resize', this.#place);
    globalThis[change]('scroll', this.#place, { capture: true });
  }

  readonly #place = (): void => {
    const panel = this.#panel;
    const button = this.#button();
    if (panel === undefined || button === undefined) return;
    const anchor = button.getBoundingClientRect();
    const { clientWidth, clientHeight } = document.documentElement;
    const left = Math.max(
      EDGE_PX,
      Math.min(anchor.right - panel.offsetWidth, clientWidth - panel.offsetWidth - EDGE_PX),
    );
    const isRoomBelow = anchor.bottom + GAP_PX + panel.offsetHeight <= clientHeight - EDGE_PX;
    const above = Math.max(EDGE_PX, anchor.top - GAP_PX - panel.offsetHeight);
    panel.style.setProperty('--left', `${String(Math.round(left))}px`);
    panel.style.setProperty('--top', `${String(Math.round(isRoomBelow ? anchor.bottom + GAP_PX : above))}px`);
  };
}
