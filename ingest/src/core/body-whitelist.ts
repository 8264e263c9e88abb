import { EnvelopeSchema, EVENT_SCHEMAS, OriginalCallEventSchema } from '@lumina/contracts/schemas';

import { isOriginalCallEvent } from './sources/call-event.ts';
import { unwrapEventBridge } from './sources/eventbridge.ts';
import { isFreeswitchEvent } from './sources/freeswitch.ts';
import { whitelistHeaders, type TenantVariables } from './sources/freeswitch-whitelist.ts';

/** As much of a JSON Schema as the schemas of events use. */
interface Shape {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly items?: Shape;
  readonly anyOf?: readonly Shape[];
  readonly enum?: readonly unknown[];
}

type Fields = Readonly<Record<string, unknown>>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reduces a value to what its schema knows; undefined for a schema that knows all of a value. */
type Reducer = ((value: unknown) => unknown) | undefined;

function fieldsReducer(properties: Readonly<Record<string, Shape>>): (value: unknown) => unknown {
  const fields = Object.entries(properties).map(([name, field]) => ({ name, reduce: reducerOf(field) }));
  return (value) => {
    // A value of another kind than the schema's is left for the validation to refuse.
    if (!isFields(value)) return value;
    const kept: Record<string, unknown> = {};
    for (const { name, reduce } of fields) {
      const content = value[name];
      if (content !== undefined) kept[name] = reduce === undefined ? content : reduce(content);
    }
    return kept;
  };
}

function reducerOf({ anyOf, properties, items }: Shape): Reducer {
  if (anyOf !== undefined) {
    const option = anyOf.find((candidate) => candidate.properties !== undefined);
    return option === undefined ? undefined : reducerOf(option);
  }
  if (properties !== undefined) return fieldsReducer(properties);
  const item = items === undefined ? undefined : reducerOf(items);
  return item === undefined ? undefined : (value) => (Array.isArray(value) ? value.map((one) => item(one)) : value);
}

const reduceOriginal = fieldsReducer(OriginalCallEventSchema.properties);
const reduceUnknown = fieldsReducer(EnvelopeSchema.properties);
const reducers = new Map<unknown, Reducer>(
  Object.entries(EVENT_SCHEMAS).map(([type, schema]) => [type, fieldsReducer(schema.properties)]),
);

function reduced(fields: Fields, variables: TenantVariables): unknown {
  if (isFreeswitchEvent(fields)) return whitelistHeaders(fields, variables);
  if (isOriginalCallEvent(fields)) return reduceOriginal(fields);
  return (reducers.get(fields['type']) ?? reduceUnknown)(fields);
}

/**
 * Reduces an event of any source to what is read of it: of a raw FreeSWITCH event the headers of the mappers, of an
 * envelope the fields of its type, of a call event of the original product its own. What reaches the stream, and with
 * it every dead letter, has passed this: no digits pressed, no number or name of a caller, no variable nobody asked
 * for. Decoding the result gives what decoding the event gives, its id included.
 */
export function whitelistBody(raw: unknown, variables: TenantVariables = {}): unknown {
  if (!isFields(raw)) return raw;
  const bridged = unwrapEventBridge(raw);
  if (bridged === undefined) return reduced(raw, variables);
  const { 'detail-type': detailType, id, time } = raw;
  return { id, 'detail-type': detailType, time, detail: reduced(bridged.detail, variables) };
}
