import { MISSING } from '@lumina/contracts';
import type { Cell, Row } from '../../../timestream/port.ts';

/** A number of a row; null and absent count nothing. */
export function numberOf(row: Row, name: string): number {
  const value = row[name];
  return typeof value === 'number' ? value : 0;
}

/** A number of a row that may be unknown. */
export function optionalNumber(row: Row, name: string): number | undefined {
  const value = row[name];
  return typeof value === 'number' ? value : undefined;
}

/** A text of a row; a missing one is the fact model's `-`. */
export function textOf(row: Row, name: string): string {
  return textOfCell(row[name]);
}

function textOfCell(value: Cell | undefined): string {
  return typeof value === 'string' && value !== '' ? value : MISSING;
}
