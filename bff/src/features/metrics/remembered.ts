/** How remembered answers are kept. */
export interface RememberedOptions {
  readonly ttlMs: number;
  readonly clock?: (() => number) | undefined;
}

interface Entry<T> {
  readonly answer: Promise<T>;
  readonly untilMs: number;
}

const MAX_ENTRIES = 2_000;

/**
 * Asks the same thing at most once within some seconds, whoever asks: live boards ask for zone, members and definitions every
 * second, and these change rarely. A failure is not remembered.
 */
export function remembered<Args extends readonly unknown[], T>(
  ask: (...args: Args) => Promise<T>,
  { ttlMs, clock = Date.now }: RememberedOptions,
): (...args: Args) => Promise<T> {
  const entries = new Map<string, Entry<T>>();
  return (...args) => {
    const key = JSON.stringify(args);
    const nowMs = clock();
    const known = entries.get(key);
    if (known !== undefined && nowMs < known.untilMs) return known.answer;
    const answer = ask(...args);
    // The oldest goes first; a map keeps the order in which keys came.
    entries.delete(key);
    const [oldest] = entries.size >= MAX_ENTRIES ? entries.keys() : [];
    if (oldest !== undefined) entries.delete(oldest);
    const entry = { answer, untilMs: nowMs + ttlMs };
    entries.set(key, entry);
    answer.catch(() => {
      if (entries.get(key) === entry) entries.delete(key);
    });
    return answer;
  };
}
