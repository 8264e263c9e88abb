import type { Call } from './ast.ts';
import { parseDuration } from './duration.ts';
import { sqlError } from './position.ts';
import { arg, is, takeArgs, unexpectedParameters } from './signature.ts';
import { bigintSql, coerce, commonType, duckTypeOf, isNumeric, isWhole, timestampSql } from './types.ts';
import type { SqlType, Typed } from './types.ts';

type Build = (call: Call, args: readonly Typed[], nowNs: bigint) => Typed;

const NS_PER_DAY = 86_400_000_000_000n;
const isText = is('varchar');
const isInstant = is('timestamp', 'date');
const isDuration = is('interval_day_to_second');
const UNIT_NS: Record<string, bigint> = {
  millisecond: 1_000_000n,
  second: 1_000_000_000n,
  minute: 60_000_000_000n,
  hour: 3_600_000_000_000n,
  day: NS_PER_DAY,
  week: 7n * NS_PER_DAY,
};
const TRUNC_UNITS = new Set([...Object.keys(UNIT_NS), 'month', 'quarter', 'year']);

const instant = (call: Call, args: readonly Typed[], index: number): string =>
  coerce(arg(call, args, index, isInstant), 'timestamp');
const epochNs = (timestamp: string): string => `epoch_ns(${timestamp})`;

/** A function of doubles. */
const real =
  (duckName: string, count = 1): Build =>
  (call, args) => {
    takeArgs(call, args, count);
    return {
      sql: `${duckName}(${args.map((_, index) => coerce(arg(call, args, index, isNumeric), 'double')).join(', ')})`,
      type: 'double',
    };
  };
/** A function of one number that keeps its type. */
const keepNumber =
  (duckName: string): Build =>
  (call, args) => {
    const value = arg(call, takeArgs(call, args, 1), 0, isNumeric);
    return { sql: `CAST(${duckName}(${value.sql}) AS ${duckTypeOf(value.type)})`, type: value.type };
  };
const textToText =
  (duckName: string): Build =>
  (call, args) => ({
    sql: `${duckName}(${arg(call, takeArgs(call, args, 1), 0, isText).sql})`,
    type: 'varchar',
  });
const part =
  (duckName: string): Build =>
  (call, args) => ({
    sql: `CAST(${duckName}(${instant(call, takeArgs(call, args, 1), 0)}) AS BIGINT)`,
    type: 'bigint',
  });
const fromEpoch =
  (nsPerUnit: bigint): Build =>
  (call, args) => {
    const value = arg(call, takeArgs(call, args, 1), 0, isWhole);
    return { sql: `make_timestamp_ns(${coerce(value, 'bigint')} * ${bigintSql(nsPerUnit)})`, type: 'timestamp' };
  };
const toEpoch =
  (nsPerUnit: bigint): Build =>
  (call, args) => {
    const value = arg(call, takeArgs(call, args, 1), 0, (type) => isInstant(type) || isDuration(type));
    const ns = isDuration(value.type) ? value.sql : epochNs(coerce(value, 'timestamp'));
    return { sql: nsPerUnit === 1n ? ns : `(${ns} // ${bigintSql(nsPerUnit)})`, type: 'bigint' };
  };

function commonOf(call: Call, args: readonly Typed[]): SqlType {
  let type: SqlType = 'unknown';
  for (const value of args) {
    const next = commonType(type, value.type);
    if (next === undefined) throw unexpectedParameters(call, args);
    type = next;
  }
  return type;
}

/** GREATEST and LEAST are NULL as soon as one argument is; DuckDB skips NULLs. */
const extreme =
  (duckName: string): Build =>
  (call, args) => {
    takeArgs(call, args, 1, 127);
    const type = commonOf(call, args);
    const values = args.map((value) => coerce(value, type));
    const anyNull = values.map((sql) => `${sql} IS NULL`).join(' OR ');
    return { sql: `CASE WHEN ${anyNull} THEN NULL ELSE ${duckName}(${values.join(', ')}) END`, type };
  };

function literalUnit(call: Call, allowed: ReadonlySet<string>): string {
  const first = call.args[0];
  const unit = first?.kind === 'string' ? first.value.toLowerCase() : '';
  if (!allowed.has(unit)) throw sqlError(call.at, `'${unit}' is not a valid TIMESTAMP field`);
  return unit;
}

const bin: Build = (call, args) => {
  takeArgs(call, args, 2, 3);
  const interval = arg(call, args, 1, isDuration).sql;
  const origin = args.length === 3 ? epochNs(instant(call, args, 2)) : undefined;
  const ns =
    origin === undefined ? epochNs(instant(call, args, 0)) : `(${epochNs(instant(call, args, 0))} - ${origin})`;
  const floored = `(${ns} - ((${ns} % ${interval}) + ${interval}) % ${interval})`;
  return { sql: `make_timestamp_ns(${origin === undefined ? floored : `${floored} + ${origin}`})`, type: 'timestamp' };
};

