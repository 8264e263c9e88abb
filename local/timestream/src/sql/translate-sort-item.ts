import type { SortItem } from './ast.ts';

/** ORDER BY items; NULLs are last unless the query says otherwise. */
export function translateSortItem(item: SortItem, sql: string): string {
  return `${sql} ${item.descending ? 'DESC' : 'ASC'} NULLS ${item.nulls === 'first' ? 'FIRST' : 'LAST'}`;
}
