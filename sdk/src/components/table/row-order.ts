import type { TableRow } from './table-rows.ts';

/** How long rows keep their places under a reader's pointer or focus. */
export const HOLD_MS = 5_000;

/**
 * Remembers in which order rows stand, so that a row does not jump away from under the pointer: while somebody reads,
 * the order changes at most once in {@link HOLD_MS}. New rows come last until then.
 */
export class RowOrder {
  readonly #nowMs: () => number;
  #keys: readonly string[] = [];
  #sort = '';
  #orderedAtMs = Number.NEGATIVE_INFINITY;

  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  /** The rows in the order to show; `sorted` is how they should stand, `sort` names what they are sorted by. */
  of(sorted: readonly TableRow[], sort: string, isHeld: boolean): readonly TableRow[] {
    const nowMs = this.#nowMs();
    const mayMove = !isHeld || sort !== this.#sort || nowMs - this.#orderedAtMs >= HOLD_MS;
    if (mayMove) {
      const keys = sorted.map(({ key }) => key);
      if (sort !== this.#sort || keys.join('\n') !== this.#keys.join('\n')) this.#orderedAtMs = nowMs;
      this.#sort = sort;
      this.#keys = keys;
      return sorted;
    }
    const rows = new Map(sorted.map((row) => [row.key, row]));
    const known = this.#keys.flatMap((key) => rows.get(key) ?? []);
    const places = new Set(this.#keys);
    const shown = [...known, ...sorted.filter(({ key }) => !places.has(key))];
    this.#keys = shown.map(({ key }) => key);
    return shown;
  }
}
