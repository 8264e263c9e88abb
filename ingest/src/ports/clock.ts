/** Tells the time. */
export interface Clock {
  nowMs(): number;
}

/** The machine's clock. */
export const systemClock: Clock = { nowMs: () => Date.now() };

/** Tells how much time passes, from an origin of its own; never set back. */
export interface Stopwatch {
  elapsedMs(): number;
}

/** The machine's monotonic clock. */
export const systemStopwatch: Stopwatch = { elapsedMs: () => performance.now() };
