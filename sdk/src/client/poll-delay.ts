import { LuminaError } from './lumina-error.ts';

/** How often live data is asked for. */
export const POLL_INTERVAL_MS = 2000;
const MAX_BACKOFF_MS = 30_000;

/**
 * When to ask next. Failures double the delay, the service's own wish (`Retry-After`) is a lower bound, and after a
 * refusal that waiting cannot cure there is no next time until somebody presses retry.
 */
export function pollDelayMs(intervalMs: number, failuresInARow: number, error: unknown): number | false {
  if (!(error instanceof LuminaError)) return intervalMs;
  if (!error.retryable) return false;
  const backoffMs = Math.min(intervalMs * 2 ** Math.max(0, failuresInARow - 1), MAX_BACKOFF_MS);
  return Math.max(backoffMs, error.retryAfterMs ?? 0);
}
