import { compareRowPositions, positionOfRow, sortRows } from '@lumina/contracts';
import type { DataRow, RowOrder } from '@lumina/contracts';
import type { RowPage, RowQuery } from './row-query.ts';

/** Cuts a page out of all rows, for kinds that are few enough to be known whole. Rows that lack the value come last. */
export function pageOf(
  rows: readonly DataRow[],
  { order, after, limit }: Pick<RowQuery, 'order' | 'after' | 'limit'>,
): RowPage {
  const sorted = sortRows(rows, order);
  const rest =
    after === undefined
      ? sorted
      : sorted.filter((row) => compareRowPositions(positionOfRow(row, order), after, order) > 0);
  return toPage(rest, order, limit);
}

/** Makes a page of rows in their order, of which one more than the limit may have been read. */
export function toPage(rows: readonly DataRow[], order: RowOrder, limit: number): RowPage {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { rows: page, next: last === undefined || rows.length <= limit ? undefined : positionOfRow(last, order) };
}
