/** Time as live connections see it; tests turn it by hand. */
export interface Clock {
  /** Epoch ms. */
  readonly now: () => number;
  /** Runs something once, later; the result takes it back. */
  readonly after: (delayMs: number, run: () => void) => () => void;
}

/** The longest wait that a timer of Node can hold; whoever waits longer looks again then. */
export const MAX_DELAY_MS = 2_147_483_647;

/** The real time. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, Math.min(Math.max(0, delayMs), MAX_DELAY_MS));
    return () => {
      clearTimeout(timer);
    };
  },
};
