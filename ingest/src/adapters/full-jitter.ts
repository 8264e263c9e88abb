import { setTimeout as delay } from 'node:timers/promises';

/** Bounds of the waits between attempts. */
export interface Backoff {
  readonly baseMs: number;
  readonly capMs: number;
}

/** A wait anywhere between nothing and the doubled step: many waiting writers spread out instead of meeting again. */
export function jitteredDelayMs(
  attempt: number,
  { baseMs, capMs }: Backoff,
  random: () => number = Math.random,
): number {
  return Math.floor(random() * Math.min(capMs, baseMs * 2 ** Math.min(attempt, 30)));
}

/** Waits before the next attempt; rejects when aborted. */
export async function waitJittered(attempt: number, backoff: Backoff, signal?: AbortSignal): Promise<void> {
  await delay(jitteredDelayMs(attempt, backoff), undefined, signal === undefined ? {} : { signal });
}
