import type { Call } from './ast.ts';
import { sqlError } from './position.ts';
import { arg, epochNs, instant, is, isDuration, isInstant, takeArgs, unexpectedParameters } from './signature.ts';
import type { BuildFunction } from './signature.ts';
import { TEXT_FUNCTIONS } from './text-functions.ts';
import { TIME_FUNCTIONS } from './time-functions.ts';
import { coerce, commonType, duckTypeOf, isNumeric, isWhole } from './types.ts';
import type { SqlType, Typed } from './types.ts';

/** A function of doubles. */
const real =
  (duckName: string, count = 1): BuildFunction =>
  (call, args) => {
    takeArgs(call, args, count);
    return {
      sql: `${duckName}(${args.map((_, index) => coerce(arg(call, args, index, isNumeric), 'double')).join(', ')})`,
      type: 'double',
    };
  };

/** A function of one number that keeps its type. */
const keepNumber =
  (duckName: string): BuildFunction =>
  (call, args) => {
    const value = arg(call, takeArgs(call, args, 1), 0, isNumeric);
    return { sql: `CAST(${duckName}(${value.sql}) AS ${duckTypeOf(value.type)})`, type: value.type };
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
  (duckName: string): BuildFunction =>
  (call, args) => {
    takeArgs(call, args, 1, 127);
    const type = commonOf(call, args);
    const values = args.map((value) => coerce(value, type));
    const anyNull = values.map((sql) => `${sql} IS NULL`).join(' OR ');
    return { sql: `CASE WHEN ${anyNull} THEN NULL ELSE ${duckName}(${values.join(', ')}) END`, type };
  };

const round: BuildFunction = (call, args) => {
  const value = arg(call, takeArgs(call, args, 1, 2), 0, isNumeric);
  if (args.length === 1) return { sql: `CAST(round(${value.sql}) AS ${duckTypeOf(value.type)})`, type: value.type };
  return {
    sql: `CAST(round(${value.sql}, ${coerce(arg(call, args, 1, isWhole), 'integer')}) AS ${duckTypeOf(value.type)})`,
    type: value.type,
  };
};

const FUNCTIONS: Record<string, BuildFunction> = {
  ...TIME_FUNCTIONS,
  ...TEXT_FUNCTIONS,
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
