import fc from 'fast-check';
import type { JsonSchema } from './documented-routes.ts';

/** Stands in drawn ids for whose thing it is: the same question is put for things of all owners. */
export const OWNER_PLACE = '@owner@';

const IDS = ['q', 'ag', 't', 'board'].flatMap((kind) => [`${kind}_same`, `${kind}_${OWNER_PLACE}`]);
const METRICS = ['call_count', 'queue_depth', 'service_level', 'custom:same', `custom:${OWNER_PLACE}`];

/** Words that make sense where a schema says only that it is text. */
const TEXTS: Readonly<Record<string, readonly string[]>> = {
  timeZone: ['Europe/London', 'Europe/Paris'],
  metrics: METRICS,
  metric: METRICS,
  dim: ['queue_id', 'agent_id', 'team_id'],
  groupBy: ['queue_id', 'agent_id', 'team_id'],
  formula: ['answered / calls * 100'],
  url: ['https://93.184.215.14/hook'],
  origins: ['https://host.example'],
  webhook: ['hook_same', `hook_${OWNER_PLACE}`],
  dashboard: ['board_same', `board_${OWNER_PLACE}`],
  target: ['board_same', `board_${OWNER_PLACE}`],
  last: ['1h', '30m'],
  timeRange: ['1h'],
  actor: ['auth0|same', `auth0|${OWNER_PLACE}`],
  email: ['person@example.com'],
  order: ['-wait_s'],
  queueId: ['q_same', `q_${OWNER_PLACE}`],
  q: ['a', 'same', '_'],
};

/** Left out where they may be: they would shut the attackers themselves out. */
const SHUTS_OUT = new Set(['ipAllowList', 'maxAgeMinutes']);
const MOST_ITEMS = 3;
const DEEPEST = 8;

function textOf(schema: JsonSchema, name: string): fc.Arbitrary<unknown> {
  const known = Object.hasOwn(TEXTS, name) ? TEXTS[name] : undefined;
  const { pattern } = schema;
  if (schema.format === 'date-time') return fc.constant('2026-01-05T10:00:00Z');
  const fitting = (known ?? IDS).filter((text) => pattern === undefined || new RegExp(pattern, 'u').test(text));
  if (known !== undefined && fitting.length > 0) return fc.constantFrom(...fitting);
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern));
  const { minLength = 0, maxLength = 12 } = schema;
  return fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...IDS) },
    { weight: 1, arbitrary: fc.string({ minLength, maxLength: Math.max(minLength, Math.min(maxLength, 12)) }) },
  );
}

/** Whether what may be left out is left out: the plainest question is the one that is most often answered. */
export type Extent = 'plain' | 'full';

interface Place {
  /** Of the property that the value stands at. */
  readonly name: string;
  readonly depth: number;
  readonly extent: Extent;
}

function itemsOf(schema: JsonSchema, place: Place): fc.Arbitrary<unknown> {
  const { items, minItems = 0, maxItems = MOST_ITEMS } = schema;
  const within = { ...place, depth: place.depth + 1 };
  if (Array.isArray(items)) return fc.tuple(...(items as JsonSchema[]).map((item) => drawn(item, within)));
  const most = place.extent === 'plain' ? minItems : Math.max(minItems, Math.min(maxItems, MOST_ITEMS));
  return fc.uniqueArray(drawn((items as JsonSchema | undefined) ?? {}, within), {
    minLength: minItems,
    maxLength: most,
    selector: (value) => JSON.stringify(value),
  });
}

function objectOf({ properties = {}, required = [] }: JsonSchema, { depth, extent }: Place): fc.Arbitrary<unknown> {
  const isFull = extent === 'full' && depth < DEEPEST;
  const names = Object.keys(properties).filter((name) => required.includes(name) || (isFull && !SHUTS_OUT.has(name)));
  const values = names.map((name): [string, fc.Arbitrary<unknown>] => [
    name,
    drawn(properties[name] ?? {}, { name, depth: depth + 1, extent }),
  ]);
  return fc.record(Object.fromEntries(values), { requiredKeys: names.filter((name) => required.includes(name)) });
}

function drawn(schema: JsonSchema, place: Place): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map((one) => drawn(one, place)));
  if (schema.allOf !== undefined)
    return fc
      .tuple(...schema.allOf.map((one) => drawn(one, place)))
      .map((parts) => Object.assign({}, ...parts) as unknown);
  const type = typeof schema.type === 'string' ? schema.type : schema.type?.[0];
  const { minimum = 0, maximum = 100 } = schema;
  switch (type) {
    case 'object':
      return objectOf(schema, place);
    case 'array':
      return itemsOf(schema, place);
    case 'integer':
    case 'number':
      return fc.integer({ min: Math.ceil(minimum), max: Math.max(Math.ceil(minimum), Math.min(maximum, 1_000)) });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      return textOf(schema, place.name);
  }
}

/** Draws values that fit a schema. */
export function valuesOf(schema: JsonSchema, extent: Extent, name = ''): fc.Arbitrary<unknown> {
  return drawn(schema, { name, depth: 0, extent });
}
