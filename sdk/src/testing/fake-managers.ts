import type { ClientManagers, OnlineManager, TimerManager, VisibilityManager } from '../client/managers.ts';

/** A time that stands until a test lets it pass. */
export class FakeTimers implements TimerManager {
  #nowMs: number;
  #timers: { readonly atMs: number; readonly run: () => void }[] = [];

  constructor(startMs: number) {
    this.#nowMs = startMs;
  }

  /** Now, ms since the epoch. */
  readonly nowMs = (): number => this.#nowMs;

  readonly after = (delayMs: number, run: () => void): (() => void) => {
    const timer = { atMs: this.#nowMs + delayMs, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  };

  /** How many things are to happen later. */
  get count(): number {
    return this.#timers.length;
  }

  /** Lets time pass: everything due happens in its order, and whatever it leads to, before the next. */
  async pass(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms;
    await settled();
    for (let next = this.#due(untilMs); next !== undefined; next = this.#due(untilMs)) {
      const { run } = next;
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      this.#timers = this.#timers.filter((timer) => timer !== next);
      run();
      await settled();
    }
    this.#nowMs = untilMs;
  }

  #due(untilMs: number): { readonly atMs: number; readonly run: () => void } | undefined {
    return this.#timers.filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0];
  }
}

/** Resolves when promises and streams have come to rest. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) {
    await new Promise<void>((resolve) => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => {
        channel.port1.close();
        resolve();
      };
      channel.port2.postMessage(0);
    });
  }
}

class FakeSwitch {
  readonly #listeners = new Set<() => void>();
  #isOn = true;

  protected isOn(): boolean {
    return this.#isOn;
  }

  /** Turns it and tells all listeners. */
  turn(isOn: boolean): void {
    this.#isOn = isOn;
    for (const listener of [...this.#listeners]) listener();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };
}

/** A page that a test hides and shows. */
export class FakeVisibility extends FakeSwitch implements VisibilityManager {
  readonly isVisible = (): boolean => this.isOn();
}

/** A network that a test takes away and gives back. */
export class FakeOnline extends FakeSwitch implements OnlineManager {
  readonly isOnline = (): boolean => this.isOn();
}

/** Managers in the hands of a test; jitter is none. */
export class FakeManagers implements ClientManagers {
  readonly visibility = new FakeVisibility();
  readonly online = new FakeOnline();
  readonly timers: FakeTimers;

  constructor(startMs: number = Date.UTC(2026, 2, 2, 10)) {
    this.timers = new FakeTimers(startMs);
  }

  readonly random = (): number => 0;
}
