import type { Call } from './ast.ts';
import { parseDuration } from './duration.ts';
import { sqlError } from './position.ts';
import { arg, epochNs, instant, isDuration, isInstant, isText, takeArgs, unexpectedParameters } from './signature.ts';
import type { BuildFunction } from './signature.ts';
import { bigintSql, coerce, isNumeric, isWhole, timestampSql } from './types.ts';

const NS_PER_DAY = 86_400_000_000_000n;

const UNIT_NS: Record<string, bigint> = {
  millisecond: 1_000_000n,
  second: 1_000_000_000n,
  minute: 60_000_000_000n,
  hour: 3_600_000_000_000n,
  day: NS_PER_DAY,
  week: 7n * NS_PER_DAY,
};

const TRUNC_UNITS = new Set([...Object.keys(UNIT_NS), 'month', 'quarter', 'year']);

const part =
  (duckName: string): BuildFunction =>
  (call, args) => ({
    sql: `CAST(${duckName}(${instant(call, takeArgs(call, args, 1), 0)}) AS BIGINT)`,
    type: 'bigint',
  });

const fromEpoch =
  (nsPerUnit: bigint): BuildFunction =>
  (call, args) => {
    const value = arg(call, takeArgs(call, args, 1), 0, isWhole);
    return { sql: `make_timestamp_ns(${coerce(value, 'bigint')} * ${bigintSql(nsPerUnit)})`, type: 'timestamp' };
  };

const toEpoch =
  (nsPerUnit: bigint): BuildFunction =>
  (call, args) => {
    const value = arg(call, takeArgs(call, args, 1), 0, (type) => isInstant(type) || isDuration(type));
    const ns = isDuration(value.type) ? value.sql : epochNs(coerce(value, 'timestamp'));
    return { sql: nsPerUnit === 1n ? ns : `(${ns} // ${bigintSql(nsPerUnit)})`, type: 'bigint' };
  };

function literalUnit(call: Call, allowed: ReadonlySet<string>): string {
  const first = call.args[0];
  const unit = first?.kind === 'string' ? first.value.toLowerCase() : '';
  if (!allowed.has(unit)) throw sqlError(call.at, `'${unit}' is not a valid TIMESTAMP field`);
  return unit;
}

const bin: BuildFunction = (call, args) => {
  takeArgs(call, args, 2, 3);
  const interval = arg(call, args, 1, isDuration).sql;
  const origin = args.length === 3 ? epochNs(instant(call, args, 2)) : undefined;
  const ns =
    origin === undefined ? epochNs(instant(call, args, 0)) : `(${epochNs(instant(call, args, 0))} - ${origin})`;
  const floored = `(${ns} - ((${ns} % ${interval}) + ${interval}) % ${interval})`;
  return { sql: `make_timestamp_ns(${origin === undefined ? floored : `${floored} + ${origin}`})`, type: 'timestamp' };
};

const dateTrunc: BuildFunction = (call, args) => {
  const unit = literalUnit(call, TRUNC_UNITS);
  return {
    sql: `CAST(date_trunc('${unit}', ${instant(call, takeArgs(call, args, 2), 1)}) AS TIMESTAMP_NS)`,
    type: 'timestamp',
  };
};

const dateAdd: BuildFunction = (call, args) => {
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

const dateDiff: BuildFunction = (call, args) => {
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

/** Functions of time. */
export const TIME_FUNCTIONS: Record<string, BuildFunction> = {
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
};
