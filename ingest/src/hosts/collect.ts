import { setImmediate } from 'node:timers/promises';
import type { EventRejectionCode } from '@lumina/contracts';

import { whitelistBody } from '../core/body-whitelist.ts';
import { checkShape } from '../core/check-shape.ts';
import { decodeEvent } from '../core/decode.ts';
import { DecodeError } from '../core/decode-error.ts';
import { factCountOf } from '../core/fact-count.ts';
import { partitionKeyOf } from '../core/partition-key.ts';
import type { TenantVariables } from '../core/sources/freeswitch-whitelist.ts';
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
  /** About how many facts the accepted items will become. */
  readonly facts: number;
}

/** Kinesis takes 1 MiB a record; the header needs some of it. */
const ITEM_LIMIT_BYTES = 1_000_000;

/** How long one body may hold the process while others wait. */
const TURN_MS = 20;

const utf8 = new TextDecoder('utf-8', { fatal: true });

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    // Told to the sender as the item's error.
    return undefined;
  }
}

/** An item as it goes on the stream: reduced to what is read of it, whatever else the sender put. */
interface ReducedItem {
  readonly event: unknown;
  readonly bytes: Buffer;
}

function reduce(raw: unknown, variables: TenantVariables): ReducedItem {
  checkShape(raw);
  const event = whitelistBody(raw, variables);
  return { event, bytes: Buffer.from(JSON.stringify(event)) };
}

/** Decides on one item: what to say of it, and what goes on the stream. */
function collectItem(
  index: number,
  sent: Buffer,
  owner: KeyOwner,
  nowMs: number,
  variables: TenantVariables,
): { readonly item: ItemResult; readonly entry?: StreamEntry; readonly facts?: number } {
  const reject = (code: EventRejectionCode, detail: string): { readonly item: ItemResult } => ({
    item: { index, status: 'rejected', code, detail },
  });
  if (sent.length > ITEM_LIMIT_BYTES) return reject('too_large', 'An event may have at most 1,000,000 bytes.');
  const raw = parse(sent);
  if (raw === undefined) return reject('malformed', 'The item is no valid JSON in UTF-8.');
  try {
    const { event, bytes } = reduce(raw, variables);
    // Numbers written short, as 1e9, are written out.
    if (bytes.length > ITEM_LIMIT_BYTES)
      return reject('too_large', 'An event may have at most 1,000,000 bytes, with its numbers written out.');
    const decoded = decodeEvent(event, { ...owner, nowMs });
    if ('error' in decoded) return reject(decoded.error.code, decoded.error.detail);
    const { id, events } = decoded;
    const data = encodeStreamRecord({ ...owner, receivedMs: nowMs, body: 'events' }, bytes);
    const partitionKey = partitionKeyOf(owner.territoryId, events[0], id);
    const facts = events.reduce((sum, one) => sum + factCountOf(one), 0);
    return { item: { index, status: 'accepted', id }, entry: { data, partitionKey }, facts };
  } catch (error) {
    if (error instanceof DecodeError) return reject(error.code, error.message);
    throw error;
  }
}

/** Checks every item of a body for the owner of the key it came with; long bodies let others pass. */
export async function collect(
  body: Buffer,
  owner: KeyOwner,
  nowMs: number,
  variables: TenantVariables = {},
): Promise<Collected> {
  const items: ItemResult[] = [];
  const entries: StreamEntry[] = [];
  let total = 0;
  let turnStartedMs = performance.now();
  for (const [index, bytes] of splitBody(body).entries()) {
    const { item, entry, facts = 0 } = collectItem(index, bytes, owner, nowMs, variables);
    items.push(item);
    total += facts;
    if (entry !== undefined) entries.push(entry);
    if (performance.now() - turnStartedMs < TURN_MS) continue;
    await setImmediate();
    turnStartedMs = performance.now();
  }
  return { items, entries, facts: total };
}
