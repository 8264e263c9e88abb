import { ServiceError, validationError } from '../errors.ts';
import type { JsonValue } from './json.ts';
import type { JsonObject } from './shape.ts';
import { pathOf } from './shape.ts';
import type { ListShape, Members, NumberShape, Shape, StringShape } from './shape-types.ts';

const MIN_LONG = -9_223_372_036_854_775_808n;
const MAX_LONG = 9_223_372_036_854_775_807n;

/** Refuses a body that breaks constraints, naming every one of them; a value of another JSON type ends it at once. */
export function validate(members: Members, body: JsonObject): void {
  const violations: string[] = [];
  checkMembers(members, body, '', violations);
  if (violations.length === 0) return;
  const errors = violations.length === 1 ? 'validation error' : 'validation errors';
  throw validationError(`${violations.length} ${errors} detected: ${violations.join('; ')}`);
}

/** The sentence about one member that breaks one constraint. */
const violation = (shown: string, path: string, constraint: string): string =>
  `Value${shown} at '${path}' failed to satisfy constraint: Member must ${constraint}`;

function checkMembers(members: Members, object: JsonObject, prefix: string, violations: string[]): void {
  for (const [name, member] of Object.entries(members)) {
    const value = object[name];
    const path = pathOf(prefix, name);
    if (value !== undefined && value !== null) checkValue(member, value, path, violations);
    else if (member.required === true) violations.push(violation(' null', path, 'not be null'));
  }
}

function checkValue(shape: Shape, value: JsonValue, path: string, violations: string[]): void {
  switch (shape.type) {
    case 'string':
      if (typeof value !== 'string') return refuseType(value, 'a String', path);
      checkText(shape, value, path, violations);
      return;
    case 'integer':
    case 'long':
      checkNumber(shape, value, path, violations);
      return;
    case 'boolean':
      if (typeof value !== 'boolean') refuseType(value, 'a Boolean', path);
      return;
    case 'list':
      if (!Array.isArray(value)) return refuseType(value, 'a List', path);
      checkList(shape, value, path, violations);
      return;
    case 'structure':
      if (typeof value !== 'object' || value === null || Array.isArray(value))
        return refuseType(value, 'a Structure', path);
      checkMembers(shape.members, value, path, violations);
  }
}

function checkText(shape: StringShape, value: string, path: string, violations: string[]): void {
  const shown = shape.isSensitive === true ? '' : ` '${value}'`;
  const length = shape.inBytes === true ? Buffer.byteLength(value) : value.length;
  checkBounds('length', length, shape, shown, path, violations);
  if (shape.pattern !== undefined && !wholeMatch(shape.pattern).test(value))
    violations.push(violation(shown, path, `satisfy regular expression pattern: ${shape.pattern}`));
  if (shape.values !== undefined && !shape.values.includes(value))
    violations.push(violation(shown, path, `satisfy enum value set: [${shape.values.join(', ')}]`));
}

function checkNumber(shape: NumberShape, value: JsonValue, path: string, violations: string[]): void {
  const isLong = shape.type === 'long';
  const isWhole =
    typeof value === 'bigint' ? isLong && value >= MIN_LONG && value <= MAX_LONG : Number.isInteger(value);
  if (!isWhole) return refuseType(value, isLong ? 'a Long' : 'an Integer', path);
  checkBounds('value', Number(value), shape, ` '${JSON.stringify(Number(value))}'`, path, violations);
}

function checkList(shape: ListShape, list: readonly JsonValue[], path: string, violations: string[]): void {
  const found = violations.length;
  // A list of any length is not repeated in a message, and one that is too long is not looked into.
  checkBounds('length', list.length, shape, list.length === 0 ? " '[]'" : '', path, violations);
  if (violations.length > found) return;
  for (const [index, item] of list.entries()) {
    const at = `${path}.${index + 1}.member`;
    if (item === null) violations.push(violation(' null', at, 'not be null'));
    else checkValue(shape.of, item, at, violations);
  }
}

function checkBounds(
  what: 'length' | 'value',
  measured: number,
  { min, max }: { min?: number; max?: number },
  shown: string,
  path: string,
  violations: string[],
): void {
  if (min !== undefined && measured < min)
    violations.push(violation(shown, path, `have ${what} greater than or equal to ${min}`));
  if (max !== undefined && measured > max)
    violations.push(violation(shown, path, `have ${what} less than or equal to ${max}`));
}

const patterns = new Map<string, RegExp>();
function wholeMatch(pattern: string): RegExp {
  const known = patterns.get(pattern) ?? new RegExp(`^(?:${pattern})$`);
  patterns.set(pattern, known);
  return known;
}

/** The service's protocol refuses a value of another JSON type before it looks at any constraint. */
function refuseType(value: JsonValue, wanted: string, path: string): never {
  throw new ServiceError(
    'SerializationException',
    400,
    `${jsonType(value)} can not be converted to ${wanted} at '${path}'`,
  );
}

function jsonType(value: JsonValue): string {
  if (Array.isArray(value)) return 'LIST_VALUE';
  switch (typeof value) {
    case 'string':
      return 'STRING_VALUE';
    case 'boolean':
      return value ? 'TRUE_VALUE' : 'FALSE_VALUE';
    case 'number':
      return Number.isInteger(value) ? 'NUMBER_VALUE' : 'DECIMAL_VALUE';
    case 'bigint':
      return 'NUMBER_VALUE';
    default:
      return 'STRUCTURE_VALUE';
  }
}
