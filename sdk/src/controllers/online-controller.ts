import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Renders its host whenever the browser loses or finds the network. */
export class OnlineController implements ReactiveController {
  readonly #tell: () => void;

  constructor(host: ReactiveControllerHost) {
    this.#tell = () => {
      host.requestUpdate();
    };
    host.addController(this);
  }

  /** Whether the browser has no network at all. A network without the service is not known here. */
  get isOffline(): boolean {
    return !globalThis.navigator.onLine;
  }

  hostConnected(): void {
    globalThis.addEventListener('online', this.#tell);
    globalThis.addEventListener('offline', this.#tell);
  }

  hostDisconnected(): void {
    globalThis.removeEventListener('online', this.#tell);
    globalThis.removeEventListener('offline', this.#tell);
  }
}
