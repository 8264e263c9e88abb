import type { ReactiveController, ReactiveControllerHost } from 'lit';

const NAME = 'lumina.signOut';

/** Tells the other tabs of this page that the reader signed out, and hears it from them: a session is the browser's. */
export class SignOutChannel implements ReactiveController {
  readonly #onSignOut: () => void;
  #channel: BroadcastChannel | undefined;

  constructor(host: ReactiveControllerHost, onSignOut: () => void) {
    this.#onSignOut = onSignOut;
    host.addController(this);
  }

  hostConnected(): void {
    this.#channel = new BroadcastChannel(NAME);
    this.#channel.addEventListener('message', this.#onSignOut);
  }

  hostDisconnected(): void {
    this.#channel?.close();
    this.#channel = undefined;
  }

  /** Tells all tabs but this one. */
  tell(): void {
    this.#channel?.postMessage('signedOut');
  }
}
