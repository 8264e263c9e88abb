import type { TimerManager } from '../managers.ts';

/** The one thing that is to happen next; deciding on another takes it back. */
export class NextStep {
  readonly #timers: TimerManager;
  #cancel: (() => void) | undefined;

  constructor(timers: TimerManager) {
    this.#timers = timers;
  }

  /** Whether something is to happen. */
  get isSet(): boolean {
    return this.#cancel !== undefined;
  }

  /** Does something later. */
  after(delayMs: number, run: () => void): void {
    this.cancel();
    this.#cancel = this.#timers.after(delayMs, () => {
      this.#cancel = undefined;
      run();
    });
  }

  /** Does something when a promise is settled, whatever comes of it. */
  when(settled: Promise<unknown>, run: () => void): void {
    this.cancel();
    let isWanted = true;
    this.#cancel = () => {
      isWanted = false;
    };
    const runIfWanted = (): void => {
      if (!isWanted) return;
      this.#cancel = undefined;
      run();
    };
    settled.then(runIfWanted, runIfWanted);
  }

  /** Takes it back. */
  cancel(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
