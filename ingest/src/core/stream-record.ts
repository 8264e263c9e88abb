import { isAscii } from 'node:buffer';

import { isRegionId, streamRecordHead, type Fact, type StreamRecordHeader } from '@lumina/contracts';

/**
 * What the collector puts on the stream: one line of JSON that says for whom, then the item exactly as it was sent.
 * Other producers with write access to the stream may put bare events; those name their own territory.
 */
export interface StreamHeader extends StreamRecordHeader {
  readonly lumina: 1;
}

/** A record of the stream taken apart. */
export interface StreamRecord {
  readonly header: StreamHeader | undefined;
  readonly bytes: Buffer;
}

/** A record of the stream whose header was read. */
export interface OpenedRecord {
  readonly header: StreamHeader | undefined;
  /** The whole record. */
  readonly bytes: Buffer;
  readonly bodyAt: number;
}

/** The body of a record as text. */
export interface BodyText {
  /** Undefined when it is no UTF-8. */
  readonly text: string | undefined;
  readonly isAscii: boolean;
}

const PREFIX = Buffer.from('{"lumina":1,');
const NEWLINE = 0x0a;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Joins header and item. */
export function encodeStreamRecord(header: StreamRecordHeader, bytes: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(streamRecordHead(header)), bytes]);
}

/** Accounting facts as a record of the stream. */
export function encodeFactsRecord(facts: readonly Fact[], regionId: number, receivedMs: number): Buffer {
  return encodeStreamRecord(
    { territoryId: 0, regionId, receivedMs, body: 'facts' },
    Buffer.from(JSON.stringify(facts)),
  );
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** Reads any header of ours; throws where it is broken. */
function parsedHeader(line: string): StreamHeader {
  const { territoryId, regionId, receivedMs, body } = JSON.parse(line) as Readonly<Record<string, unknown>>;
  if (!isCount(territoryId) || !isCount(regionId) || !isRegionId(regionId) || !isCount(receivedMs))
    throw new TypeError('The header of the record names no territory, region and time.');
  if (body !== 'events' && body !== 'facts') throw new TypeError('The header of the record names no known body.');
  return { lumina: 1, territoryId, regionId, receivedMs, body };
}

const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;
/** So many digits are exact in a number. */
const MOST_DIGITS = 15;
const bytesOf = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text));
const BEFORE_TERRITORY = bytesOf('{"lumina":1,"territoryId":');
const BEFORE_REGION = bytesOf(',"regionId":');
const BEFORE_TIME = bytesOf(',"receivedMs":');
const AFTER_TIME = bytesOf(',"body":"events"}\n');

function hasAt(bytes: Uint8Array, at: number, part: Uint8Array): boolean {
  for (let index = 0; index < part.length; index += 1) {
    if (bytes[at + index] !== part[index]) return false;
  }
  return true;
}

function endOfDigits(bytes: Uint8Array, start: number): number {
  let at = start;
  for (; at - start < MOST_DIGITS; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte < DIGIT_0 || byte > DIGIT_9) break;
  }
  return at;
}

function numberIn(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at += 1) value = value * 10 + (bytes[at] ?? 0) - DIGIT_0;
  return value;
}

/**
 * Reads the header as {@link encodeStreamRecord} writes it for events; undefined for any other. Made an object by
 * JSON.parse it would cost half of what a small event costs.
 */
function usualHeader(bytes: Buffer): OpenedRecord | undefined {
  const territoryAt = BEFORE_TERRITORY.length;
  if (!hasAt(bytes, 0, BEFORE_TERRITORY)) return undefined;
  const territoryEnd = endOfDigits(bytes, territoryAt);
  const regionAt = territoryEnd + BEFORE_REGION.length;
  if (territoryEnd === territoryAt || !hasAt(bytes, territoryEnd, BEFORE_REGION)) return undefined;
  const regionEnd = endOfDigits(bytes, regionAt);
  const timeAt = regionEnd + BEFORE_TIME.length;
  if (!hasAt(bytes, regionEnd, BEFORE_TIME)) return undefined;
  const timeEnd = endOfDigits(bytes, timeAt);
  const regionId = numberIn(bytes, regionAt, regionEnd);
  if (timeEnd === timeAt || !isRegionId(regionId) || !hasAt(bytes, timeEnd, AFTER_TIME)) return undefined;
  const territoryId = numberIn(bytes, territoryAt, territoryEnd);
  const receivedMs = numberIn(bytes, timeAt, timeEnd);
  const header: StreamHeader = { lumina: 1, territoryId, regionId, receivedMs, body: 'events' };
  return { header, bytes, bodyAt: timeEnd + AFTER_TIME.length };
}

function bufferOf(data: Uint8Array): Buffer {
  return Buffer.isBuffer(data) ? data : Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}

/** Reads the header of a record; one without ours is all body. Throws where our header is broken. */
export function openStreamRecord(data: Uint8Array): OpenedRecord {
  const bytes = bufferOf(data);
  const usual = usualHeader(bytes);
  if (usual !== undefined) return usual;
  const end = hasAt(bytes, 0, PREFIX) ? bytes.indexOf(NEWLINE) : -1;
  if (end === -1) return { header: undefined, bytes, bodyAt: 0 };
  return { header: parsedHeader(bytes.toString('utf8', 0, end)), bytes, bodyAt: end + 1 };
}

/** Takes a record of the stream apart; one without our header is all body. Throws where our header is broken. */
export function decodeStreamRecord(data: Uint8Array): StreamRecord {
  const { header, bytes, bodyAt } = openStreamRecord(data);
  return { header, bytes: bodyAt === 0 ? bytes : bytes.subarray(bodyAt) };
}

function utf8Of(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    // Told to the caller, who knows by the header whose it is.
    return undefined;
  }
}

/** Reads the body of a record as text. */
export function textOfBody({ bytes, bodyAt }: OpenedRecord): BodyText {
  // Nearly all records are ASCII, which needs no decoding.
  if (isAscii(bytes)) return { text: bytes.toString('latin1', bodyAt), isAscii: true };
  return { text: utf8Of(bytes.subarray(bodyAt)), isAscii: false };
}
