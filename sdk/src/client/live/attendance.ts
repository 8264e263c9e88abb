import type { OnlineManager, TimerManager, VisibilityManager } from '../managers.ts';

/** A page that nobody sees for this long needs no live data. */
const HIDDEN_PAUSE_MS = 30_000;

/** What an attendance needs. */
export interface AttendanceOptions {
  readonly visibility: VisibilityManager;
  readonly online: OnlineManager;
  readonly timers: TimerManager;
  /** Somebody looks again, or nobody does any more. */
  readonly onPause: (isPaused: boolean) => void;
  /** The page was shown again before it was paused. */
  readonly onGlance: () => void;
  /** The network went or came. */
  readonly onNetwork: (isOnline: boolean) => void;
}

/** Watches whether somebody looks at the page and whether there is a network. */
export class Attendance {
  readonly #options: AttendanceOptions;
  readonly #unsubscribe: readonly (() => void)[];
  #isSuspended = false;
  #isHidden = false;
  #wasPaused = false;
  #cancelHidden: (() => void) | undefined;

  constructor(options: AttendanceOptions) {
    this.#options = options;
    this.#unsubscribe = [
      options.visibility.subscribe(() => {
        this.#onVisibility();
      }),
      options.online.subscribe(() => {
        options.onNetwork(options.online.isOnline());
      }),
    ];
    if (!options.visibility.isVisible()) this.#onVisibility();
  }

  /** Whether the connection rests: suspended by hand, or hidden for long enough. */
  get isPaused(): boolean {
    return this.#isSuspended || this.#isHidden;
  }

  /** Pauses or goes on by hand, whatever the page's visibility. */
  suspend(isSuspended: boolean): void {
    this.#isSuspended = isSuspended;
    this.#tell();
  }

  /** Ends all listening. */
  stop(): void {
    this.#cancelHidden?.();
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
  }

  #onVisibility(): void {
    this.#cancelHidden?.();
    if (!this.#options.visibility.isVisible()) {
      this.#cancelHidden = this.#options.timers.after(HIDDEN_PAUSE_MS, () => {
        this.#isHidden = true;
        this.#tell();
      });
      return;
    }
    const wasHidden = this.#isHidden;
    this.#isHidden = false;
    if (wasHidden) this.#tell();
    else this.#options.onGlance();
  }

  #tell(): void {
    if (this.isPaused === this.#wasPaused) return;
    this.#wasPaused = this.isPaused;
    this.#options.onPause(this.isPaused);
  }
}
