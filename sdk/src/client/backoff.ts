const FIRST_MS = 250;
const CAP_MS = 2000;
const LONGEST_MS = 30_000;
const PATIENT_MS = 60_000;

/** What decides how long to wait before the next attempt. */
export interface RetryInput {
  /** Attempts that failed in a row, at least 1. */
  readonly failures: number;
  /** How long nothing has arrived. */
  readonly outageMs: number;
  /** From 0 up to 1. */
  readonly random: number;
  /** What the service asked for. */
  readonly retryAfterMs?: number | undefined;
}

/**
 * How long to wait before connecting again: short for the first minute, so that a board is right again at once after a
 * restart or a cut; then ever longer, up to half a minute. The service's own wish is a lower bound, and jitter of a
 * quarter keeps pages apart.
 */
export function retryDelayMs({ failures, outageMs, random, retryAfterMs = 0 }: RetryInput): number {
  const cap = Math.min(CAP_MS * 2 ** Math.max(0, (outageMs - PATIENT_MS) / PATIENT_MS), LONGEST_MS);
  const delayMs = Math.min(FIRST_MS * 2 ** Math.min(failures - 1, 20), cap);
  return Math.round(
    Math.max(delayMs * (0.75 + random * 0.25), retryAfterMs + random * FIRST_MS * Math.sign(retryAfterMs)),
  );
}

/** How long to wait before the host is asked for a token again. */
export function tokenRetryDelayMs(failures: number): number {
  return Math.min(1000 * 2 ** Math.min(failures - 1, 20), LONGEST_MS);
}
