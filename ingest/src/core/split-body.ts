import { DecodeError } from './decode-error.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const OPEN_OBJECT = 0x7b;
const OPENING = new Set([OPEN_ARRAY, OPEN_OBJECT]);
const CLOSING = new Set([0x5d, 0x7d]);
const NEWLINE = 0x0a;
const WHITESPACE = new Set([0x20, 0x09, 0x0a, 0x0d]);

/** Far beyond what any item may have, which is judged alone. */
const MAX_DEPTH = 100_000;

/** More items than 5 MB of whole events hold; a body of crumbs would cost seconds of work each. */
const MAX_ITEMS = 50_000;

/** A body of too many items; the caller answers 413. */
export class TooManyItemsError extends Error {
  readonly code = 'payload_too_large';

  constructor() {
    super(`A body may have at most ${String(MAX_ITEMS)} items; send fewer at once.`);
    this.name = 'TooManyItemsError';
  }
}

function push(items: Buffer[], item: Buffer): void {
  if (items.length >= MAX_ITEMS) throw new TooManyItemsError();
  items.push(item);
}

function trimmed(bytes: Buffer): Buffer {
  let start = 0;
  let end = bytes.length;
  while (start < end && WHITESPACE.has(bytes[start] ?? 0)) start += 1;
  while (end > start && WHITESPACE.has(bytes[end - 1] ?? 0)) end -= 1;
  return bytes.subarray(start, end);
}

/** Cuts the elements out of a JSON array without touching a byte of them. */
function arrayItems(bytes: Buffer): Buffer[] {
  const items: Buffer[] = [];
  let depth = 0;
  let isInString = false;
  let start = 1;
  for (let at = 1; at < bytes.length - 1; at += 1) {
    const byte = bytes[at] ?? 0;
    if (isInString) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) isInString = false;
    } else if (byte === QUOTE) isInString = true;
    else if (OPENING.has(byte)) depth += 1;
    else if (CLOSING.has(byte)) depth -= 1;
    else if (byte === COMMA && depth === 0) {
      push(items, trimmed(bytes.subarray(start, at)));
      start = at + 1;
    }
  }
  const last = trimmed(bytes.subarray(start, bytes.length - 1));
  if (items.length > 0 || last.length > 0) push(items, last);
  return items;
}

function lines(bytes: Buffer): Buffer[] {
  const items: Buffer[] = [];
  let start = 0;
  while (start <= bytes.length) {
    const end = bytes.indexOf(NEWLINE, start);
    const line = trimmed(bytes.subarray(start, end === -1 ? bytes.length : end));
    if (line.length > 0) push(items, line);
    if (end === -1) break;
    start = end + 1;
  }
  return items;
}

/** A parser keeps a note per open bracket: a body of nothing else would cost many times its size. */
function nestsTooDeep(bytes: Buffer): boolean {
  if (bytes.length < MAX_DEPTH) return false;
  let depth = 0;
  let isInString = false;
  for (let at = 0; at < bytes.length && depth < MAX_DEPTH; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === NEWLINE) isInString = false;
    else if (isInString) {
      if (byte === BACKSLASH) at += 1;
      else if (byte === QUOTE) isInString = false;
    } else if (byte === QUOTE) isInString = true;
    else if (OPENING.has(byte)) depth += 1;
    else if (CLOSING.has(byte)) depth -= 1;
  }
  return depth >= MAX_DEPTH;
}

function parses(bytes: Buffer): boolean {
  try {
    JSON.parse(bytes.toString('utf8'));
    return true;
  } catch {
    // Not JSON as a whole: the caller decides what that means.
    return false;
  }
}

function malformed(detail: string): DecodeError {
  return new DecodeError('malformed', detail);
}

/**
 * Cuts a body (JSON array, NDJSON or a single object) into the bytes of its items, verbatim. What is broken on a line
 * of NDJSON is that item's error and no other's, wherever it stands; a body without a single object is unreadable.
 */
export function splitBody(body: Buffer): Buffer[] {
  const bytes = trimmed(body);
  if (bytes.length === 0) throw malformed('The body is empty; send a JSON array, NDJSON or one object.');
  if (nestsTooDeep(bytes)) throw malformed('The body is nested too deep.');
  const isArray = bytes[0] === OPEN_ARRAY;
  const isOneLine = !bytes.includes(NEWLINE);
  // A single object, or an array, may be spread over lines.
  if ((isArray || bytes[0] === OPEN_OBJECT) && parses(bytes)) return isArray ? arrayItems(bytes) : [bytes];
  if (isOneLine && isArray) throw malformed('The body is no valid JSON array.');
  const items = isOneLine ? [bytes] : lines(bytes);
  if (!items.some((item) => item[0] === OPEN_OBJECT))
    throw malformed('The body must be a JSON array, NDJSON or one object.');
  if (items.length === 1) throw malformed('The body is no valid JSON.');
  return items;
}
