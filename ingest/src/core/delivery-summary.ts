import { MISSING } from '@lumina/contracts';

import { unwrapEventBridge } from './sources/eventbridge.ts';
import { decodeStreamRecord, type StreamHeader } from './stream-record.ts';

/** What can be told of a record without decoding it; it may be anything. */
export interface DeliverySummary {
  readonly territoryId: number | undefined;
  /** `-` where the record names none. */
  readonly source: string;
  /** Type as the source names it; `-` where it names none. */
  readonly type: string;
}

/** A record of the stream, as far as it can be read. */
export interface PeekedDelivery {
  readonly header: StreamHeader | undefined;
  /** What stands behind the header, verbatim. */
  readonly body: Buffer;
  /** The body parsed; undefined when it is no JSON. */
  readonly raw: unknown;
}

/** Takes a record apart without judging it; never throws. */
export function peekDelivery(bytes: Uint8Array): PeekedDelivery {
  let header: StreamHeader | undefined;
  let body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    const record = decodeStreamRecord(bytes);
    header = record.header;
    body = Buffer.from(record.bytes);
    return { header, body, raw: JSON.parse(body.toString('utf8')) };
  } catch {
    // What cannot be read is why the record is dead.
    return { header, body, raw: undefined };
  }
}

function textOf(...values: readonly unknown[]): string {
  const found = values.find((value) => typeof value === 'string' && value !== '');
  return typeof found === 'string' ? found : MISSING;
}

/** Tells whose a record is and what it claims to be. */
export function summariseDelivery(bytes: Uint8Array): DeliverySummary {
  const { header, raw } = peekDelivery(bytes);
  const event: unknown = unwrapEventBridge(raw)?.detail ?? raw;
  const fields = (typeof event === 'object' && event !== null ? event : {}) as Readonly<Record<string, unknown>>;
  const named = header?.territoryId ?? fields['territoryId'] ?? fields['variable_territory_id'];
  const territoryId = typeof named === 'string' || typeof named === 'number' ? Number(named) : undefined;
  const isSwitch = 'Event-Name' in fields || 'eventType' in fields;
  return {
    territoryId: Number.isSafeInteger(territoryId) ? territoryId : undefined,
    source: textOf(fields['source'], isSwitch ? 'freeswitch' : undefined),
    type: textOf(fields['type'], fields['eventType'], fields['CC-Action'], fields['Event-Name']),
  };
}
