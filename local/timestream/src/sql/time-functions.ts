import type { Call } from './ast.ts';
import { parseDuration } from './duration.ts';
import { sqlError } from './position.ts';
import {
  arg,
  commonOf,
  epochNs,
  fn,
  instant,
  isDuration,
  isInstant,
  isText,
  takeArgs,
  textArg,
  unexpectedParameters,
  wholeArg,
} from './signature.ts';
import type { BuildFunction, FunctionTable } from './signature.ts';
import { bigintSql, coerce, isNumeric, isWhole, once, timestampSql } from './types.ts';
import type { Typed } from './types.ts';

const NS_PER_DAY = 86_400_000_000_000n;

const UNIT_NS: Record<string, bigint> = {
  nanosecond: 1n,
  microsecond: 1_000n,
  millisecond: 1_000_000n,
  second: 1_000_000_000n,
  minute: 60_000_000_000n,
  hour: 3_600_000_000_000n,
  day: NS_PER_DAY,
  week: 7n * NS_PER_DAY,
};

const TRUNC_UNITS = new Set(['second', 'minute', 'hour', 'day', 'week', 'month', 'quarter', 'year', 'millisecond']);
const ADD_UNITS = new Set([...Object.keys(UNIT_NS), 'month', 'quarter', 'year']);

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
  const value = arg(call, args, 0, (type) => isInstant(type) || isNumeric(type));
  if (isNumeric(value.type)) return numberBin(call, args);
  const interval = arg(call, args, 1, (type) => isDuration(type) || type === 'interval_year_to_month');
  if (!isDuration(interval.type)) return monthBin(call, args, interval.sql);
  const time = epochNs(instant(call, args, 0));
  const floored = (ns: string, size: string): string => `(${ns} - ((${ns} % ${size}) + ${size}) % ${size})`;
  if (args.length === 2) {
    const sql = once([time, interval.sql], (ns = '', size = '') => `make_timestamp_ns(${floored(ns, size)})`);
    return { sql, type: 'timestamp' };
  }
  const operands = [time, interval.sql, epochNs(instant(call, args, 2))];
  const sql = once(
    operands,
    (ns = '', size = '', origin = '') => `make_timestamp_ns(${floored(`(${ns} - ${origin})`, size)} + ${origin})`,
  );
  return { sql, type: 'timestamp' };
};

/** A bin of whole months, counted from January 1970. */
function monthBin(call: Call, args: readonly Typed[], months: string): Typed {
  takeArgs(call, args, 2);
  const sql = once([instant(call, args, 0), months], (time, size = '') => {
    const count = `((CAST(year(${time}) AS BIGINT) - 1970) * 12 + month(${time}) - 1)`;
    return `CAST(DATE '1970-01-01' + to_months(CAST(${count} - ((${count} % ${size}) + ${size}) % ${size} AS INTEGER)) AS TIMESTAMP_NS)`;
  });
  return { sql, type: 'timestamp' };
}

function numberBin(call: Call, args: readonly Typed[]): Typed {
  const type = commonOf(call, takeArgs(call, args, 2));
  const sql = once(
    args.map((value) => coerce(value, type)),
    (value = '', size = '') => `(${value} - ((${value} % ${size}) + ${size}) % ${size})`,
  );
  return { sql, type };
}

const dateTrunc: BuildFunction = (call, args) => {
  takeArgs(call, args, 2);
  const unit = literalUnit(call, TRUNC_UNITS);
  const truncated = `date_trunc('${unit}', ${instant(call, args, 1)})`;
  return arg(call, args, 1).type === 'date'
    ? { sql: `CAST(${truncated} AS DATE)`, type: 'date' }
    : { sql: `CAST(${truncated} AS TIMESTAMP_NS)`, type: 'timestamp' };
};

const dateAdd: BuildFunction = (call, args) => {
  takeArgs(call, args, 3);
  const unit = literalUnit(call, ADD_UNITS);
  const amount = wholeArg(call, args, 1);
  const { type } = arg(call, args, 2, isInstant);
  const time = instant(call, args, 2);
  const factor = UNIT_NS[unit];
  const months = unit === 'year' ? 12 : unit === 'quarter' ? 3 : 1;
  const sql =
    factor !== undefined
      ? `make_timestamp_ns(${epochNs(time)} + ${amount} * ${bigintSql(factor)})`
      : addMonths(time, `(${amount} * ${months})`);
  return type === 'date' ? { sql: `CAST(${sql} AS DATE)`, type } : { sql, type: 'timestamp' };
};

const dateDiff: BuildFunction = (call, args) => {
  takeArgs(call, args, 3);
  const unit = literalUnit(call, ADD_UNITS);
  const [from, to] = [instant(call, args, 1), instant(call, args, 2)];
  const factor = UNIT_NS[unit];
  if (factor !== undefined)
    return { sql: `((${epochNs(to)} - ${epochNs(from)}) // ${bigintSql(factor)})`, type: 'bigint' };
  return { sql: `date_sub('${unit}', CAST(${from} AS TIMESTAMP), CAST(${to} AS TIMESTAMP))`, type: 'bigint' };
};

