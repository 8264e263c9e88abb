import { setTimeout as delay } from 'node:timers/promises';

/** Asks until the answer is there; fails with the last answer when it never comes. */
export async function until<T>(ask: () => Promise<T | undefined>, what: string, limitMs = 20_000): Promise<T> {
  const endMs = Date.now() + limitMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > endMs) throw new Error(`Never came: ${what}`);
    await delay(50);
  }
}
