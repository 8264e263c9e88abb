import type { Call } from './ast.ts';
import { arg, doubleArg, fn, is, isArray, isDuration, takeArgs, unexpectedParameters, wholeArg } from './signature.ts';
import type { FunctionTable } from './signature.ts';
import { STATISTIC_AGGREGATES } from './statistic-aggregates.ts';
import { coerce, isNumeric, once, raiseSql, structSql } from './types.ts';
import type { SqlType, Typed } from './types.ts';
import { WINDOW_FUNCTIONS } from './window-functions.ts';

/** How an aggregate is written: what stands around DISTINCT, FILTER and OVER; `wrap` is put around the whole. */
export type AggregateForm = {
  name: string;
  args: readonly string[];
  type: SqlType;
  /** An order of its own, as DuckDB writes it. */
  orderBy?: string;
  /** Rows that it skips. */
  where?: string;
  wrap?: (sql: string) => string;
};
/** Translates the call of an aggregate or window function. */
export type BuildAggregate = (call: Call, args: readonly Typed[]) => AggregateForm;

const sameType =
  (duckName: string): BuildAggregate =>
  (call, args) => {
    const value = arg(call, takeArgs(call, args, 1), 0);
    return { name: duckName, args: [value.sql], type: value.type };
  };
/** The extreme value, or an array of the n most extreme. */
const extremeOf =
  (duckName: string): BuildAggregate =>
  (call, args) => {
    if (takeArgs(call, args, 1, 2).length === 1) return sameType(duckName)(call, args);
    const value = arg(call, args, 0);
    return { name: duckName, args: [value.sql, wholeArg(call, args, 1)], type: { array: value.type } };
  };
const byOf =
  (single: string, several: string): BuildAggregate =>
  (call, args) => {
    takeArgs(call, args, 2, 3);
    const value = arg(call, args, 0);
    const by = arg(call, args, 1);
    if (args.length === 2) return { name: single, args: [value.sql, by.sql], type: value.type };
    return { name: several, args: [value.sql, by.sql, wholeArg(call, args, 2)], type: { array: value.type } };
  };
const boolOf =
  (duckName: string): BuildAggregate =>
  (call, args) => ({
    name: duckName,
    args: [arg(call, takeArgs(call, args, 1), 0, is('boolean')).sql],
    type: 'boolean',
  });
const bitsOf =
  (duckName: string): BuildAggregate =>
  (call, args) => ({ name: duckName, args: [wholeArg(call, takeArgs(call, args, 1), 0)], type: 'bigint' });

const sum: BuildAggregate = (call, args) => {
  const value = arg(call, takeArgs(call, args, 1), 0, (type) => isNumeric(type) || isDuration(type));
  if (value.type === 'double') return { name: 'sum', args: [value.sql], type: 'double' };
  // DuckDB sums whole numbers as HUGEINT; the cast brings back BIGINT and its overflow error.
  const type = isDuration(value.type) ? value.type : 'bigint';
  return { name: 'sum', args: [value.sql], type, wrap: (sql) => `CAST(${sql} AS BIGINT)` };
};

const approxPercentile: BuildAggregate = (call, args) => {
  const value = arg(call, takeArgs(call, args, 2, 5), 0, isNumeric);
  const isWeighted = args.length > 2;
  const share = arg(call, args, isWeighted ? 2 : 1, (type) => isNumeric(type) || isArray(type));
  const isSeveral = isArray(share.type);
  const shareSql = coerce(share, isSeveral ? { array: 'double' } : 'double');
  const type: SqlType = isSeveral ? { array: value.type } : value.type;
  // Exact results lie within the error that is promised, and they do not change from run to run.
  if (!isWeighted) return { name: 'quantile_disc', args: [value.sql, shareSql], type };
  if (args.length > 3) arg(call, args, 3, isNumeric);
  const weight = doubleArg(call, args, 1);
  const shares = isSeveral ? shareSql : `[${shareSql}]`;
  return {
    name: 'list',
    args: [structSql([coerce(value, 'double'), weight])],
    where: `${value.sql} IS NOT NULL AND ${weight} > 0`,
    type,
    wrap: (sql) => {
      const list = `ts_weighted_quantiles(list_transform(${sql}, lambda p: struct_extract(p, 'f0')), list_transform(${sql}, lambda p: struct_extract(p, 'f1')), ${shares})`;
      return isSeveral ? coerceList(list, value.type) : coerce({ sql: `(${list})[1]`, type: 'double' }, value.type);
    },
  };
};

