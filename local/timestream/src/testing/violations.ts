import type { JsonValue } from '../protocol/json.ts';
import type { JsonObject } from '../protocol/shape.ts';
import { pathOf } from '../protocol/shape.ts';
import type { Member, Members, Shape, StringShape } from '../protocol/shape-types.ts';

/** A body that breaks constraints of one member, and how it is refused. */
export type Violation = { body: JsonObject; code: string; message: string };

/** A bad value; `sentences` are what its message says about it, none when it cannot be read at all. */
type Bad = { value: JsonValue | undefined; sentences: string[] };

/** All bodies that differ from a valid one in one member that breaks a constraint. */
export function violationsOf(members: Members, valid: JsonObject): Violation[] {
  return badMembers(members, valid, '').map(({ value, sentences }) => {
    const isReadable = !sentences.some((sentence) => sentence.includes('can not be converted'));
    const errors = sentences.length === 1 ? 'validation error' : 'validation errors';
    return {
      body: value as JsonObject,
      code: isReadable ? 'ValidationException' : 'SerializationException',
      message: isReadable ? `${sentences.length} ${errors} detected: ${sentences.join('; ')}` : sentences.join('; '),
    };
  });
}

/** A value with every member, that breaks no constraint. */
export function valueFor(shape: Shape): JsonValue {
  switch (shape.type) {
    case 'string':
      return shape.values?.[0] ?? 'a'.repeat(Math.max(shape.min ?? 0, 2));
    case 'integer':
    case 'long':
      return shape.min ?? 1;
    case 'boolean':
      return true;
    case 'list':
      return [valueFor(shape.of)];
    case 'structure':
      return Object.fromEntries(Object.entries(shape.members).map(([name, member]) => [name, valueFor(member)]));
  }
}

function badMembers(members: Members, valid: JsonObject, prefix: string): Bad[] {
  return Object.entries(members).flatMap(([name, member]) => {
    const path = pathOf(prefix, name);
    return badValues(member, valid[name] ?? valueFor(member), path).map(({ value, sentences }): Bad => ({
      value: without({ ...valid, [name]: value }),
      sentences,
    }));
  });
}

const without = (object: Record<string, JsonValue | undefined>): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as JsonObject;

function badValues(member: Member, valid: JsonValue, path: string): Bad[] {
  const missing =
    member.required === true ? [{ value: undefined, sentences: [sentence(' null', path, 'not be null')] }] : [];
  return [...missing, ...badShapes(member, valid, path)];
}

const sentence = (shown: string, path: string, constraint: string): string =>
  `Value${shown} at '${path}' failed to satisfy constraint: Member must ${constraint}`;

const AT_LEAST = 'greater than or equal to';
const AT_MOST = 'less than or equal to';

function badShapes(shape: Shape, valid: JsonValue, path: string): Bad[] {
  switch (shape.type) {
    case 'string':
      return [...badTexts(shape, path), unreadable(5, 'NUMBER_VALUE', 'a String', path)];
    case 'integer':
    case 'long': {
      const wanted = shape.type === 'long' ? 'a Long' : 'an Integer';
      return [...badNumbers(shape, path), unreadable('five', 'STRING_VALUE', wanted, path)];
    }
    case 'boolean':
      return [unreadable('true', 'STRING_VALUE', 'a Boolean', path)];
    case 'list': {
      const [item = null] = valid as JsonValue[];
      const at = `${path}.1.member`;
      return [
        ...(shape.min === undefined
          ? []
          : [{ value: [], sentences: [sentence(" '[]'", path, `have length ${AT_LEAST} ${shape.min}`)] }]),
        ...(shape.max === undefined
          ? []
          : [
              {
                value: Array.from({ length: shape.max + 1 }, () => item),
                sentences: [sentence('', path, `have length ${AT_MOST} ${shape.max}`)],
              },
            ]),
        { value: [null], sentences: [sentence(' null', at, 'not be null')] },
        ...badShapes(shape.of, item, at).map(({ value, sentences }) => ({ value: [value ?? null], sentences })),
        unreadable('list', 'STRING_VALUE', 'a List', path),
      ];
    }
    case 'structure':
      return [
        ...badMembers(shape.members, valid as JsonObject, path),
        unreadable([], 'LIST_VALUE', 'a Structure', path),
      ];
  }
}

const unreadable = (value: JsonValue, is: string, wanted: string, path: string): Bad => ({
  value,
  sentences: [`${is} can not be converted to ${wanted} at '${path}'`],
});

function badTexts(shape: StringShape, path: string): Bad[] {
  const shownOf = (text: string): string => (shape.isSensitive === true ? '' : ` '${text}'`);
  const bad = (text: string, ...constraints: string[]): Bad => ({
    value: text,
    sentences: constraints.map((constraint) => sentence(shownOf(text), path, constraint)),
  });
  const list: Bad[] = [];
  const pattern = shape.pattern === undefined ? [] : [`satisfy regular expression pattern: ${shape.pattern}`];
  if (shape.min !== undefined && shape.min > 0) {
    const short = 'a'.repeat(shape.min - 1);
    const isMatch = shape.pattern !== undefined && new RegExp(`^(?:${shape.pattern})$`).test(short);
    list.push(bad(short, `have length ${AT_LEAST} ${shape.min}`, ...(isMatch ? [] : pattern)));
  }
  if (shape.max !== undefined) {
    const long = 'a'.repeat(shape.max + 1);
    const isMatch = shape.pattern !== undefined && new RegExp(`^(?:${shape.pattern})$`).test(long);
    list.push(bad(long, `have length ${AT_MOST} ${shape.max}`, ...(isMatch ? [] : pattern)));
    // Two bytes a character: too long only where bytes are counted.
    if (shape.inBytes === true) list.push(bad('ü'.repeat(shape.max / 2 + 1), `have length ${AT_MOST} ${shape.max}`));
  }
  if (shape.pattern !== undefined) list.push(bad('a b#', ...pattern));
  if (shape.values !== undefined) list.push(bad('OTHER', `satisfy enum value set: [${shape.values.join(', ')}]`));
  return list;
}

function badNumbers({ min, max }: { min?: number; max?: number }, path: string): Bad[] {
  return [
    ...(min === undefined
      ? []
      : [{ value: min - 1, sentences: [sentence(` '${min - 1}'`, path, `have value ${AT_LEAST} ${min}`)] }]),
    ...(max === undefined
      ? []
      : [{ value: max + 1, sentences: [sentence(` '${max + 1}'`, path, `have value ${AT_MOST} ${max}`)] }]),
  ];
}
