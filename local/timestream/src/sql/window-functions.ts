import type { BuildAggregate } from './aggregates.ts';
import { arg, fn, takeArgs, unexpectedParameters, wholeArg } from './signature.ts';
import type { FunctionTable } from './signature.ts';
import { coerce, commonType } from './types.ts';
import type { SqlType } from './types.ts';

const ranking =
  (type: SqlType): BuildAggregate =>
  (call, args) => ({ name: call.name, args: takeArgs(call, args, 0).map((value) => value.sql), type });

const valueOf: BuildAggregate = (call, args) => {
  const value = arg(call, takeArgs(call, args, 1), 0);
  return { name: call.name, args: [value.sql], type: value.type };
};

/** LAG and LEAD: so many rows away, or the default. */
const shifted: BuildAggregate = (call, args) => {
  takeArgs(call, args, 1, 3);
  const value = arg(call, args, 0);
  if (args.length === 1) return { name: call.name, args: [value.sql], type: value.type };
  const offset = wholeArg(call, args, 1);
  if (args.length === 2) return { name: call.name, args: [value.sql, offset], type: value.type };
  const otherwise = arg(call, args, 2);
  const type = commonType(value.type, otherwise.type);
  if (type === undefined) throw unexpectedParameters(call, args);
  return { name: call.name, args: [coerce(value, type), offset, coerce(otherwise, type)], type };
};

/** Functions that need OVER. */
export const WINDOW_FUNCTIONS: FunctionTable<BuildAggregate> = {
  row_number: fn('row_number()', ranking('bigint')),
  rank: fn('rank()', ranking('bigint')),
  dense_rank: fn('dense_rank()', ranking('bigint')),
  percent_rank: fn('percent_rank()', ranking('double')),
  cume_dist: fn('cume_dist()', ranking('double')),
  ntile: fn('ntile(n)', (call, args) => ({
    name: 'ntile',
    args: [wholeArg(call, takeArgs(call, args, 1), 0)],
    type: 'bigint',
  })),
  lag: fn(['lag(x)', 'lag(x, offset)', 'lag(x, offset, default)'], shifted),
  lead: fn(['lead(x)', 'lead(x, offset)', 'lead(x, offset, default)'], shifted),
  first_value: fn('first_value(x)', valueOf),
  last_value: fn('last_value(x)', valueOf),
  nth_value: fn('nth_value(x, n)', (call, args) => {
    const value = arg(call, takeArgs(call, args, 2), 0);
    return { name: 'nth_value', args: [value.sql, wholeArg(call, args, 1)], type: value.type };
  }),
};
