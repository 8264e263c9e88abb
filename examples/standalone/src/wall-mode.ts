import type { ReactiveController, ReactiveControllerHost } from 'lit';

/**
 * Fills the screen and keeps it awake while a board hangs on a wall; tells when the reader leaves by Escape or by the
 * browser's own way out of full screen. A browser that refuses either still shows the board.
 */
export class WallMode implements ReactiveController {
  readonly #onLeave: () => void;
  #isOn = false;
  #lock: WakeLockSentinel | undefined;

  constructor(host: ReactiveControllerHost, onLeave: () => void) {
    this.#onLeave = onLeave;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.set(false);
  }

  /** Turns it on or off; the same twice does nothing. */
  set(isOn: boolean): void {
    if (isOn === this.#isOn) return;
    this.#isOn = isOn;
    if (isOn) {
      document.addEventListener('fullscreenchange', this.#onFullScreen);
      document.addEventListener('keydown', this.#onKey);
      document.addEventListener('visibilitychange', this.#onVisible);
      void this.#keepAwake();
      return;
    }
    document.removeEventListener('fullscreenchange', this.#onFullScreen);
    document.removeEventListener('keydown', this.#onKey);
    document.removeEventListener('visibilitychange', this.#onVisible);
    void this.#lock?.release();
    this.#lock = undefined;
    // Nobody waits for it, and a browser that is not in full screen any more refuses.
    if (document.fullscreenElement !== null) void document.exitFullscreen().catch(() => undefined);
  }

  /** Asks for the whole screen; only a click may. A refusal leaves the board in its window. */
  async fillScreen(): Promise<void> {
    await document.documentElement.requestFullscreen().catch(() => undefined);
  }

  async #keepAwake(): Promise<void> {
    if (!('wakeLock' in navigator) || document.visibilityState !== 'visible') return;
    // Refused where the battery is low or a policy forbids it: then the screen may go dark, as it would anyway.
    const lock = await navigator.wakeLock.request('screen').catch(() => undefined);
    if (this.#isOn) this.#lock = lock;
    else void lock?.release();
  }

  readonly #onFullScreen = (): void => {
    if (document.fullscreenElement === null) this.#onLeave();
  };

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && !event.defaultPrevented) this.#onLeave();
  };

  /** The browser lets go of the lock when the page is hidden. */
  readonly #onVisible = (): void => {
    void this.#keepAwake();
  };
}
