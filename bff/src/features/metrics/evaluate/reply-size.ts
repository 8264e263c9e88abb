import type { MetricQuery, QueryError } from '@lumina/contracts';
import { QueryRefusal } from '../plan/query-error.ts';
import type { PartTable } from '../tables/part-table.ts';

/** How many series a query has besides the one that was counted before anything was read. */
export function furtherSeries({ top }: MetricQuery, tables: readonly PartTable[]): number {
  const groups = Math.max(0, ...tables.map((table) => table.groups.length));
  return Math.max(0, Math.min(groups, top === undefined ? groups : top + 1) - 1);
}

/** Counts the points of a reply, and refuses those that are too many. */
export class ReplySize {
  readonly #most: number;
  #points = 0;

  constructor(most: number) {
    this.#most = most;
  }

  add(points: number): void {
    if (this.#points + points > this.#most) {
      throw new QueryRefusal(
        'bin_too_small',
        `All series of a request have at most ${this.#most} points; use a wider bin, a shorter range, fewer metrics or "top".`,
      );
    }
    this.#points += points;
  }
}

/** Errors in the order of their queries: equal replies are equal to the letter. */
export function inOrderOf(queries: readonly MetricQuery[], errors: readonly QueryError[]): QueryError[] {
  const places = new Map(queries.map(({ ref }, index) => [ref, index]));
  return errors.toSorted((a, b) => (places.get(a.ref) ?? 0) - (places.get(b.ref) ?? 0));
}
