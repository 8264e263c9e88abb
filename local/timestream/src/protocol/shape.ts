import type { JsonValue } from './json.ts';
import { validationError } from '../errors.ts';

/** A JSON object of a request. */
export type JsonObject = { [key: string]: JsonValue };

const fail = (value: string, path: string, constraint: string): never => {
  throw validationError(
    `1 validation error detected: Value ${value} at '${path}' failed to satisfy constraint: ${constraint}`,
  );
};

/** Path of a member as messages write it: camelCase. */
export const pathOf = (prefix: string, member: string): string =>
  `${prefix === '' ? '' : `${prefix}.`}${member.charAt(0).toLowerCase()}${member.slice(1)}`;

/** Refuses a value with the sentence that AWS uses; `path` is 1-based and camelCase. */
export function failConstraint(value: JsonValue | undefined, path: string, constraint: string): never {
  const shown =
    value === undefined || value === null
      ? 'null'
      : `'${typeof value === 'object' ? JSON.stringify(value) : String(value)}'`;
  return fail(shown, path, constraint);
}

/** The value as an object; refuses anything else. */
export function asObject(value: JsonValue | undefined, path: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    failConstraint(value, path, 'Member must not be null');
  return value;
}

/** The value as an array, an absent one as empty. */
export function asArray(value: JsonValue | undefined, path: string): JsonValue[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) failConstraint(value, path, 'Member must be a list');
  return value;
}

/** An optional string member. */
export function optionalString(object: JsonObject, member: string, path: string): string | undefined {
  const value = object[member];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') failConstraint(value, path, 'Member must be a string');
  return value;
}

/** An optional integer member within inclusive bounds. */
export function optionalInteger(
  object: JsonObject,
  member: string,
  path: string,
  min: number,
  max: number,
): number | undefined {
  const value = object[member];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value))
    return failConstraint(value, path, 'Member must be an integer');
  if (value < min) failConstraint(value, path, `Member must have value greater than or equal to ${min}`);
  if (value > max) failConstraint(value, path, `Member must have value less than or equal to ${max}`);
  return value;
}

/** One of a closed set of strings, `fallback` when absent. */
export function oneOf<T extends string>(
  value: JsonValue | undefined,
  allowed: readonly T[],
  path: string,
  fallback: T,
): T {
  if (value === undefined || value === null) return fallback;
  const found = allowed.find((candidate) => candidate === value);
  return found ?? failConstraint(value, path, `Member must satisfy enum value set: [${allowed.join(', ')}]`);
}
