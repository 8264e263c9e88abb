import type { Call } from './ast.ts';
import { sqlError } from './position.ts';
import type { ServiceError } from '../errors.ts';
import { coerce, commonType, elementOf, itemOf, typeText } from './types.ts';
import type { SqlType, Typed } from './types.ts';

/** The error for arguments that a function does not take. */
export const unexpectedParameters = (call: Call, args: readonly Typed[]): ServiceError =>
  sqlError(
    call.at,
    `Unexpected parameters (${args
      .map((arg, index) => (call.args[index]?.kind === 'lambda' ? 'function' : typeText(arg.type)))
      .join(', ')}) for function ${call.name}`,
  );

/** The arguments, when there are so many. */
export function takeArgs(call: Call, args: readonly Typed[], min: number, max = min): readonly Typed[] {
  if (args.length < min || args.length > max) throw unexpectedParameters(call, args);
  return args;
}

/** The argument at a position, which must be of an accepted type (or a NULL literal). */
export function arg(
  call: Call,
  args: readonly Typed[],
  index: number,
  accepts: (type: SqlType) => boolean = () => true,
): Typed {
  const found = args[index];
  if (found === undefined || (found.type !== 'unknown' && !accepts(found.type))) throw unexpectedParameters(call, args);
  return found;
}

export const is =
  (...types: readonly SqlType[]) =>
  (type: SqlType): boolean =>
    types.includes(type);

/** What a function may ask of the place where it is called. */
export type CallContext = {
  nowNs: bigint;
  /** Translates the body of a lambda argument, whose parameters are these. */
  lambdaBody: (index: number, parameters: readonly Typed[]) => Typed;
  /** Names for the parameters of lambdas that hold the body of one. */
  names: (count: number) => string[];
  /** Translates a lambda argument whose parameters have these types; its SQL is a lambda of DuckDB. */
  lambda: (index: number, parameters: readonly SqlType[]) => Typed;
};

/** Translates the call of one function whose arguments are translated already. */
export type BuildFunction = (call: Call, args: readonly Typed[], context: CallContext) => Typed;

/** A function: how it is written, one line per form, and how it is translated. */
export type FunctionSpec<Build = BuildFunction> = {
  usage: readonly string[];
  build: Build;
  /** Positions of arguments that are lambdas, or may be. */
  lambdas: readonly number[];
  /** Whether other arguments may stand at these positions. */
  areLambdasOptional: boolean;
};
/** Functions by name. */
export type FunctionTable<Build = BuildFunction> = Record<string, FunctionSpec<Build>>;

/** A function of a table. */
export const fn = <Build = BuildFunction>(
  usage: string | readonly string[],
  build: Build,
  lambdas: readonly number[] = [],
  areLambdasOptional = false,
): FunctionSpec<Build> => ({
  usage: typeof usage === 'string' ? [usage] : usage,
  build,
  lambdas,
  areLambdasOptional,
});

export const isText = is('varchar');
export const isInstant = is('timestamp', 'date');
export const isDuration = is('interval_day_to_second');
export const isArray = (type: SqlType): boolean => itemOf(type) !== undefined;
export const isSeries = (type: SqlType): boolean => typeof type === 'object' && 'timeseries' in type;

/** The argument at a position as a TIMESTAMP_NS. */
export const instant = (call: Call, args: readonly Typed[], index: number): string =>
  coerce(arg(call, args, index, isInstant), 'timestamp');
/** Nanoseconds since 1970 of a timestamp in SQL. */
export const epochNs = (timestamp: string): string => `epoch_ns(${timestamp})`;
/** The argument at a position as an array, and the type of its items. */
export function arrayArg(call: Call, args: readonly Typed[], index: number): { sql: string; item: SqlType } {
  const { sql, type } = arg(call, args, index, isArray);
  return { sql: type === 'unknown' ? 'CAST(NULL AS INTEGER[])' : sql, item: itemOf(type) ?? 'unknown' };
}
/** The argument at a position as an array or timeseries, and the type of its elements. */
export function elementsArg(call: Call, args: readonly Typed[], index: number): { sql: string; item: SqlType } {
  const { sql, type } = arg(call, args, index, (found) => elementOf(found) !== undefined);
  return { sql, item: elementOf(type) ?? 'unknown' };
}
/** The type that all arguments can become. */
export function commonOf(call: Call, args: readonly Typed[]): SqlType {
  let type: SqlType = 'unknown';
  for (const value of args) {
    const next = commonType(type, value.type);
    if (next === undefined) throw unexpectedParameters(call, args);
    type = next;
  }
  return type;
}
/** A function of doubles. */
export const real =
  (duckName: string, count = 1): BuildFunction =>
  (call, args) => {
    takeArgs(call, args, count);
    return {
      sql: `${duckName}(${args.map((_, index) => doubleArg(call, args, index)).join(', ')})`,
      type: 'double',
    };
  };
/** The argument at a position as a DOUBLE. */
export const doubleArg = (call: Call, args: readonly Typed[], index: number): string =>
  coerce(
    arg(call, args, index, (type) => type === 'integer' || type === 'bigint' || type === 'double'),
    'double',
  );
/** The argument at a position as a BIGINT. */
export const wholeArg = (call: Call, args: readonly Typed[], index: number): string =>
  coerce(arg(call, args, index, is('integer', 'bigint')), 'bigint');
/** The argument at a position as a VARCHAR. */
export const textArg = (call: Call, args: readonly Typed[], index: number): string =>
  coerce(arg(call, args, index, isText), 'varchar');
