import type { ColumnInfo, Datum, Row as WireRow } from '@aws-sdk/client-timestream-query';
import { StoreError } from './port.ts';
import type { Cell, Row } from './port.ts';

/** Turns Timestream's textual values into typed ones, by the column's type. */
export function decodeRows(rows: readonly WireRow[], columns: readonly ColumnInfo[]): Row[] {
  return rows.map((row) => {
    const decoded: Record<string, Cell> = {};
    for (const [index, info] of columns.entries()) {
      decoded[info.Name ?? `_col${index}`] = decodeCell(row.Data?.[index], info.Type?.ScalarType);
    }
    return decoded;
  });
}

function decodeCell(datum: Datum | undefined, type: string | undefined): Cell {
  const value = datum?.ScalarValue;
  if (value === undefined || datum?.NullValue === true) return null;
  switch (type) {
    case 'BIGINT':
    case 'INTEGER':
      return decodeInteger(value);
    case 'DOUBLE':
      return Number(value);
    case 'BOOLEAN':
      return value === 'true';
    case 'TIMESTAMP':
      return decodeTimestamp(value);
    default:
      return value;
  }
}

function decodeInteger(value: string): number {
  const number = Number(value);
  // An inexact sum would be a wrong number on somebody's wall; better none.
  if (!Number.isSafeInteger(number)) throw new StoreError('store_bad_value', `Not an exact integer: ${value}`);
  return number;
}

/** `2020-08-08 01:00:00.000000000`, no zone, always UTC; the digits below milliseconds only make keys unique. */
function decodeTimestamp(value: string): number {
  const match = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?$/u.exec(value);
  if (match === null) throw new StoreError('store_bad_value', `Not a timestamp: ${value}`);
  const [, date = '', time = '', fraction = ''] = match;
  return Date.parse(`${date}T${time}.${fraction.padEnd(3, '0').slice(0, 3)}Z`);
}
