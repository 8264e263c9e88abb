import { randomUUID } from 'node:crypto';
import type { Clock } from '../../live/clock.ts';
import type { AlertLease, EvaluationStore } from './evaluation-store.ts';

/** What holding the lease needs. */
export interface LeaseLoopOptions {
  readonly store: Pick<EvaluationStore, 'take' | 'release'>;
  readonly clock: Clock;
  readonly onFailure: (error: unknown) => void;
}

const RENEW_MS = 2_000;
/** How long nobody evaluates after a process died. */
const TTL_MS = 7_000;

/** Takes the lease when it is free, and renews it for as long as the process lives. */
export class LeaseLoop {
  readonly #options: LeaseLoopOptions;
  readonly #holder = randomUUID();
  #held: { readonly lease: AlertLease; readonly untilMs: number } | undefined;
  #cancel: (() => void) | undefined;
  #asking: Promise<void> | undefined;
  #isClosed = false;
  #hasFailed = false;

  constructor(options: LeaseLoopOptions) {
    this.#options = options;
  }

  /** The lease, while it surely is this process's: counted from before it was asked for. */
  get lease(): AlertLease | undefined {
    return this.#held !== undefined && this.#options.clock.now() < this.#held.untilMs ? this.#held.lease : undefined;
  }

  start(): void {
    if (this.#isClosed) return;
    this.#asking = this.#renew().finally(() => {
      this.#asking = undefined;
      if (this.#isClosed) return;
      this.#cancel = this.#options.clock.after(RENEW_MS, () => {
        this.start();
      });
    });
  }

  /** A write was refused: another has it. */
  forget(): void {
    this.#held = undefined;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancel?.();
    await this.#asking;
    const lease = this.#held?.lease;
    this.#held = undefined;
    if (lease === undefined) return;
    try {
      await this.#options.store.release(lease);
    } catch (error) {
      this.#options.onFailure(error);
    }
  }

  async #renew(): Promise<void> {
    const { store, clock, onFailure } = this.#options;
    const askedMs = clock.now();
    try {
      const lease = await store.take(this.#holder, TTL_MS);
      this.#held = lease === undefined ? undefined : { lease, untilMs: askedMs + TTL_MS };
      this.#hasFailed = false;
    } catch (error) {
      if (!this.#hasFailed) onFailure(error);
      this.#hasFailed = true;
    }
  }
}
