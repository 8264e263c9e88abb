import { DecodeError } from './decode-error.ts';
import { unwrapEventBridge } from './sources/eventbridge.ts';
import { isFreeswitchEvent } from './sources/freeswitch.ts';

/** Deeper than any event of any source; what lies deeper is no event. */
const MAX_DEPTH = 32;
/** Keys that turn into something else than data when a careless program copies them. */
const UNSAFE_KEYS = ['__proto__', 'constructor', 'prototype'];

/** FreeSWITCH writes a header as text, or as a list of texts; anything else would read as a header that is missing. */
function isHeader(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0 && value.every((text) => typeof text === 'string');
  return typeof value === 'string' || typeof value === 'number';
}

function checkHeaders(raw: unknown): void {
  const event: unknown = unwrapEventBridge(raw)?.detail ?? raw;
  if (typeof event !== 'object' || event === null || !isFreeswitchEvent(event as Readonly<Record<string, unknown>>))
    return;
  for (const [name, value] of Object.entries(event))
    if (!isHeader(value)) throw new DecodeError('invalid_event', `Header ${name.slice(0, 100)} must be text.`);
}

/** Refuses what no event holds, before anything looks into it: nesting without end, keys that reach prototypes. */
export function checkShape(raw: unknown): void {
  let level = [raw];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH)
      throw new DecodeError('invalid_event', `It is nested deeper than ${String(MAX_DEPTH)} levels.`);
    const below: unknown[] = [];
    for (const value of level) {
      if (typeof value !== 'object' || value === null) continue;
      const unsafe = Array.isArray(value) ? undefined : UNSAFE_KEYS.find((key) => Object.hasOwn(value, key));
      if (unsafe !== undefined) throw new DecodeError('invalid_event', `"${unsafe}" is no name of a field.`);
      for (const child of Object.values(value) as unknown[]) {
        if (typeof child === 'object' && child !== null) below.push(child);
        // It would be written back as null.
        else if (child === Infinity || child === -Infinity)
          throw new DecodeError('invalid_event', 'A number is larger than any number can be.');
      }
    }
    level = below;
  }
  checkHeaders(raw);
}
