import type { Call } from './ast.ts';
import { sqlError } from './position.ts';
import type { ServiceError } from '../errors.ts';
import { coerce, typeText } from './types.ts';
import type { SqlType, Typed } from './types.ts';

/** The error for arguments that a function does not take. */
export const unexpectedParameters = (call: Call, args: readonly Typed[]): ServiceError =>
  sqlError(
    call.at,
    `Unexpected parameters (${args.map((arg) => typeText(arg.type)).join(', ')}) for function ${call.name}`,
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

/** Translates the call of one function whose arguments are translated already. */
export type BuildFunction = (call: Call, args: readonly Typed[], nowNs: bigint) => Typed;

export const isText = is('varchar');
export const isInstant = is('timestamp', 'date');
export const isDuration = is('interval_day_to_second');

/** The argument at a position as a TIMESTAMP_NS. */
export const instant = (call: Call, args: readonly Typed[], index: number): string =>
  coerce(arg(call, args, index, isInstant), 'timestamp');
/** Nanoseconds since 1970 of a timestamp in SQL. */
export const epochNs = (timestamp: string): string => `epoch_ns(${timestamp})`;
