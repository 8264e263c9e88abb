import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { watchSize } from '../../charts/observers.ts';

/** Knows how large its host is, and asks for an update when the host crosses one of some widths or heights. */
export class SizeController implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #stepsPx: readonly number[];
  #unwatch: (() => void) | undefined;

  /** Content box of the host, px; 0 until it has been laid out. */
  widthPx = 0;
  heightPx = 0;

  constructor(host: ReactiveControllerHost & HTMLElement, stepsPx: readonly number[]) {
    this.#host = host;
    this.#stepsPx = stepsPx;
    host.addController(this);
  }

  hostConnected(): void {
    this.#unwatch = watchSize(this.#host, (widthPx, heightPx) => {
      const before = this.#stepsOf(this.widthPx) + this.#stepsOf(this.heightPx) * 100;
      this.widthPx = widthPx;
      this.heightPx = heightPx;
      if (this.#stepsOf(widthPx) + this.#stepsOf(heightPx) * 100 !== before) this.#host.requestUpdate();
    });
  }

  hostDisconnected(): void {
    this.#unwatch?.();
    this.#unwatch = undefined;
  }

  #stepsOf(px: number): number {
    return this.#stepsPx.filter((step) => px >= step).length;
  }
}