const dateTrunc: Build = (call, args) => {
  const unit = literalUnit(call, TRUNC_UNITS);
  return {
    sql: `CAST(date_trunc('${unit}', ${instant(call, takeArgs(call, args, 2), 1)}) AS TIMESTAMP_NS)`,
    type: 'timestamp',
  };
};

const dateAdd: Build = (call, args) => {
  takeArgs(call, args, 3);
  const unit = literalUnit(call, TRUNC_UNITS);
  const amount = coerce(arg(call, args, 1, isWhole), 'bigint');
  const time = instant(call, args, 2);
  const factor = UNIT_NS[unit];
  if (factor !== undefined)
    return { sql: `make_timestamp_ns(${epochNs(time)} + ${amount} * ${bigintSql(factor)})`, type: 'timestamp' };
  const months = unit === 'year' ? 12 : unit === 'quarter' ? 3 : 1;
  return { sql: addMonths(time, `(${amount} * ${months})`), type: 'timestamp' };
};

const dateDiff: Build = (call, args) => {
  takeArgs(call, args, 3);
  const unit = literalUnit(call, TRUNC_UNITS);
  const [from, to] = [instant(call, args, 1), instant(call, args, 2)];
  const factor = UNIT_NS[unit];
  if (factor !== undefined)
    return { sql: `((${epochNs(to)} - ${epochNs(from)}) // ${bigintSql(factor)})`, type: 'bigint' };
  return { sql: `date_sub('${unit}', CAST(${from} AS TIMESTAMP), CAST(${to} AS TIMESTAMP))`, type: 'bigint' };
};

/** Months are added in microseconds, as DuckDB does it; the nanoseconds are put back. */
export const addMonths = (time: string, months: string): string =>
  `make_timestamp_ns(epoch_ns(CAST(CAST(${time} AS TIMESTAMP) + to_months(CAST(${months} AS INTEGER)) AS TIMESTAMP_NS)) + ${epochNs(time)} % 1000)`;

const round: Build = (call, args) => {
  const value = arg(call, takeArgs(call, args, 1, 2), 0, isNumeric);
  if (args.length === 1) return { sql: `CAST(round(${value.sql}) AS ${duckTypeOf(value.type)})`, type: value.type };
  return {
    sql: `CAST(round(${value.sql}, ${coerce(arg(call, args, 1, isWhole), 'integer')}) AS ${duckTypeOf(value.type)})`,
    type: value.type,
  };
};

const substr: Build = (call, args) => {
  takeArgs(call, args, 2, 3);
  const rest = args.slice(1).map((_, index) => coerce(arg(call, args, index + 1, isWhole), 'bigint'));
  return { sql: `substr(${[arg(call, args, 0, isText).sql, ...rest].join(', ')})`, type: 'varchar' };
};

const texts =
  (duckName: string, count: number, type: SqlType): Build =>
  (call, args) => {
    takeArgs(call, args, count);
    const sql = `${duckName}(${args.map((_, index) => arg(call, args, index, isText).sql).join(', ')})`;
    return { sql: type === 'bigint' ? `CAST(${sql} AS BIGINT)` : sql, type };
  };

