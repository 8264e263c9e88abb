import { sqlError } from './position.ts';
import type { Position } from './position.ts';
import { duckTypeOf, fieldSql, fieldsOf, itemOf, once, quoteText, structSql, timestampSql, typeText } from './types.ts';
import type { ScalarType, SqlType, Typed } from './types.ts';

const TIMESTAMP_TEXT = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?Z?$/;
const LITERALS: Record<string, { type: ScalarType; form: RegExp }> = {
  date: { type: 'date', form: /^\d{4}-\d{2}-\d{2}$/ },
  time: { type: 'time', form: /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?$/ },
  bigint: { type: 'bigint', form: /^-?\d{1,19}$/ },
  double: { type: 'double', form: /^[+-]?(\d+(\.\d*)?([eE][+-]?\d+)?|NaN|Infinity)$/ },
};

/** `TIMESTAMP '…'`, `DATE '…'`, `TIME '…'`, `BIGINT '…'`, `DOUBLE '…'` */
export function typedLiteral(type: string, text: string, at: Position): Typed {
  if (type === 'timestamp') {
    const ns = parseTimestamp(text);
    if (ns === undefined) throw sqlError(at, `'${text}' is not a valid timestamp literal`);
    return { sql: timestampSql(ns), type };
  }
  const literal = LITERALS[type];
  const isValid = literal?.form.test(text) === true && (type !== 'date' || parseTimestamp(text) !== undefined);
  if (!isValid) throw sqlError(at, `'${text}' is not a valid ${type} literal`);
  const isTooLarge = type === 'bigint' && BigInt(text) !== BigInt.asIntN(64, BigInt(text));
  if (isTooLarge) throw sqlError(at, `'${text}' is not a valid ${type} literal`);
  return { sql: `CAST(${quoteText(text)} AS ${duckTypeOf(literal.type)})`, type: literal.type };
}

/** CAST and TRY_CAST. */
export function castTo(value: Typed, type: SqlType, isTry: boolean, at: Position): Typed {
  if (!canCast(value.type, type)) throw sqlError(at, `Cannot cast ${typeText(value.type)} to ${typeText(type)}`);
  return { sql: castSql(value, type, isTry), type };
}

function castSql(value: Typed, type: SqlType, isTry: boolean): string {
  const item = itemOf(type);
  const ownItem = itemOf(value.type);
  if (item !== undefined && ownItem !== undefined) {
    return `list_transform(${value.sql}, lambda c: ${castSql({ sql: 'c', type: ownItem }, item, isTry)})`;
  }
  const fields = fieldsOf(type);
  const ownFields = fieldsOf(value.type);
  if (fields !== undefined && ownFields !== undefined) {
    return once([value.sql], (row = '') => {
      const parts = fields.map((field, index) =>
        castSql({ sql: fieldSql(row, index), type: ownFields[index]?.type ?? 'unknown' }, field.type, isTry),
      );
      return `CASE WHEN ${row} IS NULL THEN NULL ELSE ${structSql(parts)} END`;
    });
  }
  if (typeof type !== 'string' || typeof value.type !== 'string')
    return `${isTry ? 'TRY_CAST' : 'CAST'}(${value.sql} AS ${duckTypeOf(type)})`;
  return scalarCast(value.sql, value.type, type, isTry);
}

/** Where DuckDB reads or writes another text, or rounds in another way, than the language. */
function scalarCast(sql: string, from: ScalarType, to: ScalarType, isTry: boolean): string {
  const cast = isTry ? 'TRY_CAST' : 'CAST';
  if (to === 'varchar') {
    if (from === 'timestamp') return `strftime(${sql}, '%Y-%m-%d %H:%M:%S.%n')`;
    if (from === 'time') return `strftime(make_timestamp_ns(epoch_ns(${sql})), '%H:%M:%S.%n')`;
    if (from === 'double') return `ts_double_text(${sql})`;
    if (from === 'interval_day_to_second' || from === 'interval_year_to_month')
      return `ts_interval_text(${sql}, ${from === 'interval_day_to_second' ? 'TRUE' : 'FALSE'})`;
  }
  if (to === 'bigint' || to === 'integer') {
    if (from === 'double') return `${cast}(round(${sql}) AS ${duckTypeOf(to)})`;
    // Anything but an integer becomes a text that cannot be cast.
    if (from === 'varchar')
      return `${cast}(regexp_replace(${sql}, '^(.*[^0-9+-].*|)$', '?', 's') AS ${duckTypeOf(to)})`;
  }
  if (to === 'timestamp' && from === 'time') return `${cast}(${sql} AS TIMESTAMP_NS)`;
  return `${cast}(${sql} AS ${duckTypeOf(to)})`;
}

const NUMBERS: readonly SqlType[] = ['bigint', 'integer', 'double', 'boolean'];
const TEXTUAL: readonly SqlType[] = ['interval_day_to_second', 'interval_year_to_month', 'time'];

function canCast(from: SqlType, to: SqlType): boolean {
  if (from === 'unknown' || from === to) return true;
  if (typeof from === 'object' || typeof to === 'object') return canCastNested(from, to);
  if (from === 'varchar') return !to.startsWith('interval');
  if (NUMBERS.includes(from)) return NUMBERS.includes(to) || to === 'varchar';
  if (from === 'timestamp') return to === 'date' || to === 'time' || to === 'varchar';
  if (from === 'date') return to === 'timestamp' || to === 'varchar';
  return TEXTUAL.includes(from) && to === 'varchar';
}

function canCastNested(from: SqlType, to: SqlType): boolean {
  const [item, toItem] = [itemOf(from), itemOf(to)];
  if (item !== undefined && toItem !== undefined) return canCast(item, toItem);
  const [fields, toFields] = [fieldsOf(from), fieldsOf(to)];
  if (fields !== undefined && toFields !== undefined) {
    return (
      fields.length === toFields.length &&
      fields.every((field, index) => canCast(field.type, toFields[index]?.type ?? 'unknown'))
    );
  }
  return (
    typeof from === 'object' &&
    typeof to === 'object' &&
    'timeseries' in from &&
    'timeseries' in to &&
    canCast(from.timeseries, to.timeseries)
  );
}

function parseTimestamp(text: string): bigint | undefined {
  const [, date, minutes = '00:00', seconds = '00', fraction = ''] = TIMESTAMP_TEXT.exec(text.trim()) ?? [];
  if (date === undefined) return undefined;
  const epochMs = Date.parse(`${date}T${minutes}:${seconds}Z`);
  // The calendar of JavaScript turns 30 February into 1 March.
  const isReal = !Number.isNaN(epochMs) && new Date(epochMs).toISOString().startsWith(date);
  return isReal ? BigInt(epochMs) * 1_000_000n + BigInt(fraction.padEnd(9, '0')) : undefined;
}
