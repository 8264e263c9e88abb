import { OUTSIDE_MARK, OWN } from './territories.ts';
import type { MarkedTerritory } from './territories.ts';

/** Rows of one table, in the order in which they can be added. */
export interface MarkedRows {
  readonly table: string;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

/** When what is stored was stored. */
export const AT = '2026-01-05T10:00:00Z';
/** Later than any attack. */
export const LATER = '2036-01-05T10:00:00Z';

/** Ids and the mark of what has them. */
export function thingsOf({ id, mark, suffix }: MarkedTerritory): [string, string][] {
  return [['same', mark], [suffix, mark], ...(id === OWN.id ? [['outside', OUTSIDE_MARK] as [string, string]] : [])];
}
