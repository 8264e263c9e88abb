import { HttpProblem } from '../http/problem.ts';
import type { Attempt } from './attempt.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';

const CONNECT_FAILURES = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
]);
/** Where a region is not in the table, it will not be there in a moment. */
const ABSENT_RETRY_SECONDS = 30;

/** The code of an error of the network; empty where it has none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** Whether a request that failed so never reached the region. */
export function isConnectFailure(error: unknown): boolean {
  return CONNECT_FAILURES.has(codeOf(error));
}

/** The region cannot be reached; without a breaker it is not in the table at all. */
export function unavailable(breaker?: CircuitBreaker, cause?: unknown): HttpProblem {
  return new HttpProblem(
    'region_unavailable',
    'The region of this territory cannot be reached at the moment; try again shortly.',
    {
      headers: { 'Retry-After': String(breaker?.retryAfterSeconds() ?? ABSENT_RETRY_SECONDS) },
      ...(cause === undefined ? {} : { cause }),
    },
  );
}

/** What an attempt that failed tells the caller, and the breaker. */
export function problemOf(error: unknown, attempt: Pick<Attempt, 'isTimedOut'>, breaker: CircuitBreaker): HttpProblem {
  if (!attempt.isTimedOut && isConnectFailure(error)) {
    // Before the problem is made: its Retry-After is the pause that begins with this failure.
    breaker.failed();
    return unavailable(breaker, error);
  }
  breaker.abandoned();
  return attempt.isTimedOut
    ? new HttpProblem('upstream_timeout', 'The region did not answer in time; try a shorter range.', { cause: error })
    : new HttpProblem('upstream_reset', 'The region closed the connection before it answered; try again.', {
        cause: error,
      });
}