const coerceList = (sql: string, item: SqlType): string => coerce({ sql, type: { array: 'double' } }, { array: item });

/** Points in the order of time; those without time or value are left out. */
const createTimeSeries: BuildAggregate = (call, args) => {
  const time = coerce(arg(call, takeArgs(call, args, 2), 0, is('timestamp')), 'timestamp');
  const value = arg(call, args, 1);
  const type: SqlType = { timeseries: value.type };
  return {
    name: 'list',
    args: [structSql([time, value.sql])],
    orderBy: ` ORDER BY ${time}`,
    where: `${time} IS NOT NULL AND ${value.sql} IS NOT NULL`,
    type,
    wrap: (sql) =>
      once([sql], (points) => {
        const times = `list_transform(${points}, lambda p: struct_extract(p, 'f0'))`;
        const isRepeated = `len(list_distinct(${times})) < len(${points})`;
        return `CASE WHEN ${isRepeated} THEN ${raiseSql('Duplicate timestamps are not allowed in a timeseries', type)} ELSE ${points} END`;
      }),
  };
};

/** Aggregate functions. */
export const AGGREGATES: FunctionTable<BuildAggregate> = {
  ...STATISTIC_AGGREGATES,
  count: fn(['count(*)', 'count(x)'], (call, args) => {
    if (call.star || args.length === 0) return { name: 'count', args: ['*'], type: 'bigint' };
    return { name: 'count', args: [arg(call, takeArgs(call, args, 1), 0).sql], type: 'bigint' };
  }),
  sum: fn('sum(x)', sum),
  min: fn(['min(x)', 'min(x, n)'], extremeOf('min')),
  max: fn(['max(x)', 'max(x, n)'], extremeOf('max')),
  arbitrary: fn('arbitrary(x)', sameType('any_value')),
  any_value: fn('any_value(x)', sameType('any_value')),
  max_by: fn(['max_by(x, y)', 'max_by(x, y, n)'], byOf('arg_max_null', 'max_by')),
  min_by: fn(['min_by(x, y)', 'min_by(x, y, n)'], byOf('arg_min_null', 'min_by')),
  count_if: fn('count_if(condition)', (call, args) => {
    const condition = arg(call, takeArgs(call, args, 1), 0, is('boolean'));
    return { name: 'count', args: [`CASE WHEN ${condition.sql} THEN 1 END`], type: 'bigint' };
  }),
  approx_distinct: fn(['approx_distinct(x)', 'approx_distinct(x, error)'], (call, args) => {
    takeArgs(call, args, 1, 2);
    return { name: 'count', args: [`DISTINCT ${arg(call, args, 0).sql}`], type: 'bigint' };
  }),
  approx_percentile: fn(
    [
      'approx_percentile(x, percentage)',
      'approx_percentile(x, percentages)',
      'approx_percentile(x, weight, percentage)',
      'approx_percentile(x, weight, percentages)',
      'approx_percentile(x, weight, percentage, accuracy)',
    ],
    approxPercentile,
  ),
  array_agg: fn('array_agg(x [ORDER BY …])', (call, args) => {
    const value = arg(call, takeArgs(call, args, 1), 0);
    return { name: 'list', args: [value.sql], type: { array: value.type } };
  }),
  bool_and: fn('bool_and(condition)', boolOf('bool_and')),
  every: fn('every(condition)', boolOf('bool_and')),
  bool_or: fn('bool_or(condition)', boolOf('bool_or')),
  bitwise_and_agg: fn('bitwise_and_agg(x)', bitsOf('bit_and')),
  bitwise_or_agg: fn('bitwise_or_agg(x)', bitsOf('bit_or')),
  create_time_series: fn('create_time_series(time, value)', createTimeSeries),
};

/** Whether the name is that of an aggregate function. */
export const isAggregateName = (name: string): boolean => Object.hasOwn(AGGREGATES, name);
/** Whether the name is that of a function which needs OVER. */
export const isWindowName = (name: string): boolean => Object.hasOwn(WINDOW_FUNCTIONS, name);

/** The DuckDB form of an aggregate or window function. */
export function aggregateForm(call: Call, args: readonly Typed[]): AggregateForm {
  const spec = AGGREGATES[call.name] ?? WINDOW_FUNCTIONS[call.name];
  if (spec === undefined || call.args.some((node) => node.kind === 'lambda')) throw unexpectedParameters(call, args);
  return spec.build(call, args);
}
