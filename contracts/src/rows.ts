import type { DataRow, LiveRowChanges } from './schemas/index.ts';

/** Where a row stands: its value in the deciding column, and its key among equals. */
export interface RowPosition {
  readonly value: string | number;
  readonly key: string;
}

/** Which column decides the order, and which way; rows that are equal in it follow their key. */
export interface RowOrder {
  readonly column: string;
  readonly isDescending: boolean;
}

/** Reads an order as requests and replies write it: a column, `-` before it for falling order. */
export function parseRowOrder(text: string): RowOrder {
  const isDescending = text.startsWith('-');
  return { column: isDescending ? text.slice(1) : text, isDescending };
}

/** The position of a row; rows that lack the value come last either way. */
export function positionOfRow(row: DataRow, { column, isDescending }: RowOrder): RowPosition {
  const value = row[column];
  if (value !== null && value !== undefined) return { value, key: row.key };
  return { value: isDescending ? Number.MIN_SAFE_INTEGER : Number.MAX_SAFE_INTEGER, key: row.key };
}

/** Negative where the left row comes first. */
export function compareRowPositions(left: RowPosition, right: RowPosition, { isDescending }: RowOrder): number {
  const byValue = compare(left.value, right.value);
  return byValue === 0 ? compare(left.key, right.key) : byValue * (isDescending ? -1 : 1);
}

/** Rows in an order; a new list. */
export function sortRows(rows: readonly DataRow[], order: RowOrder): DataRow[] {
  return [...rows].sort((a, b) => compareRowPositions(positionOfRow(a, order), positionOfRow(b, order), order));
}

/** What a `delta` frame makes of the rows before it: exactly the rows that a `snapshot` would hold now. */
export function applyRowChanges(
  rows: readonly DataRow[],
  { add, change, remove }: LiveRowChanges,
  order: RowOrder,
): DataRow[] {
  const gone = new Set([...remove, ...change.map(({ key }) => key), ...add.map(({ key }) => key)]);
  return sortRows([...rows.filter(({ key }) => !gone.has(key)), ...change, ...add], order);
}

function compare(left: string | number, right: string | number): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
