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
/** A field of a row; fields need no name. */
export type RowField = { name: string | undefined; type: SqlType };
/**
 * Types of the query language. In DuckDB intervals are a BIGINT of nanoseconds or months, timestamps a TIMESTAMP_NS,
 * a row is a STRUCT with the fields `f0`, `f1`, …, and a timeseries a list of rows of time and value.
 */
export type SqlType = ScalarType | { array: SqlType } | { row: readonly RowField[] } | { timeseries: SqlType };

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
  time: 'TIME_NS',
  interval_day_to_second: 'BIGINT',
  interval_year_to_month: 'BIGINT',
  unknown: 'INTEGER',
};
const NUMERIC_RANK: Partial<Record<ScalarType, number>> = { integer: 1, bigint: 2, double: 3 };

/** The row that a timeseries has for each point. */
export const pointOf = (value: SqlType): { row: readonly RowField[] } => ({
  row: [
    { name: 'time', type: 'timestamp' },
    { name: 'value', type: value },
  ],
});

/** The type of the items of an array; undefined when the type is none. */
export const itemOf = (type: SqlType): SqlType | undefined =>
  typeof type === 'object' && 'array' in type ? type.array : undefined;
/** The type of the items of an array, or of the points of a timeseries; undefined when the type is neither. */
export const elementOf = (type: SqlType): SqlType | undefined =>
  typeof type === 'object' && 'timeseries' in type ? pointOf(type.timeseries) : itemOf(type);
/** The fields of a row; undefined when the type is none. */
export const fieldsOf = (type: SqlType): readonly RowField[] | undefined =>
  typeof type === 'object' && 'row' in type ? type.row : undefined;

/** DuckDB's name of a type. */
export function duckTypeOf(type: SqlType): string {
  if (typeof type === 'string') return DUCK_TYPES[type];
  if ('row' in type)
    return `STRUCT(${type.row.map((field, index) => `f${index} ${duckTypeOf(field.type)}`).join(', ')})`;
  return `${duckTypeOf('array' in type ? type.array : pointOf(type.timeseries))}[]`;
}

/** The type as messages name it. */
export function typeText(type: SqlType): string {
  if (typeof type === 'string') return type.replaceAll('_', ' ');
  if ('array' in type) return `array(${typeText(type.array)})`;
  if ('timeseries' in type) return `timeseries(row(timestamp, ${typeText(type.timeseries)}))`;
  const fields = type.row.map(({ name, type: field }) => `${name === undefined ? '' : `${name} `}${typeText(field)}`);
  return `row(${fields.join(', ')})`;
}

/** How many scalars a type is made of. */
export function typeSize(type: SqlType): number {
  if (typeof type === 'string') return 1;
  if ('row' in type) return type.row.reduce((sum, field) => sum + typeSize(field.type), 1);
  return 1 + typeSize('array' in type ? type.array : type.timeseries);
}

export const isNumeric = (type: SqlType): boolean => typeof type === 'string' && NUMERIC_RANK[type] !== undefined;
export const isWhole = (type: SqlType): boolean => type === 'integer' || type === 'bigint';

/** The type that both can become without loss of meaning; undefined when there is none. */
export function commonType(a: SqlType, b: SqlType): SqlType | undefined {
  if (a === 'unknown') return b;
  if (b === 'unknown') return a;
  if (typeof a === 'object' || typeof b === 'object') return commonNested(a, b);
  if (a === b) return a;
  const [rankA, rankB] = [NUMERIC_RANK[a], NUMERIC_RANK[b]];
  if (rankA !== undefined && rankB !== undefined) return rankA > rankB ? a : b;
  if ((a === 'timestamp' && b === 'date') || (a === 'date' && b === 'timestamp')) return 'timestamp';
  return undefined;
}

function commonNested(a: SqlType, b: SqlType): SqlType | undefined {
  if (typeof a !== 'object' || typeof b !== 'object') return undefined;
  if ('array' in a && 'array' in b) {
    const item = commonType(a.array, b.array);
    return item === undefined ? undefined : { array: item };
  }
  if ('timeseries' in a && 'timeseries' in b) {
    const value = commonType(a.timeseries, b.timeseries);
    return value === undefined ? undefined : { timeseries: value };
  }
  if (!('row' in a) || !('row' in b) || a.row.length !== b.row.length) return undefined;
  const fields: RowField[] = [];
  for (const [index, { name, type }] of a.row.entries()) {
    const other = b.row[index];
    const common = other === undefined ? undefined : commonType(type, other.type);
    if (common === undefined) return undefined;
    fields.push({ name: name === other?.name ? name : undefined, type: common });
  }
  return { row: fields };
}

/** The expression as a value of `type`, which must be a common type of it. */
export function coerce(value: Typed, type: SqlType): string {
  if (value.type === type) return value.sql;
  const duckType = duckTypeOf(type);
  return value.type !== 'unknown' && duckTypeOf(value.type) === duckType
    ? value.sql
    : `CAST(${value.sql} AS ${duckType})`;
}

/** A string literal; the zero character would end the text of the statement. */
export function quoteText(text: string): string {
  const quote = (part: string): string => `'${part.replaceAll("'", "''")}'`;
  return text.includes('\0') ? `(${text.split('\0').map(quote).join(' || chr(0) || ')})` : quote(text);
}
export const bigintSql = (value: bigint): string => `CAST(${value} AS BIGINT)`;
export const timestampSql = (ns: bigint): string => `make_timestamp_ns(CAST(${ns} AS BIGINT))`;
/** A row of these values. */
export const structSql = (values: readonly string[]): string =>
  `struct_pack(${values.map((value, index) => `f${index} := ${value}`).join(', ')})`;
/** A field of a row; with a dot, DuckDB would look for a table of the name that a lambda gave the row. */
export const fieldSql = (row: string, index: number): string => `struct_extract(${row}, 'f${index}')`;
/** Ends the query with a message when it is evaluated; as a cast, so that TRY can catch it. */
export const raiseSql = (message: string, type: SqlType): string =>
  typeof type === 'string'
    ? `CAST(CAST('ts:${message}' AS INTEGER) AS ${duckTypeOf(type)})`
    : `CAST('ts:${message}' AS ${duckTypeOf(type)})`;

// Repeating a text that is shorter keeps SQL readable, and statements of constants prunable.
const MAX_REPEATED = 300;
// Bodies may repeat an operand inside of a lambda, where DuckDB takes no query.
const HOLDS_QUERY = /\(SELECT /;

/**
 * SQL that needs its operands more than once. Long ones are bound to a name first: repeating them would let nested
 * calls grow without bounds.
 */
export function once(operands: readonly string[], body: (...names: string[]) => string): string {
  if (operands.every((sql) => sql.length <= MAX_REPEATED && !HOLDS_QUERY.test(sql))) return body(...operands);
  return `list_transform([${structSql(operands)}], lambda o: ${body(...operands.map((_, index) => fieldSql('o', index)))})[1]`;
}
