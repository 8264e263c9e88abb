/** Types of the query language that are a single value. */
export type ScalarType =
  | 'varchar'
  | 'boolean'
  | 'bigint'
  | 'integer'
  | 'double'
  | 'timestamp'
  | 'date'
  | 'time'
  | 'interval_day_to_second'
  | 'interval_year_to_month'
  | 'unknown';
/** Types of the query language. Intervals are a BIGINT of nanoseconds or months in DuckDB, timestamps a TIMESTAMP_NS. */
export type SqlType = ScalarType | { array: SqlType };

/** A translated expression. */
export type Typed = { sql: string; type: SqlType };

const DUCK_TYPES: Record<ScalarType, string> = {
  varchar: 'VARCHAR',
  boolean: 'BOOLEAN',
  bigint: 'BIGINT',
  integer: 'INTEGER',
  double: 'DOUBLE',
  timestamp: 'TIMESTAMP_NS',
  date: 'DATE',
  time: 'TIME',
  interval_day_to_second: 'BIGINT',
  interval_year_to_month: 'BIGINT',
  unknown: 'INTEGER',
};
const NUMERIC_RANK: Partial<Record<ScalarType, number>> = { integer: 1, bigint: 2, double: 3 };

/** DuckDB's name of a type. */
export const duckTypeOf = (type: SqlType): string =>
  typeof type === 'string' ? DUCK_TYPES[type] : `${duckTypeOf(type.array)}[]`;

/** The type as messages name it. */
export const typeText = (type: SqlType): string =>
  typeof type === 'string' ? type.replaceAll('_', ' ') : `array(${typeText(type.array)})`;

export const isNumeric = (type: SqlType): boolean => typeof type === 'string' && NUMERIC_RANK[type] !== undefined;
export const isWhole = (type: SqlType): boolean => type === 'integer' || type === 'bigint';

/** The type that both can become without loss of meaning; undefined when there is none. */
export function commonType(a: SqlType, b: SqlType): SqlType | undefined {
  if (typeof a === 'object' || typeof b === 'object') {
    if (a === 'unknown') return b;
    if (b === 'unknown') return a;
    if (typeof a !== 'object' || typeof b !== 'object') return undefined;
    const item = commonType(a.array, b.array);
    return item === undefined ? undefined : { array: item };
  }
  if (a === b || b === 'unknown') return a;
  if (a === 'unknown') return b;
  const [rankA, rankB] = [NUMERIC_RANK[a], NUMERIC_RANK[b]];
  if (rankA !== undefined && rankB !== undefined) return rankA > rankB ? a : b;
  if ((a === 'timestamp' && b === 'date') || (a === 'date' && b === 'timestamp')) return 'timestamp';
  return undefined;
}

/** The expression as a value of `type`, which must be a common type of it. */
export function coerce(value: Typed, type: SqlType): string {
  if (value.type === type || (typeof type === 'object' && JSON.stringify(value.type) === JSON.stringify(type)))
    return value.sql;
  return `CAST(${value.sql} AS ${duckTypeOf(type)})`;
}

/** A string literal. */
export const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`;
export const bigintSql = (value: bigint): string => `CAST(${value} AS BIGINT)`;
export const timestampSql = (ns: bigint): string => `make_timestamp_ns(CAST(${ns} AS BIGINT))`;
