import { HttpProblem } from './problem.ts';

/** How long the other side may take to read a goodbye, or to close, before its connection is cut. */
export const GOODBYE_MS = 1_000;
const RETRY_MS = { least: 200, spread: 1_300 } as const;

/** When to come back after a process ended, told to each of its viewers: one after the other, not all at once. */
export function retryAfterShutdownMs(): number {
  return Math.round(RETRY_MS.least + Math.random() * RETRY_MS.spread);
}

/** Whoever connects while the process ends. */
export function endingProblem(): HttpProblem {
  return new HttpProblem('overloaded', 'This process ends; connect again.', { headers: { 'Retry-After': '1' } });
}
