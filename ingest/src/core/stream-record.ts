import type { Fact } from '@lumina/contracts';

/**
 * What the collector puts on the stream: one line of JSON that says for whom, then the item exactly as it was sent.
 * Other producers with write access to the stream may put bare events; those name their own territory.
 */
export interface StreamHeader {
  readonly lumina: 1;
  readonly territoryId: number;
  readonly regionId: number;
  readonly receivedMs: number;
  /** `events`: the body is a raw event; `facts`: it is an array of accounting facts of the collector itself. */
  readonly body: 'events' | 'facts';
}

/** A record of the stream taken apart. */
export interface StreamRecord {
  readonly header: StreamHeader | undefined;
  readonly bytes: Buffer;
}

const PREFIX = Buffer.from('{"lumina":1,');
const NEWLINE = 0x0a;

/** Joins header and item. */
export function encodeStreamRecord(header: Omit<StreamHeader, 'lumina'>, bytes: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`${JSON.stringify({ lumina: 1, ...header })}\n`), bytes]);
}

/** Accounting facts as a record of the stream. */
export function encodeFactsRecord(facts: readonly Fact[], regionId: number, receivedMs: number): Buffer {
  return encodeStreamRecord(
    { territoryId: 0, regionId, receivedMs, body: 'facts' },
    Buffer.from(JSON.stringify(facts)),
  );
}

/** Takes a record of the stream apart; one without our header is all body. */
export function decodeStreamRecord(data: Uint8Array): StreamRecord {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const end = bytes.subarray(0, PREFIX.length).equals(PREFIX) ? bytes.indexOf(NEWLINE) : -1;
  if (end === -1) return { header: undefined, bytes };
  return {
    header: JSON.parse(bytes.subarray(0, end).toString('utf8')) as StreamHeader,
    bytes: bytes.subarray(end + 1),
  };
}
