/** Counts a region's connection failures and, after some in a row, spares it (and the callers) the attempts. */
export interface CircuitBreaker {
  /** Whether an attempt may be made now; after the pause one at a time may probe. */
  tryPass: () => boolean;
  succeeded: () => void;
  failed: () => void;
  /** The attempt told nothing about the region (e.g. the caller left): a probe may be made again. */
  abandoned: () => void;
  /** Whole seconds until a probe is allowed, at least 1. */
  retryAfterSeconds: () => number;
}

/** When the breaker opens and for how long. */
export interface CircuitBreakerOptions {
  readonly failuresToOpen: number;
  readonly openMs: number;
  readonly now: () => number;
}

/** Five refused connections in a row are an outage, not a hiccup; 2 s spare callers without hiding a recovery. */
const DEFAULTS: CircuitBreakerOptions = { failuresToOpen: 5, openMs: 2_000, now: () => performance.now() };

/** A closed breaker. */
export function createCircuitBreaker(options: Partial<CircuitBreakerOptions> = {}): CircuitBreaker {
  const { failuresToOpen, openMs, now } = { ...DEFAULTS, ...options };
  let failures = 0;
  let openUntil = 0;
  let isProbing = false;

  return {
    tryPass: () => {
      if (failures < failuresToOpen) return true;
      if (isProbing || now() < openUntil) return false;
      isProbing = true;
      return true;
    },
    succeeded: () => {
      failures = 0;
      isProbing = false;
    },
    failed: () => {
      failures += 1;
      isProbing = false;
      if (failures >= failuresToOpen) openUntil = now() + openMs;
    },
    abandoned: () => {
      isProbing = false;
    },
    retryAfterSeconds: () => Math.max(1, Math.ceil((openUntil - now()) / 1_000)),
  };
}
