import type { ServerClock } from './server-clock.ts';

/** Answers are made when they are sent: one that seems older than this was held up, or a clock was set. */
const OLD_MS = 5000;
/** Answers do not come from the future. */
const EARLY_MS = 1000;
const ASK_AGAIN_MS = 30_000;

/** What a check needs. */
export interface ClockCheckOptions {
  readonly clock: ServerClock;
  /** Any request to the service: its reply tells the time. */
  readonly ask: () => Promise<unknown>;
}

/**
 * Asks the service for the time when live answers seem to be of another time than now. A running stream tells no time
 * by itself, so that a clock set on the desk would else keep every tile old, or young, for as long as the stream lasts.
 */
export class ClockCheck {
  readonly #options: ClockCheckOptions;
  #askedAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: ClockCheckOptions) {
    this.#options = options;
  }

  /** An answer has arrived just now that was made at an instant of the service's clock, ms. */
  arrived(asOfMs: number): void {
    const { clock, ask } = this.#options;
    const ageMs = clock.nowMs() - asOfMs;
    if (ageMs > -EARLY_MS && ageMs < OLD_MS) return;
    if (clock.localNowMs() - this.#askedAtMs < ASK_AGAIN_MS) return;
    this.#askedAtMs = clock.localNowMs();
    const done = (): void => undefined;
    // What comes of it the clock has seen already; where nothing came, the next answer asks again.
    ask().then(done, done);
  }
}
