import { retryDelayMs, tokenRetryDelayMs } from '../backoff.ts';

/** A stream that lived for less has not mended anything. */
const HEALTHY_MS = 5000;

/** Counts what went wrong in a row, and says how long to wait before the next attempt. */
export class Outage {
  readonly #nowMs: () => number;
  readonly #random: () => number;
  #sinceMs: number | undefined;
  #healthySinceMs: number | undefined;
  #failures = 0;
  #tokenFailures = 0;

  constructor(nowMs: () => number, random: () => number) {
    this.#nowMs = nowMs;
    this.#random = random;
  }

  /** Whether nothing has arrived since the last failure. */
  get isOn(): boolean {
    return this.#sinceMs !== undefined;
  }

  /** Failures in a row; one that follows a good time at once counts on. */
  get failures(): number {
    return this.#failures;
  }

  /** Something failed: how long to wait, ms. */
  failed(retryAfterMs: number | undefined): number {
    this.#failures += 1;
    this.#healthySinceMs = undefined;
    return retryDelayMs({
      failures: this.#failures,
      outageMs: this.#nowMs() - this.#begin(),
      random: this.#random(),
      retryAfterMs,
    });
  }

  /** The host gave no token: how long to wait, ms. */
  tokenFailed(): number {
    this.#tokenFailures += 1;
    this.#begin();
    return tokenRetryDelayMs(this.#tokenFailures);
  }

  /** Data arrived. */
  mended(): void {
    this.#sinceMs = undefined;
    this.#tokenFailures = 0;
    this.#healthySinceMs ??= this.#nowMs();
    if (this.#nowMs() - this.#healthySinceMs >= HEALTHY_MS) this.#failures = 0;
  }

  /** Another beginning: nothing that was counts. */
  forget(): void {
    this.#sinceMs = undefined;
    this.#healthySinceMs = undefined;
    this.#failures = 0;
    this.#tokenFailures = 0;
  }

  #begin(): number {
    this.#sinceMs ??= this.#nowMs();
    return this.#sinceMs;
  }
}
