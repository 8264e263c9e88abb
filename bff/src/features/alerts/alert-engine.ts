import type { Clock } from '../../live/clock.ts';
import { AlertBook } from './alert-book.ts';
import { AlertEvaluator } from './alert-evaluator.ts';
import type { AlertEvaluatorOptions } from './alert-evaluator.ts';
import type { AlertMeter } from './alert-meter.ts';
import { WebhookDeliverer } from './deliver-webhooks.ts';
import type { EvaluationStore } from './evaluation-store.ts';
import { LeaseLoop } from './lease-loop.ts';
import type { SendWebhook } from './webhook-sender.ts';

/** What running alerts needs. */
export interface AlertEngineOptions extends Pick<AlertEvaluatorOptions, 'answers' | 'regionId' | 'settings'> {
  readonly store: EvaluationStore;
  readonly send: SendWebhook;
  readonly clock: Clock;
  readonly meter: AlertMeter;
  readonly onFailure: (error: unknown) => void;
}

const TICK_MS = 1_000;
const BACKLOG_MS = 30_000;

/** What one process does for alerts: it knows where all are, and evaluates and delivers while it holds the lease. */
export class AlertEngine {
  readonly book: AlertBook;
  readonly #options: AlertEngineOptions;
  readonly #leases: LeaseLoop;
  readonly #evaluator: AlertEvaluator;
  readonly #deliverer: WebhookDeliverer;
  #cancel: (() => void) | undefined;
  #ticking: Promise<void> | undefined;
  #backlogAtMs = Number.NEGATIVE_INFINITY;
  #isClosed = false;
  #hasFailed = false;

  constructor(options: AlertEngineOptions) {
    const { store, clock, meter, onFailure, send } = options;
    this.#options = options;
    this.book = new AlertBook({ store, clock, onFailure });
    this.#leases = new LeaseLoop({ store, clock, onFailure });
    this.#evaluator = new AlertEvaluator({
      ...options,
      book: this.book,
      onStale: () => {
        this.#leases.forget();
      },
    });
    this.#deliverer = new WebhookDeliverer({ store, send, onAttempt: meter.attempted, onFailure });
  }

  start(): void {
    this.book.start();
    this.#leases.start();
    this.#tickLater();
  }

  /** Something of these territories was stored. */
  wake(territoryIds: ReadonlySet<number>): void {
    this.#evaluator.wake(territoryIds);
  }

  /** Ends evaluation, then lets another process begin at once. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#cancel?.();
    await this.#ticking;
    await Promise.all([this.#evaluator.close(), this.#deliverer.close(), this.book.close()]);
    await this.#leases.close();
  }

  #tickLater(): void {
    if (this.#isClosed) return;
    this.#cancel = this.#options.clock.after(TICK_MS, () => {
      this.#ticking = this.#tick().finally(() => {
        this.#tickLater();
      });
    });
  }

  async #tick(): Promise<void> {
    const { meter, onFailure } = this.#options;
    const { lease } = this.#leases;
    meter.holdsLease(lease !== undefined);
    meter.rules(this.book.rules.length);
    if (lease === undefined) return;
    try {
      await this.#evaluator.tick(lease);
      await this.#deliverer.begin(lease);
      await this.#countBacklog();
      this.#hasFailed = false;
    } catch (error) {
      // Once per outage: the next tick tries again.
      if (!this.#hasFailed) onFailure(error);
      this.#hasFailed = true;
    }
  }

  async #countBacklog(): Promise<void> {
    const { clock, meter, store } = this.#options;
    if (Math.abs(clock.now() - this.#backlogAtMs) < BACKLOG_MS) return;
    this.#backlogAtMs = clock.now();
    const { pending, dead } = await store.backlog();
    meter.backlog(pending, dead);
  }
}
