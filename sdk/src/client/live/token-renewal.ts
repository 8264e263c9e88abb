import { tokenRetryDelayMs } from '../backoff.ts';
import type { HttpClient } from '../http-client.ts';
import { errorFromThrown } from '../lumina-error.ts';
import type { LuminaError } from '../lumina-error.ts';
import type { TimerManager } from '../managers.ts';
import type { TokenSource } from '../token-source.ts';

/** What a renewal needs. */
export interface TokenRenewalOptions {
  readonly http: HttpClient;
  readonly tokens: TokenSource;
  readonly timers: TimerManager;
  /** The service refused the new token for this stream. */
  readonly onRefused: (error: LuminaError) => void;
}

/** Gives a running stream a new token when it asks, so that it need not be opened again. */
export class TokenRenewal {
  readonly #options: TokenRenewalOptions;
  #turn = 0;
  #isRunning = false;
  #cancelRetry: (() => void) | undefined;

  constructor(options: TokenRenewalOptions) {
    this.#options = options;
  }

  /** Renews the token of a stream that expires at an instant; failures are repeated until it has gone. */
  renew(stream: string, expiresAtMs: number): void {
    if (this.#isRunning) return;
    this.#isRunning = true;
    void this.#run({ stream, expiresAtMs, turn: this.#turn, failures: 0 });
  }

  /** The stream has gone. */
  stop(): void {
    this.#turn += 1;
    this.#isRunning = false;
    this.#cancelRetry?.();
  }

  async #run(job: {
    readonly stream: string;
    readonly expiresAtMs: number;
    readonly turn: number;
    readonly failures: number;
  }): Promise<void> {
    const { http, tokens, timers, onRefused } = this.#options;
    try {
      await tokens.beyond(job.expiresAtMs);
      const path = `api/live/${encodeURIComponent(job.stream)}/token`;
      if (job.turn === this.#turn) await http.request({ method: 'POST', path });
      if (job.turn === this.#turn) this.#isRunning = false;
    } catch (thrown) {
      if (job.turn !== this.#turn) return;
      const error = errorFromThrown(thrown, false);
      if (error.status !== undefined && error.status < 500 && !error.retryable) {
        this.#isRunning = false;
        onRefused(error);
        return;
      }
      const failures = job.failures + 1;
      const delayMs = Math.max(tokenRetryDelayMs(failures), error.retryAfterMs ?? 0);
      this.#cancelRetry = timers.after(delayMs, () => void this.#run({ ...job, failures }));
    }
  }
}
