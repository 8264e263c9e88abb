import type { Clock } from '../clock.ts';

interface Timer {
  atMs: number;
  readonly run: () => void;
}

/** Time that stands still until a test turns it. */
export class ManualClock implements Clock {
  nowMs: number;
  readonly #timers = new Set<Timer>();

  constructor(nowMs = 1_000_000) {
    this.nowMs = nowMs;
  }

  readonly now = (): number => this.nowMs;

  readonly after = (delayMs: number, run: () => void): (() => void) => {
    const timer = { atMs: this.nowMs + Math.max(0, delayMs), run };
    this.#timers.add(timer);
    return () => {
      this.#timers.delete(timer);
    };
  };

  /** Sets the clock, as an administrator or a time server does: timers do not notice. */
  set(byMs: number): void {
    this.nowMs += byMs;
    for (const timer of this.#timers) timer.atMs += byMs;
  }

  /** How many timers are set. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Lets time pass; each timer runs at its moment, and what it set off is awaited. */
  async pass(durationMs: number): Promise<void> {
    const endMs = this.nowMs + durationMs;
    for (;;) {
      await settle();
      const [next] = [...this.#timers].filter(({ atMs }) => atMs <= endMs).toSorted((a, b) => a.atMs - b.atMs);
      if (next === undefined) break;
      this.nowMs = Math.max(this.nowMs, next.atMs);
      this.#timers.delete(next);
      next.run();
    }
    this.nowMs = endMs;
    await settle();
  }
}

/** Lets everything that waits for nothing but promises go on. */
function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
