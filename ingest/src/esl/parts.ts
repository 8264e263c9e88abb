import { boundedHash } from '../core/hash.ts';

/** A part of a snapshot: its name, which never changes hands, and what it holds. */
export interface SnapshotPart<T> {
  readonly part: string;
  readonly items: readonly T[];
}

/** More parts than any territory needs; past it a snapshot is too large to be sent. */
export const MAX_PARTS = 64;

/**
 * Cuts a snapshot by whole queues or teams. Where one belongs is a hash of its own name, whoever else is there; every
 * part is there each time, an empty one too, since its silence would mean that nothing is known. Names count from 0,
 * so that cutting into twice as many keeps the old ones.
 */
export function cutIntoParts<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  count: number,
  prefix: string,
): SnapshotPart<T>[] {
  const parts = Array.from({ length: count }, (): T[] => []);
  for (const item of items) parts[count === 1 ? 0 : boundedHash(keyOf(item), 0, count)]?.push(item);
  return parts.map((part, index) => ({ part: `${prefix}${String(index)}`, items: part }));
}
