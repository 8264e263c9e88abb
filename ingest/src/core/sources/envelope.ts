import { DecodeError } from '../decode-error.ts';
import type { DecodeScope } from '../decode.ts';
import { planOf, type FieldPlan, type Fields } from '../event-plan.ts';
import type { Pseudonymiser } from '../personal-ids.ts';

/** Deeper than any event, far from the end of the stack. */
const MAX_DEPTH = 32;

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function assertShallow(value: object, depth: number): void {
  if (depth > MAX_DEPTH) throw new DecodeError('invalid_event', `/: nests deeper than ${String(MAX_DEPTH)} levels`);
  for (const content of Object.values(value)) if (isObject(content)) assertShallow(content, depth + 1);
}

/** What no schema describes may hold anything, but nothing that would break who walks through it. */
function assertShallowExtras(fields: Fields, { described }: FieldPlan, depth: number): void {
  for (const name in fields) {
    const content = fields[name];
    if (isObject(content) && !described.has(name)) assertShallow(content, depth + 1);
  }
}

/** The objects of a field replaced one by one; the very same content when none of them was. */
function replaceObjects(content: unknown, replace: (object: Fields) => Fields): unknown {
  if (!Array.isArray(content)) return isObject(content) ? replace(content as Fields) : content;
  let copy: unknown[] | undefined;
  for (let index = 0; index < content.length; index += 1) {
    const item: unknown = content[index];
    if (!isObject(item) || Array.isArray(item)) continue;
    const replaced = replace(item as Fields);
    if (replaced !== item) (copy ??= [...(content as unknown[])])[index] = replaced;
  }
  return copy ?? content;
}

/** Replaces the ids and texts that look personal. Few events have one: the others are not copied. */
function pseudonymised(fields: Fields, plan: FieldPlan, pseudonymise: Pseudonymiser, depth = 0): Fields {
  assertShallowExtras(fields, plan, depth);
  let copy: Record<string, unknown> | undefined;
  for (const name of plan.texts) {
    const text = fields[name];
    if (typeof text !== 'string') continue;
    const replaced = pseudonymise(text);
    if (replaced !== text) (copy ??= { ...fields })[name] = replaced;
  }
  for (const { name, plan: inner } of plan.nested) {
    const content = fields[name];
    const replaced = replaceObjects(content, (object) => pseudonymised(object, inner, pseudonymise, depth + 2));
    if (replaced !== content) (copy ??= { ...fields })[name] = replaced;
  }
  return copy ?? fields;
}

/** Ids inside a change are those that facts use; its name is for people, and stays. */
function withKnownIds(change: unknown, pseudonymise: Pseudonymiser): unknown {
  if (!isObject(change)) return change;
  const { teamId, queueIds } = change as Fields;
  const known = (id: unknown): unknown => (typeof id === 'string' ? pseudonymise(id) : id);
  return {
    ...change,
    ...(teamId === undefined ? {} : { teamId: known(teamId) }),
    ...(Array.isArray(queueIds) ? { queueIds: queueIds.map(known) } : {}),
  };
}

/** Takes a normalised event as it is, its territory checked and its ids made free of personal data. */
export function mapEnvelope(raw: Fields, scope: DecodeScope): { id: string; event: unknown } {
  const { territoryId, regionId, id, type } = raw;
  if (typeof id !== 'string' || id === '')
    throw new DecodeError('invalid_event', '/id: must be a non-empty string, stable over redelivery');
  if (territoryId !== undefined && regionId !== undefined) scope.assertOwn(territoryId, regionId);
  const plan = planOf(type);
  if (plan === undefined) return { id, event: raw };
  const event = pseudonymised(raw, plan, scope.pseudonymise);
  if (type !== 'CONFIG_CHANGE') return { id, event };
  return { id, event: { ...event, change: withKnownIds(event['change'], scope.pseudonymise) } };
}
