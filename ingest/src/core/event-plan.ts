import { EVENT_TYPES, type EventType } from '@lumina/contracts';
import { EVENT_SCHEMAS, InstantSchema } from '@lumina/contracts/schemas';
import { Compile } from 'typebox/compile';

/** A compiled schema. */
export interface Check {
  Check(value: unknown): boolean;
  Errors(value: unknown): { instancePath: string; message: string }[];
}

/** An object of JSON whose fields are not known yet. */
export type Fields = Readonly<Record<string, unknown>>;

/**
 * Where in an event of one type, or in an object inside it, lies what no schema can check. Read from the schemas once,
 * so that no event is searched for it.
 */
export interface FieldPlan {
  /** Fields whose schema says all that they may hold; others are free, as is what no schema knows and nobody stores. */
  readonly described: ReadonlySet<string>;
  /** Ids and free texts, which could carry a person's name. */
  readonly texts: readonly string[];
  /** Of the texts: ids of series, which must not be that of the beat. */
  readonly series: readonly string[];
  readonly instants: readonly string[];
  /** Fields that hold an object, or an array of objects, with plans of their own. */
  readonly nested: readonly { readonly name: string; readonly plan: FieldPlan }[];
}

/** What is known of one type of event. */
export interface EventPlan extends FieldPlan {
  readonly sources: readonly string[];
  /** The schema less the form of instants, which is checked while they are read. */
  readonly shape: Check;
  /** The whole schema, to say what is wrong with an event; compiled when first needed. */
  readonly whole: () => Check;
}

/** A JSON schema, as far as plans are made of it. */
interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

const SERIES_FIELDS: ReadonlySet<string> = new Set(['queueId', 'teamId', 'trunkId']);

/** Fields whose texts are kept as they are, personal or not: names, for a directory that can forget them. */
const VERBATIM_FIELDS: ReadonlySet<string> = new Set(['change']);

const INSTANT_PATTERN = (InstantSchema as object as Schema).pattern;

function isInstant(schema: Schema): boolean {
  return schema.pattern === INSTANT_PATTERN;
}

function isFreeText({ type, const: only, pattern }: Schema): boolean {
  return type === 'string' && only === undefined && pattern === undefined;
}

/** The object that a field holds, or each object of its array; undefined for a field of another kind. */
function objectIn(field: Schema): Schema | undefined {
  return [field, field.items, ...(field.anyOf ?? [])].find((candidate) => candidate?.type === 'object');
}

function fieldPlanOf(schema: Schema): FieldPlan {
  const fields = Object.entries(schema.properties ?? {});
  const texts = fields.filter(([, field]) => isFreeText(field)).map(([name]) => name);
  const objects = fields.flatMap(([name, field]) => {
    const object = objectIn(field);
    return object === undefined ? [] : [{ name, object }];
  });
  const free = new Set(objects.map(({ name }) => name).filter((name) => VERBATIM_FIELDS.has(name)));
  return {
    described: new Set(fields.map(([name]) => name).filter((name) => !free.has(name))),
    texts,
    series: texts.filter((name) => SERIES_FIELDS.has(name)),
    instants: fields.filter(([, field]) => isInstant(field)).map(([name]) => name),
    nested: objects
      .filter(({ name }) => !free.has(name))
      .map(({ name, object }) => ({ name, plan: fieldPlanOf(object) })),
  };
}

/** The same schema with instants as any text. */
function withFreeInstants(schema: unknown): unknown {
  if (typeof schema !== 'object' || schema === null) return schema;
  if (Array.isArray(schema)) return schema.map(withFreeInstants);
  if (isInstant(schema)) return { type: 'string' };
  return Object.fromEntries(Object.entries(schema).map(([name, part]) => [name, withFreeInstants(part)]));
}

function createPlan(type: EventType): EventPlan {
  const schema = EVENT_SCHEMAS[type];
  let whole: Check | undefined;
  return {
    ...fieldPlanOf(schema as object),
    sources: EVENT_TYPES[type],
    shape: Compile(withFreeInstants(schema) as object),
    whole: () => (whole ??= Compile(schema)),
  };
}

const plans = new Map<unknown, EventPlan>();

/** The plan of an event type; undefined for what is none. */
export function planOf(type: unknown): EventPlan | undefined {
  let plan = plans.get(type);
  if (plan === undefined && typeof type === 'string' && Object.hasOwn(EVENT_TYPES, type)) {
    plan = createPlan(type as EventType);
    plans.set(type, plan);
  }
  return plan;
}
