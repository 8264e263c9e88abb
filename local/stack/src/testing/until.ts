import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 50;

/** Asks again and again until the answer is not undefined; fails with `what` after the time given. */
export async function until<T>(what: string, deadlineMs: number, ask: () => Promise<T | undefined>): Promise<T> {
  const endMs = Date.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > endMs) throw new Error(`Waited ${String(deadlineMs)} ms in vain: ${what}`);
    await delay(POLL_MS);
  }
}

/** Whether a process exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // ESRCH: there is no such process.
    return false;
  }
}

/** Waits until all of some processes are gone. */
export async function untilGone(pids: readonly number[], deadlineMs: number): Promise<void> {
  await until(`processes ${pids.join(', ')} to end`, deadlineMs, () =>
    Promise.resolve(pids.some(isAlive) ? undefined : true),
  );
}
