import { isRegionId, type Fact } from '@lumina/contracts';

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

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function headerOf(text: string): StreamHeader {
  const { territoryId, regionId, receivedMs, body } = JSON.parse(text) as Readonly<Record<string, unknown>>;
  if (!isCount(territoryId) || !isCount(regionId) || !isRegionId(regionId) || !isCount(receivedMs))
    throw new TypeError('The header of the record names no territory, region and time.');
  if (body !== 'events' && body !== 'facts') throw new TypeError('The header of the record names no known body.');
  return { lumina: 1, territoryId, regionId, receivedMs, body };
}

const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;
/** So many digits are exact in a number. */
const MOST_DIGITS = 15;
const BEFORE_TERRITORY = Buffer.from('"territoryId":');
const BEFORE_REGION = Buffer.from(',"regionId":');
const BEFORE_TIME = Buffer.from(',"receivedMs":');
const AFTER_TIME = Buffer.from(',"body":"events"}\n');

/** Reads headers of events as {@link encodeStreamRecord} writes them, without making JSON of them. */
class HeaderCursor {
  private readonly bytes: Buffer;
  at: number;

  constructor(bytes: Buffer, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  /** Steps over a text; false when something else stands there. */
  skips(text: Buffer): boolean {
    for (let index = 0; index < text.length; index += 1) {
      if (this.bytes[this.at + index] !== text[index]) return false;
    }
    this.at += text.length;
    return true;
  }

  /** Reads a whole number; -1 when none stands there. */
  count(): number {
    const start = this.at;
    let value = 0;
    for (; this.at - start < MOST_DIGITS; this.at += 1) {
      const byte = this.bytes[this.at] ?? 0;
      if (byte < DIGIT_0 || byte > DIGIT_9) break;
      value = value * 10 + (byte - DIGIT_0);
    }
    return this.at === start ? -1 : value;
  }
}

/** A record with a header of the usual form; undefined for any other, which may still have one. */
function decodeUsual(bytes: Buffer): StreamRecord | undefined {
  const cursor = new HeaderCursor(bytes, PREFIX.length);
  if (!cursor.skips(BEFORE_TERRITORY)) return undefined;
  const territoryId = cursor.count();
  if (!cursor.skips(BEFORE_REGION)) return undefined;
  const regionId = cursor.count();
  if (!cursor.skips(BEFORE_TIME)) return undefined;
  const receivedMs = cursor.count();
  if (!cursor.skips(AFTER_TIME) || territoryId < 0 || receivedMs < 0 || !isRegionId(regionId)) return undefined;
  return { header: { lumina: 1, territoryId, regionId, receivedMs, body: 'events' }, bytes: bytes.subarray(cursor.at) };
}

/** Takes a record of the stream apart; one without our header is all body. Throws where our header is broken. */
export function decodeStreamRecord(data: Uint8Array): StreamRecord {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  if (!new HeaderCursor(bytes, 0).skips(PREFIX)) return { header: undefined, bytes };
  const usual = decodeUsual(bytes);
  if (usual !== undefined) return usual;
  const end = bytes.indexOf(NEWLINE);
  if (end === -1) return { header: undefined, bytes };
  return { header: headerOf(bytes.subarray(0, end).toString('utf8')), bytes: bytes.subarray(end + 1) };
}
