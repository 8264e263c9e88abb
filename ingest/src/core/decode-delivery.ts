import { MISSING, type ConfigChange, type DeadLetterCode, type Fact, type LuminaEvent } from '@lumina/contracts';

import { checkAccountingBody } from './accounting-body.ts';
import { whitelistBody } from './body-whitelist.ts';
import { decodeEvent } from './decode.ts';
import { DecodeError, type DecodeErrorCode } from './decode-error.ts';
import { extractFacts } from './extract-facts.ts';
import { withNegativeControl, type NegativeControl } from './negative-controls.ts';
import { inflated } from './inflate-record.ts';
import { unwrapEventBridge } from './sources/eventbridge.ts';
import { isFreeswitchEvent } from './sources/freeswitch.ts';
import { scanHeaders, ScannedHeaders } from './sources/header-scanner.ts';
import { openStreamRecord, textOfBody, type StreamHeader } from './stream-record.ts';

/** What a worker needs to know to decode what it reads. */
export interface DeliveryContext {
  readonly regionId: number;
  readonly personalIdSecret: string;
  readonly negativeControl?: NegativeControl | undefined;
  /** When the record came to the stream, to refuse instants that lie in the future; absent = not checked. */
  readonly nowMs?: number | undefined;
}

/** A record of the stream, decoded. */
export interface DecodedDelivery {
  readonly source: string;
  readonly territoryId: number | undefined;
  /** When the collector took it; undefined for producers that write to the stream themselves. */
  readonly receivedMs: number | undefined;
  readonly facts: readonly Fact[];
  /** Accounting of another process: stored, but no delivery of its own. */
  readonly isAccounting: boolean;
  /** Changes of configuration, for whoever keeps the directory; absent = none. */
  readonly changes?: readonly ConfigChange[];
  /** A caller came back to a queue and nobody knows which abandon that undoes: stored as such, and worth a count. */
  readonly isUnmatchedResume?: boolean;
  readonly error?: { readonly code: DeadLetterCode; readonly detail: string };
}

const FOREIGN_REGION = 'The record belongs to another region.';

const DEAD_CODES: Readonly<Record<DecodeErrorCode, DeadLetterCode>> = {
  malformed: 'malformed',
  invalid_event: 'invalid',
  unknown_event: 'invalid',
  territory_mismatch: 'unknown_tenant',
  future_skew: 'future_skew',
};

function failed(code: DeadLetterCode, detail: string, header?: StreamHeader): DecodedDelivery {
  return {
    source: MISSING,
    territoryId: header?.territoryId,
    receivedMs: header?.receivedMs,
    facts: [],
    isAccounting: false,
    error: { code, detail },
  };
}

/** Ids of a bare record: whoever may write to the stream may name a territory, but none of another region. */
function ownIds(raw: unknown): { territoryId: number; regionId: number } | undefined {
  if (typeof raw !== 'object' || raw === null) return undefined;
  // An EventBridge rule that targets the stream puts its whole envelope.
  const fields = unwrapEventBridge(raw)?.detail ?? (raw as Readonly<Record<string, unknown>>);
  const territory = fields['territoryId'] ?? fields['variable_territory_id'];
  const region = fields['regionId'] ?? fields['variable_region_id'];
  if (typeof territory !== 'string' && typeof territory !== 'number') return undefined;
  if (typeof region !== 'string' && typeof region !== 'number') return undefined;
  const ids = { territoryId: Number(territory), regionId: Number(region) };
  return Number.isSafeInteger(ids.territoryId) && ids.territoryId >= 0 && Number.isSafeInteger(ids.regionId)
    ? ids
    : undefined;
}

/** The source of what tells of no event. */
function sourceOf(raw: unknown): string {
  if (raw instanceof ScannedHeaders) return 'freeswitch';
  if (typeof raw !== 'object' || raw === null) return MISSING;
  const fields = unwrapEventBridge(raw)?.detail ?? (raw as Readonly<Record<string, unknown>>);
  return isFreeswitchEvent(fields) ? 'freeswitch' : MISSING;
}

