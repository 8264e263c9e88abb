import type { EventRejectionCode } from '@lumina/contracts';

import { decodeEvent } from '../core/decode.ts';
import { partitionKeyOf } from '../core/partition-key.ts';
import { splitBody } from '../core/split-body.ts';
import { encodeStreamRecord } from '../core/stream-record.ts';
import type { StreamEntry } from '../ports/event-stream.ts';
import type { KeyOwner } from './ingest-keys.ts';

/** What the collector says of one item. */
export interface ItemResult {
  readonly index: number;
  readonly status: 'accepted' | 'rejected';
  readonly id?: string;
  readonly code?: EventRejectionCode;
  readonly detail?: string;
}

/** A body taken apart: what to say of each item, and what to put on the stream. */
export interface Collected {
  readonly items: readonly ItemResult[];
  readonly entries: readonly StreamEntry[];
}

/** Kinesis takes 1 MiB a record; the header needs some of it. */
const ITEM_LIMIT_BYTES = 1_000_000;

const utf8 = new TextDecoder('utf-8', { fatal: true });

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    // Told to the sender as the item's error.
    return undefined;
  }
}

/** Checks every item of a body for the owner of the key it came with. */
export function collect(body: Buffer, owner: KeyOwner, nowMs: number): Collected {
  const items: ItemResult[] = [];
  const entries: StreamEntry[] = [];
  const reject = (index: number, code: EventRejectionCode, detail: string): void => {
    items.push({ index, status: 'rejected', code, detail });
  };
  for (const [index, bytes] of splitBody(body).entries()) {
    if (bytes.length > ITEM_LIMIT_BYTES) {
      reject(index, 'too_large', 'An event may have at most 1,000,000 bytes.');
      continue;
    }
    const raw = parse(bytes);
    if (raw === undefined) {
      reject(index, 'malformed', 'The item is no valid JSON in UTF-8.');
      continue;
    }
    const decoded = decodeEvent(raw, { ...owner, bytes, nowMs });
    if ('error' in decoded) {
      reject(index, decoded.error.code, decoded.error.detail);
      continue;
    }
    const { id, events } = decoded;
    const data = encodeStreamRecord({ ...owner, receivedMs: nowMs, body: 'events' }, bytes);
    entries.push({ data, partitionKey: partitionKeyOf(owner.territoryId, events[0], id) });
    items.push({ index, status: 'accepted', id });
  }
  return { items, entries };
}
