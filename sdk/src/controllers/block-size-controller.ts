import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { emit } from '../events/events.ts';

type Host = ReactiveControllerHost & HTMLElement;

/** Tells the page when its host's height changed, so that a frame around it can follow: `luminaresize`. */
export class BlockSizeController implements ReactiveController {
  readonly #host: Host;
  readonly #observer: ResizeObserver;
  #toldPx: number | undefined;

  constructor(host: Host) {
    this.#host = host;
    this.#observer = new ResizeObserver(() => {
      this.#tell();
    });
    host.addController(this);
  }

  hostConnected(): void {
    this.#observer.observe(this.#host);
  }

  hostDisconnected(): void {
    this.#observer.disconnect();
    this.#toldPx = undefined;
  }

  #tell(): void {
    const blockSize = Math.ceil(this.#host.getBoundingClientRect().height);
    if (blockSize === this.#toldPx) return;
    this.#toldPx = blockSize;
    emit(this.#host, 'luminaresize', { blockSize });
  }
}
