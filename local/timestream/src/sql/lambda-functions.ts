import { arg, arrayArg, elementsArg, fn, isSeries, takeArgs, unexpectedParameters } from './signature.ts';
import type { BuildFunction, CallContext, FunctionTable } from './signature.ts';
import { coerce, commonType, duckTypeOf, fieldSql, once, structSql } from './types.ts';
import type { SqlType, Typed } from './types.ts';

type Call = Parameters<BuildFunction>[0];

/** A lambda of one element that answers a condition. */
function condition(call: Call, args: readonly Typed[], context: CallContext, item: SqlType): string {
  const { sql, type } = context.lambda(1, [item]);
  if (type !== 'boolean' && type !== 'unknown') throw unexpectedParameters(call, args);
  return sql;
}

const filter: BuildFunction = (call, args, context) => {
  const { sql, item } = elementsArg(call, takeArgs(call, args, 2), 0);
  return { sql: `list_filter(${sql}, ${condition(call, args, context, item)})`, type: arg(call, args, 0).type };
};

/** A transformed timeseries keeps its times, unless the lambda answers points of its own. */
const transform: BuildFunction = (call, args, context) => {
  const { sql, item } = elementsArg(call, takeArgs(call, args, 2), 0);
  const lambda = context.lambda(1, [item]);
  const list = `list_transform(${sql}, ${lambda.sql})`;
  if (!isSeries(arg(call, args, 0).type)) return { sql: list, type: { array: lambda.type } };
  if (typeof lambda.type === 'object' && 'row' in lambda.type) {
    const [time, value, ...others] = lambda.type.row;
    if (time?.type !== 'timestamp' || value === undefined || others.length > 0) throw unexpectedParameters(call, args);
    return { sql: list, type: { timeseries: value.type } };
  }
  const [point = ''] = context.names(1);
  const body = context.lambdaBody(1, [{ sql: point, type: item }]);
  return {
    sql: `list_transform(${sql}, lambda ${point}: ${structSql([fieldSql(point, 0), body.sql])})`,
    type: { timeseries: body.type },
  };
};

/** DuckDB's reduce has one type for state and element; a row of both is that type. */
const reduce: BuildFunction = (call, args, context) => {
  const { sql, item } = elementsArg(call, takeArgs(call, args, 4), 0);
  const init = arg(call, args, 1);
  const [left = '', right = '', last = ''] = context.names(3);
  const step = (type: SqlType): Typed =>
    context.lambdaBody(2, [
      { sql: fieldSql(left, 0), type },
      { sql: fieldSql(right, 1), type: item },
    ]);
  let state = commonType(init.type, step(init.type).type);
  if (state !== undefined && state !== init.type) state = commonType(state, step(state).type);
  if (state === undefined) throw unexpectedParameters(call, args);
  const next = structSql([coerce(step(state), state), fieldSql(right, 1)]);
  const [stateType, itemType] = [duckTypeOf(state), duckTypeOf(item)];
  const pairs = `list_transform(${sql}, lambda p: ${structSql([`CAST(NULL AS ${stateType})`, `CAST(p AS ${itemType})`])})`;
  const start = structSql([`CAST(${init.sql} AS ${stateType})`, `CAST(NULL AS ${itemType})`]);
  const reduced = fieldSql(`list_reduce(${pairs}, lambda ${left}, ${right}: ${next}, ${start})`, 0);
  const output = context.lambdaBody(3, [{ sql: last, type: state }]);
  return { sql: `list_transform([${reduced}], lambda ${last}: ${output.sql})[1]`, type: output.type };
};

/** Whether any, all or none match; unknown when that depends on elements that are. */
const matching =
  (write: (matches: string) => string): BuildFunction =>
  (call, args, context) => {
    const { sql, item } = elementsArg(call, takeArgs(call, args, 2), 0);
    const matches = `list_transform(${sql}, ${condition(call, args, context, item)})`;
    return { sql: once([matches], (list = '') => write(list)), type: 'boolean' };
  };
const any = (list: string): string =>
  `CASE WHEN ${list} IS NULL THEN NULL WHEN list_contains(${list}, TRUE) THEN TRUE WHEN len(list_filter(${list}, lambda p: p IS NULL)) > 0 THEN NULL ELSE FALSE END`;
const all = (list: string): string =>
  `CASE WHEN ${list} IS NULL THEN NULL WHEN list_contains(${list}, FALSE) THEN FALSE WHEN len(list_filter(${list}, lambda p: p IS NULL)) > 0 THEN NULL ELSE TRUE END`;

const zipWith: BuildFunction = (call, args, context) => {
  takeArgs(call, args, 3);
  const [left, right] = [arrayArg(call, args, 0), arrayArg(call, args, 1)];
  const [pair = ''] = context.names(1);
  const body = context.lambdaBody(2, [
    { sql: fieldSql(pair, 0), type: left.item },
    { sql: fieldSql(pair, 1), type: right.item },
  ]);
  const pairs = once([left.sql, right.sql], (a, b) => {
    const fields = structSql([`list_extract(${a}, p)`, `list_extract(${b}, p)`]);
    return `list_transform(range(1, greatest(len(${a}), len(${b})) + 1), lambda p: ${fields})`;
  });
  return { sql: `list_transform(${pairs}, lambda ${pair}: ${body.sql})`, type: { array: body.type } };
};

/** Functions of arrays and timeseries that take a lambda. */
export const LAMBDA_FUNCTIONS: FunctionTable = {
  filter: fn(['filter(array, function)', 'filter(timeseries, function)'], filter, [1]),
  transform: fn(['transform(array, function)', 'transform(timeseries, function)'], transform, [1]),
  reduce: fn(['reduce(array, state, function, output)', 'reduce(timeseries, state, function, output)'], reduce, [2, 3]),
  any_match: fn('any_match(array, function)', matching(any), [1]),
  all_match: fn('all_match(array, function)', matching(all), [1]),
  none_match: fn(
    'none_match(array, function)',
    matching((list) => `NOT ${any(list)}`),
    [1],
  ),
  zip_with: fn('zip_with(x, y, function)', zipWith, [2]),
};
