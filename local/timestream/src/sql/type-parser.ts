import { sqlError } from './position.ts';
import type { TokenStream } from './token-stream.ts';
import type { RowField, ScalarType, SqlType } from './types.ts';

const SCALARS: Record<string, ScalarType> = {
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

/** A type, as CAST names it: `BIGINT`, `ARRAY(DOUBLE)`, `ROW(x BIGINT, y VARCHAR)`. */
export function parseType(stream: TokenStream): SqlType {
  return stream.nested(() => {
    const { text, at } = stream.name();
    const name = text.toLowerCase();
    if (name === 'array') return { array: enclosed(stream, () => parseType(stream)) };
    if (name === 'timeseries') return { timeseries: enclosed(stream, () => parseType(stream)) };
    if (name === 'row') return { row: enclosed(stream, () => stream.list(() => parseField(stream))) };
    if (name === 'interval') return parseIntervalType(stream);
    const scalar = Object.hasOwn(SCALARS, name) ? SCALARS[name] : undefined;
    if (scalar === undefined) throw sqlError(at, `Unknown type: ${name}`);
    return scalar;
  });
}

function enclosed<T>(stream: TokenStream, read: () => T): T {
  stream.expectSymbol('(');
  const inner = read();
  stream.expectSymbol(')');
  return inner;
}

/** `x BIGINT`, or only `BIGINT`. */
function parseField(stream: TokenStream): RowField {
  const follows = stream.peek(1);
  const hasName = follows.kind === 'quoted' || follows.kind === 'word';
  const name = hasName && !stream.isWord('interval') ? stream.name().text : undefined;
  return { name, type: parseType(stream) };
}

function parseIntervalType(stream: TokenStream): SqlType {
  if (stream.acceptWord('day', 'to', 'second')) return 'interval_day_to_second';
  if (stream.acceptWord('year', 'to', 'month')) return 'interval_year_to_month';
  return stream.unexpected("'DAY TO SECOND', 'YEAR TO MONTH'");
}
