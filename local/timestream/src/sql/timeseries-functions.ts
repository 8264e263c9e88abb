import { arg, doubleArg, fn, isArray, isDuration, isSeries, takeArgs, unexpectedParameters } from './signature.ts';
import type { BuildFunction, FunctionTable } from './signature.ts';
import { coerce, isNumeric, itemOf, once, structSql } from './types.ts';
import type { SqlType, Typed } from './types.ts';

type Call = Parameters<BuildFunction>[0];

/** How values between the points of a series are made. */
export const INTERPOLATIONS = { linear: 0, locf: 1, fill: 2 } as const;

const DOUBLES: SqlType = { timeseries: 'double' };
const SECOND_NS = 'CAST(1000000000 AS BIGINT)';

/** The first argument as a timeseries of doubles. */
function doubleSeries(call: Call, args: readonly Typed[]): string {
  const value = arg(call, args, 0, isSeries);
  const { type } = value;
  if (typeof type === 'object' && 'timeseries' in type && !isNumeric(type.timeseries) && type.timeseries !== 'unknown')
    throw unexpectedParameters(call, args);
  return coerce(value, DOUBLES);
}

/**
 * Values at one time or at many. The walk over both lists is a function outside of DuckDB: there it would take time of
 * the product of their lengths.
 */
const interpolate =
  (method: keyof typeof INTERPOLATIONS): BuildFunction =>
  (call, args) => {
    takeArgs(call, args, method === 'fill' ? 3 : 2);
    const points = doubleSeries(call, args);
    const at = arg(call, args, 1, (type) => type === 'timestamp' || (isArray(type) && itemOf(type) === 'timestamp'));
    const fill = method === 'fill' ? doubleArg(call, args, 2) : 'CAST(NULL AS DOUBLE)';
    const isSeveral = isArray(at.type);
    const times = isSeveral ? at.sql : `[${coerce(at, 'timestamp')}]`;
    const sql = once([points, times, fill], (series, wanted, constant) => {
      const lists = [
        `list_transform(${series}, lambda p: epoch_ns(struct_extract(p, 'f0')))`,
        `list_transform(${series}, lambda p: struct_extract(p, 'f1'))`,
        `list_transform(${wanted}, lambda p: epoch_ns(p))`,
      ];
      return `ts_interpolate(CAST(${INTERPOLATIONS[method]} AS INTEGER), ${lists.join(', ')}, ${constant})`;
    });
    if (!isSeveral) return { sql: `(${sql})[1]`, type: 'double' };
    return { sql: seriesOf(times, sql), type: DOUBLES };
  };

/** Times and values as one list; `list_zip` keeps the two together in linear time. */
const seriesOf = (times: string, values: string): string =>
  `list_transform(list_zip(${times}, ${values}), lambda p: ${structSql(['struct_extract(p, 1)', 'struct_extract(p, 2)'])})`;

/** Every two neighbours of a series. */
const pairs = (series: string): string => `list_zip(${series}[:-2], ${series}[2:])`;
const side = (index: 1 | 2, field: 'f0' | 'f1'): string => `struct_extract(struct_extract(p, ${index}), '${field}')`;
const elapsed = `CAST(epoch_ns(${side(2, 'f0')}) - epoch_ns(${side(1, 'f0')}) AS DOUBLE)`;

const derivative =
  (isNonNegative: boolean): BuildFunction =>
  (call, args) => {
    takeArgs(call, args, 2);
    const interval = arg(call, args, 1, isDuration).sql;
    const sql = once([doubleSeries(call, args), interval], (series = '', size = '') => {
      const change = `(${side(2, 'f1')} - ${side(1, 'f1')}) / ${elapsed} * ${size}`;
      const changes = `list_transform(${pairs(series)}, lambda p: ${structSql([side(2, 'f0'), change])})`;
      return isNonNegative ? `list_filter(${changes}, lambda p: struct_extract(p, 'f1') >= 0)` : changes;
    });
    return { sql, type: DOUBLES };
  };

const integral: BuildFunction = (call, args) => {
  takeArgs(call, args, 1, 2);
  const interval = args.length === 2 ? arg(call, args, 1, isDuration).sql : SECOND_NS;
  const sql = once([doubleSeries(call, args), interval], (series = '', size = '') => {
    const area = `(${side(1, 'f1')} + ${side(2, 'f1')}) / 2 * ${elapsed}`;
    return `CASE WHEN ${series} IS NULL THEN NULL ELSE coalesce(list_sum(list_transform(${pairs(series)}, lambda p: ${area})) / ${size}, CAST(0 AS DOUBLE)) END`;
  });
  return { sql, type: 'double' };
};

/** Functions of timeseries, beside those that arrays have too. */
export const TIMESERIES_FUNCTIONS: FunctionTable = {
  interpolate_linear: fn(
    ['interpolate_linear(timeseries, timestamps)', 'interpolate_linear(timeseries, timestamp)'],
    interpolate('linear'),
  ),
  interpolate_locf: fn(
    ['interpolate_locf(timeseries, timestamps)', 'interpolate_locf(timeseries, timestamp)'],
    interpolate('locf'),
  ),
  interpolate_fill: fn(
    ['interpolate_fill(timeseries, timestamps, value)', 'interpolate_fill(timeseries, timestamp, value)'],
    interpolate('fill'),
  ),
  derivative_linear: fn('derivative_linear(timeseries, interval)', derivative(false)),
  non_negative_derivative_linear: fn('non_negative_derivative_linear(timeseries, interval)', derivative(true)),
  integral_trapezoidal: fn(
    ['integral_trapezoidal(timeseries)', 'integral_trapezoidal(timeseries, interval)'],
    integral,
  ),
};
