import { sqlError } from './position.ts';
import { arg, commonOf, fn, is, takeArgs } from './signature.ts';
import type { BuildFunction, FunctionTable } from './signature.ts';
import { coerce, duckTypeOf, once } from './types.ts';

const MAX_ARGS = 127;

/** GREATEST and LEAST are NULL as soon as one argument is; DuckDB skips NULLs. */
const extreme =
  (duckName: string): BuildFunction =>
  (call, args) => {
    const type = commonOf(call, takeArgs(call, args, 1, MAX_ARGS));
    const values = args.map((value) => coerce(value, type));
    const sql = once(values, (...names) => {
      const anyNull = names.map((name) => `${name} IS NULL`).join(' OR ');
      return `CASE WHEN ${anyNull} THEN NULL ELSE ${duckName}(${names.join(', ')}) END`;
    });
    return { sql, type };
  };

/** Conditional and comparison functions. */
export const CONDITIONAL_FUNCTIONS: FunctionTable = {
  coalesce: fn('coalesce(x, y, …)', (call, args) => {
    const type = commonOf(call, takeArgs(call, args, 1, MAX_ARGS));
    return { sql: `coalesce(${args.map((value) => coerce(value, type)).join(', ')})`, type };
  }),
  greatest: fn('greatest(x, y, …)', extreme('greatest')),
  least: fn('least(x, y, …)', extreme('least')),
  if: fn(['if(condition, then)', 'if(condition, then, else)'], (call, args) => {
    takeArgs(call, args, 2, 3);
    const condition = arg(call, args, 0, is('boolean'));
    const type = commonOf(call, args.slice(1));
    const otherwise = args[2] === undefined ? 'NULL' : coerce(args[2], type);
    return { sql: `CASE WHEN ${condition.sql} THEN ${coerce(arg(call, args, 1), type)} ELSE ${otherwise} END`, type };
  }),
  nullif: fn('nullif(x, y)', (call, args) => {
    const type = commonOf(call, takeArgs(call, args, 2));
    const [first, second] = [arg(call, args, 0), arg(call, args, 1)];
    return {
      sql: `CAST(nullif(${coerce(first, type)}, ${coerce(second, type)}) AS ${duckTypeOf(first.type)})`,
      type: first.type,
    };
  }),
  try: fn('try(x)', (call, args) => {
    const { sql, type } = arg(call, takeArgs(call, args, 1), 0);
    // DuckDB's TRY takes neither aggregates nor queries.
    if (sql.includes('(SELECT ')) throw sqlError(call.at, 'TRY cannot hold a subquery here');
    return { sql: `TRY(${sql})`, type };
  }),
};
