import { isAscii } from 'node:buffer';

/** JSON, read, and what is known of its text. */
export interface ParsedJson {
  readonly value: unknown;
  /**
   * The text is printable ASCII without an escape. No string in it can hold a control character, a line separator or
   * half a surrogate pair, so that nobody need look for them.
   */
  readonly isPlainText: boolean;
}

const utf8 = new TextDecoder('utf-8', { fatal: true });
const BACKSLASH = '\\';
const DELETE = '\u007f';

/** Reads JSON from bytes; throws where they are no JSON, or no UTF-8. */
export function parseJson(bytes: Buffer): ParsedJson {
  // Nearly all events are ASCII, and ASCII is Latin 1, which needs no decoding.
  if (!isAscii(bytes)) return { value: JSON.parse(utf8.decode(bytes)), isPlainText: false };
  const text = bytes.toString('latin1');
  // Below the space JSON allows nothing inside a string but by an escape.
  return { value: JSON.parse(text), isPlainText: !text.includes(BACKSLASH) && !text.includes(DELETE) };
}