/** Months are added in microseconds, as DuckDB does it; the nanoseconds are put back. */
export const addMonths = (time: string, months: string): string =>
  once(
    [time, months],
    (instantSql = '', count = '') =>
      `make_timestamp_ns(epoch_ns(CAST(CAST(${instantSql} AS TIMESTAMP) + to_months(CAST(${count} AS INTEGER)) AS TIMESTAMP_NS)) + ${epochNs(instantSql)} % 1000)`,
  );

const currentTime: BuildFunction = (call, args, { nowNs }) => {
  takeArgs(call, args, 0);
  return { sql: `CAST(${timestampSql(nowNs)} AS TIME_NS)`, type: 'time' };
};
const currentInstant: BuildFunction = (call, args, { nowNs }) => {
  takeArgs(call, args, 0);
  return { sql: timestampSql(nowNs), type: 'timestamp' };
};

/** Functions of time; all of a query see the same moment as now. */
export const TIME_FUNCTIONS: FunctionTable = {
  bin: fn(['bin(timestamp, interval)', 'bin(timestamp, interval, origin)', 'bin(x, size)'], bin),
  now: fn('now()', currentInstant),
  current_timestamp: fn('current_timestamp', currentInstant),
  localtimestamp: fn('localtimestamp', currentInstant),
  current_date: fn('current_date', (call, args, { nowNs }) => {
    takeArgs(call, args, 0);
    return { sql: `CAST(${timestampSql(nowNs)} AS DATE)`, type: 'date' };
  }),
  current_time: fn('current_time', currentTime),
  localtime: fn('localtime', currentTime),
  current_timezone: fn('current_timezone()', (call, args) => {
    takeArgs(call, args, 0);
    return { sql: "'UTC'", type: 'varchar' };
  }),
  ago: fn('ago(interval)', (call, args, { nowNs }) => ({
    sql: `make_timestamp_ns(${bigintSql(nowNs)} - ${arg(call, takeArgs(call, args, 1), 0, isDuration).sql})`,
    type: 'timestamp',
  })),
  parse_duration: fn('parse_duration(text)', (call, args) => {
    takeArgs(call, args, 1);
    const first = call.args[0];
    const ns = first?.kind === 'string' ? parseDuration(first.value) : undefined;
    if (ns === undefined) throw unexpectedParameters(call, args);
    return { sql: bigintSql(ns), type: 'interval_day_to_second' };
  }),
  human_readable_seconds: fn('human_readable_seconds(x)', (call, args) => ({
    sql: `ts_human_seconds(${coerce(arg(call, takeArgs(call, args, 1), 0, isNumeric), 'double')})`,
    type: 'varchar',
  })),
  from_milliseconds: fn('from_milliseconds(x)', fromEpoch(1_000_000n)),
  from_nanoseconds: fn('from_nanoseconds(x)', fromEpoch(1n)),
  to_milliseconds: fn(['to_milliseconds(timestamp)', 'to_milliseconds(interval)'], toEpoch(1_000_000n)),
  to_nanoseconds: fn(['to_nanoseconds(timestamp)', 'to_nanoseconds(interval)'], toEpoch(1n)),
  from_unixtime: fn('from_unixtime(seconds)', (call, args) => ({
    sql: `make_timestamp_ns(CAST(round(${coerce(arg(call, takeArgs(call, args, 1), 0, isNumeric), 'double')} * 1000) AS BIGINT) * 1000000)`,
    type: 'timestamp',
  })),
  to_unixtime: fn('to_unixtime(timestamp)', (call, args) => ({
    sql: `(${epochNs(instant(call, takeArgs(call, args, 1), 0))} / 1e9)`,
    type: 'double',
  })),
  from_iso8601_timestamp: fn('from_iso8601_timestamp(text)', (call, args) => ({
    // TIMESTAMPTZ understands the zone; its microseconds are all that the text form may carry beyond milliseconds.
    sql: `make_timestamp_ns(epoch_us(CAST(${textArg(call, takeArgs(call, args, 1), 0)} AS TIMESTAMPTZ)) * 1000)`,
    type: 'timestamp',
  })),
  from_iso8601_date: fn('from_iso8601_date(text)', (call, args) => ({
    sql: `CAST(${textArg(call, takeArgs(call, args, 1), 0)} AS DATE)`,
    type: 'date',
  })),
  date_trunc: fn('date_trunc(unit, timestamp)', dateTrunc),
  date_add: fn('date_add(unit, x, timestamp)', dateAdd),
  date_diff: fn('date_diff(unit, from, to)', dateDiff),
  date: fn(['date(text)', 'date(timestamp)'], (call, args) => ({
    sql: `CAST(${arg(call, takeArgs(call, args, 1), 0, (type) => isText(type) || isInstant(type)).sql} AS DATE)`,
    type: 'date',
  })),
  last_day_of_month: fn(['last_day_of_month(timestamp)', 'last_day_of_month(date)'], (call, args) => ({
    sql: `CAST(last_day(${instant(call, takeArgs(call, args, 1), 0)}) AS DATE)`,
    type: 'date',
  })),
};
