import type { AlertLease, DeliveryOutcome, DueDelivery, EvaluationStore } from './evaluation-store.ts';
import type { Attempt, SendWebhook } from './webhook-sender.ts';

/** What delivering needs. */
export interface WebhookDelivererOptions {
  readonly store: Pick<EvaluationStore, 'due' | 'settle'>;
  readonly send: SendWebhook;
  readonly onAttempt: (outcome: DeliveryOutcome) => void;
  readonly onFailure: (error: unknown) => void;
  /** 0 to 1; replaced in tests. */
  readonly random?: () => number;
}

/** Three quarters of an hour in all, if each wait is as long as it can be. */
export const MAX_ATTEMPTS = 12;
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 15 * 60_000;
/** Messages under way at a time: one per endpoint, so that an endpoint is told in order. */
const MAX_UNDER_WAY = 16;

/** How long to wait after so many attempts: anything up to twice the time before (full jitter). */
export function retryInMs(attempts: number, random: number): number {
  return Math.ceil(random * Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempts));
}

/** What an attempt means for a message that had so many attempts before. */
export function outcomeOf(attempt: Attempt, attemptsBefore: number, random: number): DeliveryOutcome {
  if (attempt.kind === 'taken') return { status: 'delivered' };
  const isLast = attempt.kind === 'refused' || attemptsBefore + 1 >= MAX_ATTEMPTS;
  return isLast
    ? { status: 'dead', error: attempt.error }
    : { status: 'pending', error: attempt.error, retryInMs: retryInMs(attemptsBefore, random) };
}

/** Sends what waits, at least once each: what was sent and could not be marked is sent again under the same id. */
export class WebhookDeliverer {
  readonly #options: WebhookDelivererOptions;
  readonly #underWay = new Map<string, Promise<void>>();
  readonly #stop = new AbortController();

  constructor(options: WebhookDelivererOptions) {
    this.#options = options;
  }

  /** Begins what is due; the lease says that nobody else does. */
  async begin(lease: AlertLease): Promise<void> {
    if (this.#underWay.size >= MAX_UNDER_WAY) return;
    for (const delivery of await this.#options.store.due()) {
      const endpoint = `${String(delivery.territoryId)} ${delivery.endpointId}`;
      if (this.#underWay.has(endpoint) || this.#underWay.size >= MAX_UNDER_WAY) continue;
      const work = this.#deliver(lease, delivery)
        .catch(this.#options.onFailure)
        .finally(() => {
          this.#underWay.delete(endpoint);
        });
      this.#underWay.set(endpoint, work);
    }
  }

  /** Cuts what is under way; it is sent again by whoever delivers next. */
  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#underWay.values());
  }

  async #deliver(lease: AlertLease, delivery: DueDelivery): Promise<void> {
    const { store, send, onAttempt, random = Math.random } = this.#options;
    const attempt = await send(delivery, this.#stop.signal);
    if (this.#stop.signal.aborted && attempt.kind !== 'taken') return;
    const outcome = outcomeOf(attempt, delivery.attempts, random());
    if (await store.settle(lease, delivery, outcome)) onAttempt(outcome);
  }
}
