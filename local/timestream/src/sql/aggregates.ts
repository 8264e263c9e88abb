import type { Call } from './ast.ts';
import { arg, is, takeArgs, unexpectedParameters } from './signature.ts';
import { isNumeric, isWhole } from './types.ts';
import type { SqlType, Typed } from './types.ts';

/** How an aggregate is written: `sql` without DISTINCT, FILTER and OVER; `wrap` is put around these. */
export type AggregateForm = { name: string; args: readonly string[]; type: SqlType; castTo?: string };

type Build = (call: Call, args: readonly Typed[]) => AggregateForm;

const doubleOf =
  (duckName: string, count = 1): Build =>
  (call, args) => {
    takeArgs(call, args, count);
    return {
      name: duckName,
      args: args.map((_, index) => `CAST(${arg(call, args, index, isNumeric).sql} AS DOUBLE)`),
      type: 'double',
    };
  };
const sameType =
  (duckName: string): Build =>
  (call, args) => {
    const value = arg(call, takeArgs(call, args, 1), 0);
    return { name: duckName, args: [value.sql], type: value.type };
  };
const byOf =
  (single: string, several: string): Build =>
  (call, args) => {
    takeArgs(call, args, 2, 3);
    const value = arg(call, args, 0);
    const by = arg(call, args, 1);
    if (args.length === 2) return { name: single, args: [value.sql, by.sql], type: value.type };
    return { name: several, args: [value.sql, by.sql, arg(call, args, 2, isWhole).sql], type: { array: value.type } };
  };
const boolOf =
  (duckName: string): Build =>
  (call, args) => ({
    name: duckName,
    args: [arg(call, takeArgs(call, args, 1), 0, is('boolean')).sql],
    type: 'boolean',
  });

const AGGREGATES: Record<string, Build> = {
  count: (call, args) => {
    if (call.star || args.length === 0) return { name: 'count', args: ['*'], type: 'bigint' };
    return { name: 'count', args: [arg(call, takeArgs(call, args, 1), 0).sql], type: 'bigint' };
  },
  sum: (call, args) => {
    const value = arg(call, takeArgs(call, args, 1), 0, (type) => isNumeric(type) || type === 'interval_day_to_second');
    if (value.type === 'double') return { name: 'sum', args: [value.sql], type: 'double' };
    // DuckDB sums whole numbers as HUGEINT; the cast brings back BIGINT and its overflow error.
    return { name: 'sum', args: [value.sql], type: isWhole(value.type) ? 'bigint' : value.type, castTo: 'BIGINT' };
  },
  avg: doubleOf('avg'),
  min: sameType('min'),
  max: sameType('max'),
  arbitrary: sameType('any_value'),
  any_value: sameType('any_value'),
  max_by: byOf('arg_max_null', 'max_by'),
  min_by: byOf('arg_min_null', 'min_by'),
  count_if: (call, args) => {
    const condition = arg(call, takeArgs(call, args, 1), 0, is('boolean'));
    return { name: 'count', args: [`CASE WHEN ${condition.sql} THEN 1 END`], type: 'bigint' };
  },
  // Exact results lie within the error that these promise, and they do not change from run to run.
  approx_distinct: (call, args) => {
    takeArgs(call, args, 1, 2);
    return { name: 'count', args: [`DISTINCT ${arg(call, args, 0).sql}`], type: 'bigint' };
  },
  approx_percentile: (call, args) => {
    takeArgs(call, args, 2);
    const value = arg(call, args, 0, isNumeric);
    return {
      name: 'quantile_disc',
      args: [value.sql, `CAST(${arg(call, args, 1, isNumeric).sql} AS DOUBLE)`],
      type: value.type,
    };
  },
  array_agg: (call, args) => {
    const value = arg(call, takeArgs(call, args, 1), 0);
    return { name: 'list', args: [value.sql], type: { array: value.type } };
  },
  bool_and: boolOf('bool_and'),
  every: boolOf('bool_and'),
  bool_or: boolOf('bool_or'),
  stddev: doubleOf('stddev_samp'),
  stddev_samp: doubleOf('stddev_samp'),
  stddev_pop: doubleOf('stddev_pop'),
  variance: doubleOf('var_samp'),
  var_samp: doubleOf('var_samp'),
  var_pop: doubleOf('var_pop'),
  geometric_mean: doubleOf('geometric_mean'),
  corr: doubleOf('corr', 2),
  covar_samp: doubleOf('covar_samp', 2),
  covar_pop: doubleOf('covar_pop', 2),
  regr_slope: doubleOf('regr_slope', 2),
  regr_intercept: doubleOf('regr_intercept', 2),
};

const bigintWindow: Build = (call, args) => ({
  name: call.name,
  args: takeArgs(call, args, 0).map((value) => value.sql),
  type: 'bigint',
});
const valueWindow =
  (max: number): Build =>
  (call, args) => {
    takeArgs(call, args, 1, max);
    return { name: call.name, args: args.map((value) => value.sql), type: arg(call, args, 0).type };
  };
const WINDOW_FUNCTIONS: Record<string, Build> = {
  row_number: bigintWindow,
  rank: bigintWindow,
  dense_rank: bigintWindow,
  percent_rank: (call, args) => ({ ...bigintWindow(call, args), type: 'double' }),
  cume_dist: (call, args) => ({ ...bigintWindow(call, args), type: 'double' }),
  ntile: (call, args) => ({
    name: 'ntile',
    args: [arg(call, takeArgs(call, args, 1), 0, isWhole).sql],
    type: 'bigint',
  }),
  lag: valueWindow(3),
  lead: valueWindow(3),
  first_value: valueWindow(1),
  last_value: valueWindow(1),
  nth_value: valueWindow(2),
};

/** Whether the name is that of an aggregate function. */
export const isAggregateName = (name: string): boolean => Object.hasOwn(AGGREGATES, name);
/** Whether the name is that of a function which needs OVER. */
export const isWindowName = (name: string): boolean => Object.hasOwn(WINDOW_FUNCTIONS, name);

/** The DuckDB form of an aggregate or window function. */
export function aggregateForm(call: Call, args: readonly Typed[]): AggregateForm {
  const build = AGGREGATES[call.name] ?? WINDOW_FUNCTIONS[call.name];
  if (build === undefined) throw unexpectedParameters(call, args);
  return build(call, args);
}
