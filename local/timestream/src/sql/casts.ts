import { sqlError } from './position.ts';
import type { Position } from './position.ts';
import { duckTypeOf, quoteText, timestampSql, typeText } from './types.ts';
import type { ScalarType, Typed } from './types.ts';

const CAST_TYPES: Record<string, ScalarType> = {
  varchar: 'varchar',
  boolean: 'boolean',
  bigint: 'bigint',
  integer: 'integer',
  int: 'integer',
  double: 'double',
  timestamp: 'timestamp',
  date: 'date',
  time: 'time',
};
const TIMESTAMP_TEXT = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?Z?$/;

/** `TIMESTAMP '…'`, `DATE '…'`, `BIGINT '…'`, `DOUBLE '…'` */
export function typedLiteral(type: string, text: string, at: Position): Typed {
  if (type === 'timestamp') {
    const ns = parseTimestamp(text);
    if (ns === undefined) throw sqlError(at, `'${text}' is not a valid timestamp literal`);
    return { sql: timestampSql(ns), type };
  }
  const isValid =
    type === 'date'
      ? parseTimestamp(text) !== undefined && text.length === 10
      : /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text);
  const target = CAST_TYPES[type];
  if (!isValid || target === undefined) throw sqlError(at, `'${text}' is not a valid ${type} literal`);
  return { sql: `CAST(${quoteText(text)} AS ${duckTypeOf(target)})`, type: target };
}

/** CAST and TRY_CAST. */
export function castTo(value: Typed, typeName: string, isTry: boolean, at: Position): Typed {
  const type = CAST_TYPES[typeName];
  if (type === undefined) throw sqlError(at, `Unknown type: ${typeName}`);
  if (!canCast(value.type, type)) throw sqlError(at, `Cannot cast ${typeText(value.type)} to ${typeText(type)}`);
  const sql = `${isTry ? 'TRY_CAST' : 'CAST'}(${value.sql} AS ${duckTypeOf(type)})`;
  return {
    sql: value.type === 'timestamp' && type === 'varchar' ? `strftime(${value.sql}, '%Y-%m-%d %H:%M:%S.%n')` : sql,
    type,
  };
}

function canCast(from: Typed['type'], to: ScalarType): boolean {
  if (typeof from !== 'string') return false;
  if (from === to || from === 'unknown' || from === 'varchar') return true;
  const numbers = ['bigint', 'integer', 'double', 'boolean'];
  if (numbers.includes(from)) return numbers.includes(to) || to === 'varchar';
  if (from === 'timestamp' || from === 'date')
    return ['timestamp', 'date', 'varchar'].includes(to) || (from === 'timestamp' && to === 'time');
  return to === 'varchar' && from === 'time';
}

function parseTimestamp(text: string): bigint | undefined {
  const [, date, minutes = '00:00', seconds = '00', fraction = ''] = TIMESTAMP_TEXT.exec(text.trim()) ?? [];
  if (date === undefined) return undefined;
  const epochMs = Date.parse(`${date}T${minutes}:${seconds}Z`);
  return Number.isNaN(epochMs) ? undefined : BigInt(epochMs) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
}
