import { FREESWITCH_HEADERS, textOfHeader, textsOfHeader, type HeaderName } from './freeswitch-headers.ts';
import type { HeaderSource } from './header-reader.ts';

/**
 * Events of FreeSWITCH are two thirds of all, and as collector and forwarder put them on the stream each is one flat
 * object: headers in their own spelling, texts without escapes. Such a one is searched for its headers where it lies, in
 * less than half of the time in which JSON.parse makes an object of it. Anything else at all, and JSON.parse is asked.
 */

/** Longer than the headers that are read ever are together. What is found in a text keeps all of it in memory. */
const MOST_BYTES = 4096;
const WORD_BYTES = 4;

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;
/** Of `Event-Name`, which comes first. */
const UPPER_E = 0x45;
/** Of `ARRAY::`, which begins a list. */
const UPPER_A = 0x41;

/** Bytes that stand for themselves inside a text: printable ASCII but for the quote and the escape. */
const ownBytes = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte >= 0x20 && byte < 0x7f && byte !== QUOTE && byte !== 0x5c ? 1 : 0,
);

/** Records are copied here to be compared by words of four bytes. */
const bytes = new Uint8Array(MOST_BYTES + 256);
const view = new DataView(bytes.buffer);

/** The name of a header as JSON writes it, from its own quote to that of its text: `"CC-Queue":"`. */
interface Token {
  readonly slot: number;
  readonly length: number;
  /** Its words; the last ends where the token does, and may overlap the one before. */
  readonly words: Int32Array;
}

function tokenOf(name: string, slot: number): Token {
  const spelled = Buffer.from(`"${name}":"`);
  const words: number[] = [];
  for (let at = 0; at + WORD_BYTES < spelled.length; at += WORD_BYTES) words.push(spelled.readInt32LE(at));
  words.push(spelled.readInt32LE(spelled.length - WORD_BYTES));
  return { slot, length: spelled.length, words: Int32Array.from(words) };
}

const names = Object.keys(FREESWITCH_HEADERS) as HeaderName[];
const slots: ReadonlyMap<string, number> = new Map(names.map((name, slot) => [name, slot]));
const tokens: readonly Token[] = names.map(tokenOf);
const tokensByLength = new Map<number, Token[]>();
for (const token of tokens) tokensByLength.set(token.length, [...(tokensByLength.get(token.length) ?? []), token]);

/**
 * Which token came after which the last time in events of the same kind, as far as the length of its name tells it: it
 * mostly does again.
 */
const KINDS = 32;
const following = new Array<Token | undefined>((tokens.length + 1) * KINDS).fill(undefined);
const BEFORE_FIRST = tokens.length * KINDS;

function standsAt(at: number, { length, words }: Token): boolean {
  const last = words.length - 1;
  for (let index = 0; index < last; index += 1) {
    if (view.getInt32(at + index * WORD_BYTES, true) !== words[index]) return false;
  }
  return view.getInt32(at + length - WORD_BYTES, true) === words[last];
}

function tokenAmong(candidates: readonly Token[], at: number): Token | undefined {
  for (const token of candidates) if (standsAt(at, token)) return token;
  return undefined;
}

function endOfText(start: number): number {
  let at = start;
  while (ownBytes[bytes[at] ?? 0] === 1) at += 1;
  return at;
}

function tokenAt(at: number, before: number): Token | undefined {
  const usual = following[before];
  if (usual !== undefined && standsAt(at, usual)) return usual;
  const length = endOfText(at + 1) - at + 3;
  const found = tokenAmong(tokensByLength.get(length) ?? [], at);
  if (found !== undefined) following[before] = found;
  return found;
}

/** Where each header's text begins, 0 for none, and ends: of the event that was scanned last, as none is kept. */
const starts = new Int32Array(tokens.length);
const ends = new Int32Array(tokens.length);

/** Finds all headers from a place to the end of the record; false unless they are all there is, and spelled so. */
function findHeaders(from: number, length: number): boolean {
  starts.fill(0);
  // A byte that no text has: the search ends there, and not in what an earlier record left behind it.
  bytes[length] = 0;
  let before = BEFORE_FIRST;
  let kind = 0;
  for (let at = from + 1; ; at += 1) {
    const token = tokenAt(at, before);
    if (token === undefined) return false;
    const start = at + token.length;
    const end = endOfText(start);
    if (bytes[end] !== QUOTE) return false;
    if (before === BEFORE_FIRST) kind = (end - start) % KINDS;
    before = token.slot * KINDS + kind;
    starts[token.slot] = start;
    ends[token.slot] = end;
    at = end + 1;
    if (bytes[at] === CLOSING_BRACE) return at + 1 === length;
    if (bytes[at] !== COMMA) return false;
  }
}

/** The headers of one event, until the next one is scanned. */
export class ScannedHeaders implements HeaderSource {
  private readonly body: string;
  private readonly bodyAt: number;

  constructor(body: string, bodyAt: number) {
    this.body = body;
    this.bodyAt = bodyAt;
  }

  text(name: HeaderName): string | undefined {
    const slot = slots.get(name) ?? -1;
    const start = starts[slot] ?? 0;
    const end = ends[slot] ?? 0;
    if (start === end || start === 0) return undefined;
    const text = this.body.substring(start - this.bodyAt, end - this.bodyAt);
    return bytes[start] === UPPER_A ? textOfHeader(text) : text;
  }

  texts(name: HeaderName): string[] {
    const slot = slots.get(name) ?? -1;
    const start = starts[slot] ?? 0;
    const end = ends[slot] ?? 0;
    return start === 0 ? [] : textsOfHeader(this.body.substring(start - this.bodyAt, end - this.bodyAt));
  }
}

/** Whether a header has a text, and one that cannot be a list. */
function isTold(name: HeaderName): boolean {
  const slot = slots.get(name) ?? -1;
  const start = starts[slot] ?? 0;
  return start !== 0 && start !== ends[slot] && bytes[start] !== UPPER_A;
}

/**
 * Scans the body of a record; undefined for one that is not just headers of an event with a kind and an id of its own.
 */
export function scanHeaders(record: Buffer, bodyAt: number): ScannedHeaders | undefined {
  if (record[bodyAt] !== OPENING_BRACE || record[bodyAt + 2] !== UPPER_E || record.length > MOST_BYTES)
    return undefined;
  bytes.set(record);
  if (!findHeaders(bodyAt, record.length)) return undefined;
  if (!isTold('Event-Name') || !isTold('Core-UUID') || !isTold('Event-Sequence')) return undefined;
  return new ScannedHeaders(record.toString('latin1', bodyAt), bodyAt);
}
