import type { DataRow } from '@lumina/contracts';
import type { RowOrder, RowPage, RowPosition, RowQuery } from './row-query.ts';

/** Cuts a page out of all rows, for kinds that are few enough to be known whole. Rows that lack the value come last. */
export function pageOf(
  rows: readonly DataRow[],
  { order, after, limit }: Pick<RowQuery, 'order' | 'after' | 'limit'>,
): RowPage {
  const sorted = rows.toSorted((a, b) => comparePositions(positionOf(a, order), positionOf(b, order), order));
  const rest =
    after === undefined ? sorted : sorted.filter((row) => comparePositions(positionOf(row, order), after, order) > 0);
  return toPage(rest, order, limit);
}

/** Makes a page of rows in their order, of which one more than the limit may have been read. */
export function toPage(rows: readonly DataRow[], order: RowOrder, limit: number): RowPage {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { rows: page, next: last === undefined || rows.length <= limit ? undefined : positionOf(last, order) };
}

function positionOf(row: DataRow, { column, isDescending }: RowOrder): RowPosition {
  const value = row[column];
  if (value !== null && value !== undefined) return { value, key: row.key };
  return { value: isDescending ? Number.MIN_SAFE_INTEGER : Number.MAX_SAFE_INTEGER, key: row.key };
}

function comparePositions(left: RowPosition, right: RowPosition, { isDescending }: RowOrder): number {
  const byValue = compare(left.value, right.value);
  return byValue === 0 ? compare(left.key, right.key) : byValue * (isDescending ? -1 : 1);
}

function compare(left: string | number, right: string | number): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
