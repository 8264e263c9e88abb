import type { Clock } from '../../live/clock.ts';
import type { EvaluationStore, KnownRule } from './evaluation-store.ts';

/** What the book needs. */
export interface AlertBookOptions {
  readonly store: Pick<EvaluationStore, 'fingerprint' | 'load'>;
  readonly clock: Clock;
  readonly onFailure: (error: unknown) => void;
}

/** What a change by another process may take to be known here. */
const POLL_MS = 1_000;

/** All rules of the region and where they are, as of a second ago: changes of other processes are found by asking. */
export class AlertBook {
  readonly #options: AlertBookOptions;
  readonly #listeners: (() => void)[] = [];
  #rules: readonly KnownRule[] = [];
  #fingerprint: string | undefined;
  #asking: Promise<void> | undefined;
  #cancel: (() => void) | undefined;
  #isClosed = false;
  #hasFailed = false;

  constructor(options: AlertBookOptions) {
    this.#options = options;
  }

  get rules(): readonly KnownRule[] {
    return this.#rules;
  }

  /** Called whenever what the book holds has changed. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  start(): void {
    if (this.#isClosed) return;
    void this.#askIfIdle().then(() => {
      if (this.#isClosed) return;
      this.#cancel = this.#options.clock.after(POLL_MS, () => {
        this.start();
      });
    });
  }

  /** Reads everything anew; throws what the store throws. */
  async reload(): Promise<void> {
    await this.#asking;
    this.#fingerprint = undefined;
    await this.#ask();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancel?.();
    await this.#asking;
  }

  #askIfIdle(): Promise<void> {
    this.#asking ??= this.#ask()
      .then(
        () => {
          this.#hasFailed = false;
        },
        (error: unknown) => {
          // Once per outage: what is known stays in force meanwhile.
          if (!this.#hasFailed) this.#options.onFailure(error);
          this.#hasFailed = true;
        },
      )
      .finally(() => {
        this.#asking = undefined;
      });
    return this.#asking;
  }

  async #ask(): Promise<void> {
    const { store } = this.#options;
    // Asked before reading: what changes in between is found the next time.
    const fingerprint = await store.fingerprint();
    if (fingerprint === this.#fingerprint) return;
    this.#rules = await store.load();
    this.#fingerprint = fingerprint;
    for (const listener of this.#listeners) listener();
  }
}