function factsOf(event: LuminaEvent | undefined, control: NegativeControl | undefined): readonly Fact[] {
  if (event === undefined) return [];
  const facts = extractFacts(event);
  return control === undefined ? facts : withNegativeControl(control, event, facts);
}

/**
 * Whether ASCII text of JSON can spell nothing but printable ASCII: below the space JSON allows no character inside a
 * string but by an escape. No string in such an event need be searched for control characters or half surrogate pairs.
 */
function isPlain(asciiText: string): boolean {
  return !asciiText.includes('\\') && !asciiText.includes('\u007f');
}

/** Decodes an event that was parsed or scanned. */
function decodeOne(
  raw: unknown,
  isPlainText: boolean,
  header: StreamHeader | undefined,
  context: DeliveryContext,
): DecodedDelivery {
  const ids = header ?? ownIds(raw);
  if (ids === undefined) return failed('unknown_tenant', 'The record names no territory and region.');
  const { territoryId, regionId } = ids;
  if (regionId !== context.regionId) return failed('unknown_tenant', FOREIGN_REGION, header);
  const { personalIdSecret, nowMs } = context;
  const decoded = decodeEvent(raw, { territoryId, regionId, personalIdSecret, nowMs, isPlainText });
  const receivedMs = header?.receivedMs;
  if ('error' in decoded) {
    const { code, detail } = decoded.error;
    const error = { code: DEAD_CODES[code], detail };
    return { source: sourceOf(raw), territoryId, receivedMs, facts: [], isAccounting: false, error };
  }
  // No mapper makes more than one event of a raw one.
  const event = decoded.events[0];
  const facts = factsOf(event, context.negativeControl);
  const source = event === undefined ? sourceOf(raw) : event.source;
  const delivery: DecodedDelivery = { source, territoryId, receivedMs, facts, isAccounting: false };
  // What others put on the stream themselves was reduced by nobody.
  if (event?.type === 'CONFIG_CHANGE') return { ...delivery, changes: [whitelistBody(event) as ConfigChange] };
  if (event?.type === 'QUEUE_RESUME' && event.undoes === null) return { ...delivery, isUnmatchedResume: true };
  return delivery;
}

/** Accounting that another process put on the stream: facts as they are, once they are seen to be some. */
function decodeAccounting(raw: unknown, header: StreamHeader, context: DeliveryContext): DecodedDelivery {
  if (header.regionId !== context.regionId) return failed('unknown_tenant', FOREIGN_REGION, header);
  const facts = checkAccountingBody(raw, context.regionId);
  return { source: MISSING, territoryId: 0, receivedMs: header.receivedMs, facts, isAccounting: true };
}

/** Decodes one record of the stream into facts, or into the reason why it is dead. */
export function decodeDelivery(data: Uint8Array, context: DeliveryContext): DecodedDelivery {
  let header: StreamHeader | undefined;
  try {
    const record = openStreamRecord(inflated(data));
    header = record.header;
    const scanned = header?.body === 'events' ? scanHeaders(record.bytes, record.bodyAt) : undefined;
    if (scanned !== undefined) return decodeOne(scanned, true, header, context);
    const { text, isAscii } = textOfBody(record);
    if (text === undefined) return failed('malformed', 'The record is no valid UTF-8.', header);
    const raw: unknown = JSON.parse(text);
    if (header?.body === 'facts') return decodeAccounting(raw, header, context);
    return decodeOne(raw, isAscii && isPlain(text), header, context);
  } catch (error) {
    // A record that breaks the decoder must not stop the shard behind it: it is kept, with what broke.
    const code = error instanceof DecodeError ? DEAD_CODES[error.code] : 'malformed';
    return failed(code, error instanceof Error ? error.message : String(error), header);
  }
}
