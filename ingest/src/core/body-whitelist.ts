import type { EventType } from '@lumina/contracts';
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

/** What of a value its schema knows; a value of another kind than the schema's is left for the validation to refuse. */
function known(shape: Shape, value: unknown): unknown {
  if (shape.anyOf !== undefined) {
    const fitting = shape.anyOf.find((option) => option.properties !== undefined);
    return fitting === undefined ? value : known(fitting, value);
  }
  const { properties, items } = shape;
  if (properties !== undefined && isFields(value)) {
    return Object.fromEntries(
      Object.entries(properties).flatMap(([name, property]) =>
        Object.hasOwn(value, name) ? [[name, known(property, value[name])]] : [],
      ),
    );
  }
  if (items !== undefined && Array.isArray(value)) return value.map((item) => known(items, item));
  return value;
}

function shapeOf(type: unknown): Shape {
  return typeof type === 'string' && Object.hasOwn(EVENT_SCHEMAS, type)
    ? EVENT_SCHEMAS[type as EventType]
    : EnvelopeSchema;
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
  if (bridged !== undefined) {
    const { 'detail-type': detailType, id, time } = raw;
    return { id, 'detail-type': detailType, time, detail: whitelistBody(bridged.detail, variables) };
  }
  if (isFreeswitchEvent(raw)) return whitelistHeaders(raw, variables);
  if (isOriginalCallEvent(raw)) return known(OriginalCallEventSchema, raw);
  return known(shapeOf(raw['type']), raw);
}