const FUNCTIONS: Record<string, Build> = {
  bin,
  now: (call, args, nowNs) => ({
    sql: timestampSql(takeArgs(call, args, 0).length === 0 ? nowNs : 0n),
    type: 'timestamp',
  }),
  current_timestamp: (_call, _args, nowNs) => ({ sql: timestampSql(nowNs), type: 'timestamp' }),
  current_date: (_call, _args, nowNs) => ({ sql: `CAST(${timestampSql(nowNs)} AS DATE)`, type: 'date' }),
  ago: (call, args, nowNs) => ({
    sql: `make_timestamp_ns(${bigintSql(nowNs)} - ${arg(call, takeArgs(call, args, 1), 0, isDuration).sql})`,
    type: 'timestamp',
  }),
  parse_duration: (call, args) => {
    takeArgs(call, args, 1);
    const first = call.args[0];
    const ns = first?.kind === 'string' ? parseDuration(first.value) : undefined;
    if (ns === undefined) throw unexpectedParameters(call, args);
    return { sql: bigintSql(ns), type: 'interval_day_to_second' };
  },
  from_milliseconds: fromEpoch(1_000_000n),
  from_nanoseconds: fromEpoch(1n),
  to_milliseconds: toEpoch(1_000_000n),
  to_nanoseconds: toEpoch(1n),
  from_unixtime: (call, args) => ({
    sql: `make_timestamp_ns(CAST(round(${coerce(arg(call, takeArgs(call, args, 1), 0, isNumeric), 'double')} * 1000) AS BIGINT) * 1000000)`,
    type: 'timestamp',
  }),
  to_unixtime: (call, args) => ({
    sql: `(${epochNs(instant(call, takeArgs(call, args, 1), 0))} / 1e9)`,
    type: 'double',
  }),
  from_iso8601_timestamp: (call, args) => ({
    // TIMESTAMPTZ understands the zone; its microseconds are all that the text form may carry beyond milliseconds.
    sql: `make_timestamp_ns(epoch_us(CAST(${arg(call, takeArgs(call, args, 1), 0, isText).sql} AS TIMESTAMPTZ)) * 1000)`,
    type: 'timestamp',
  }),
  date_trunc: dateTrunc,
  date_add: dateAdd,
  date_diff: dateDiff,
  date: (call, args) => ({ sql: `CAST(${arg(call, takeArgs(call, args, 1), 0).sql} AS DATE)`, type: 'date' }),
  year: part('year'),
  quarter: part('quarter'),
  month: part('month'),
  week: part('week'),
  day: part('day'),
  day_of_month: part('day'),
  day_of_week: part('isodow'),
  day_of_year: part('dayofyear'),
  hour: part('hour'),
  minute: part('minute'),
  second: part('second'),
  millisecond: (call, args) => ({
    sql: `(${epochNs(instant(call, takeArgs(call, args, 1), 0))} // 1000000 % 1000)`,
    type: 'bigint',
  }),
  coalesce: (call, args) => {
    takeArgs(call, args, 1, 127);
    const type = commonOf(call, args);
    return { sql: `coalesce(${args.map((value) => coerce(value, type)).join(', ')})`, type };
  },
  greatest: extreme('greatest'),
  least: extreme('least'),
  if: (call, args) => {
    takeArgs(call, args, 2, 3);
    const condition = arg(call, args, 0, is('boolean'));
    const type = commonOf(call, args.slice(1));
    const otherwise = args[2] === undefined ? 'NULL' : coerce(args[2], type);
    return { sql: `CASE WHEN ${condition.sql} THEN ${coerce(arg(call, args, 1), type)} ELSE ${otherwise} END`, type };
  },
  nullif: (call, args) => {
    const type = commonOf(call, takeArgs(call, args, 2));
    const [first, second] = [arg(call, args, 0), arg(call, args, 1)];
    return {
      sql: `CAST(nullif(${coerce(first, type)}, ${coerce(second, type)}) AS ${duckTypeOf(first.type)})`,
      type: first.type,
    };
  },
  abs: keepNumber('abs'),
  floor: keepNumber('floor'),
  ceil: keepNumber('ceil'),
  ceiling: keepNumber('ceil'),
  sign: keepNumber('sign'),
  truncate: keepNumber('trunc'),
  round,
  sqrt: real('sqrt'),
  exp: real('exp'),
  ln: real('ln'),
  log2: real('log2'),
  log10: real('log10'),
  power: real('pow', 2),
  pow: real('pow', 2),
  is_nan: (call, args) => ({
    sql: `isnan(${coerce(arg(call, takeArgs(call, args, 1), 0, isNumeric), 'double')})`,
    type: 'boolean',
  }),
  lower: textToText('lower'),
  upper: textToText('upper'),
  trim: textToText('trim'),
  ltrim: textToText('ltrim'),
  rtrim: textToText('rtrim'),
  reverse: textToText('reverse'),
  length: texts('length', 1, 'bigint'),
  strpos: texts('strpos', 2, 'bigint'),
  starts_with: texts('starts_with', 2, 'boolean'),
  replace: texts('replace', 3, 'varchar'),
  regexp_like: texts('regexp_matches', 2, 'boolean'),
  substr,
  substring: substr,
  concat: (call, args) => {
    takeArgs(call, args, 2, 127);
    return { sql: `(${args.map((_, index) => arg(call, args, index, isText).sql).join(' || ')})`, type: 'varchar' };
  },
  cardinality: (call, args) => ({
    sql: `len(${arg(call, takeArgs(call, args, 1), 0, (type) => typeof type === 'object').sql})`,
    type: 'bigint',
  }),
  sequence: (call, args) => {
    takeArgs(call, args, 2, 3);
    if (isInstant(arg(call, args, 0).type)) {
      const step = arg(call, takeArgs(call, args, 3), 2, isDuration).sql;
      const series = `generate_series(${epochNs(instant(call, args, 0))}, ${epochNs(instant(call, args, 1))}, ${step})`;
      return { sql: `list_transform(${series}, lambda s: make_timestamp_ns(s))`, type: { array: 'timestamp' } };
    }
    return {
      sql: `generate_series(${args.map((_, index) => coerce(arg(call, args, index, isWhole), 'bigint')).join(', ')})`,
      type: { array: 'bigint' },
    };
  },
};

/** Translates a scalar function; its arguments are translated already. */
export function callFunction(call: Call, args: readonly Typed[], nowNs: bigint): Typed {
  const build = Object.hasOwn(FUNCTIONS, call.name) ? FUNCTIONS[call.name] : undefined;
  if (build === undefined) throw sqlError(call.at, `Function ${call.name} not registered`);
  if (call.star || call.distinct || call.filter !== undefined || call.over !== undefined) {
    throw sqlError(call.at, `Function ${call.name} is not an aggregate or window function`);
  }
  return build(call, args, nowNs);
}
