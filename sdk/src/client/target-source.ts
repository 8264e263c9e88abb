import { targetOf } from '@lumina/contracts';
import type { MetricQuery, Target } from '@lumina/contracts';
import { asLuminaError } from './lumina-error.ts';
import { Subscribable } from './subscribable.ts';

/** Loads the targets of the territory. */
export type LoadTargets = () => Promise<readonly Target[]>;

const RETRY_AFTER_MS = 30_000;

/** Reads the targets of a reply of `/api/settings`; what is none is left out. */
export function parseTargets(reply: unknown): readonly Target[] {
  const { body } = (typeof reply === 'object' && reply !== null ? reply : {}) as { readonly body?: unknown };
  const { targets } = (typeof body === 'object' && body !== null ? body : {}) as { readonly targets?: unknown };
  return (Array.isArray(targets) ? (targets as readonly unknown[]) : []).filter(isTarget);
}

function isTarget(value: unknown): value is Target {
  if (typeof value !== 'object' || value === null) return false;
  const { metric, queueId, value: number } = value as Readonly<Record<string, unknown>>;
  return typeof metric === 'string' && typeof number === 'number' && ['string', 'undefined'].includes(typeof queueId);
}

/**
 * What the territory wants metrics to reach. A lookup never waits: the settings are asked for once, at the first lookup,
 * and subscribers are told when they arrive. A target is worth having but never worth an error.
 */
export class TargetSource extends Subscribable {
  readonly #load: LoadTargets;
  readonly #nowMs: () => number;
  #targets: readonly Target[] | undefined;
  #nextTryMs = 0;

  constructor(load: LoadTargets, nowMs: () => number = Date.now) {
    super();
    this.#load = load;
    this.#nowMs = nowMs;
  }

  /** The target of a query of one metric, in its unit; undefined while unknown, and where there is none. */
  targetOf({ metrics, filters = [] }: Pick<MetricQuery, 'metrics' | 'filters'>): number | undefined {
    const [metric] = metrics;
    if (metric === undefined || metrics.length > 1) return undefined;
    this.#ensure();
    if (this.#targets === undefined) return undefined;
    const queues = filters.find(({ dim, op }) => dim === 'queue_id' && op !== 'ne')?.values;
    return targetOf({ targets: [...this.#targets] }, metric, queues);
  }

  #ensure(): void {
    if (this.#targets !== undefined || this.#nowMs() < this.#nextTryMs) return;
    this.#nextTryMs = this.#nowMs() + RETRY_AFTER_MS;
    this.#load().then(
      (targets) => {
        this.#targets = targets;
        if (targets.length > 0) this.notify();
      },
      (error: unknown) => {
        // Who may not read settings has no targets; anything else is tried again by a later lookup.
        if (!asLuminaError(error).retryable) this.#targets = [];
      },
    );
  }
}
