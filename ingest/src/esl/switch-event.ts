import { epochMsOfAny } from '../core/sources/header-reader.ts';
import type { EslFrame } from './frame-parser.ts';

/** An event of the switch, one flat object as in its JSON; the body of one that has a body is `_body`. */
export type SwitchEvent = Readonly<Record<string, unknown>>;

const PERCENT = 0x25;
/** How a plain event writes an empty value. */
const NOTHING = '_undef_';

function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const lower = byte | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}

/** Decodes percent-encoding byte by byte; what is no escape stays as it is, so that no value can make it throw. */
export function percentDecode(text: string): string {
  if (!text.includes('%')) return text;
  const bytes = Buffer.from(text);
  let length = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const high = bytes[at] === PERCENT ? hexDigit(bytes[at + 1]) : -1;
    const low = high === -1 ? -1 : hexDigit(bytes[at + 2]);
    if (low === -1) bytes[length] = bytes[at] ?? 0;
    else {
      bytes[length] = high * 16 + low;
      at += 2;
    }
    length += 1;
  }
  return bytes.toString('utf8', 0, length);
}

function plainEvent(body: Buffer): SwitchEvent {
  const end = body.indexOf('\n\n');
  // Without a prototype: a header may have any name.
  const event = Object.create(null) as Record<string, unknown>;
  for (const line of body.toString('utf8', 0, end === -1 ? body.length : end).split('\n')) {
    const colon = line.indexOf(':');
    const text = line.slice(colon + 1).trim();
    if (colon > 0 && text !== NOTHING) event[line.slice(0, colon)] = percentDecode(text);
  }
  if (end !== -1 && end + 2 < body.length) event['_body'] = body.toString('utf8', end + 2);
  return event;
}

function jsonEvent(body: Buffer): SwitchEvent | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as SwitchEvent) : undefined;
  } catch {
    // The frame around it was whole, so the stream is still in step: the caller counts it and reads on.
    return undefined;
  }
}

/** The event in a frame of events; undefined when its body is none. */
export function readEvent(frame: EslFrame): SwitchEvent | undefined {
  const event = frame.type === 'text/event-json' ? jsonEvent(frame.body) : plainEvent(frame.body);
  return event !== undefined && typeof event['Event-Name'] === 'string' ? event : undefined;
}

/** A header's text. Names are case-insensitive: builds differ in `Event-Date-Timestamp`. */
export function headerOf(event: SwitchEvent, name: string): string | undefined {
  let value = event[name];
  if (value === undefined) {
    const wanted = name.toLowerCase();
    for (const key in event) {
      if (key.length === name.length && key.toLowerCase() === wanted) {
        value = event[key];
        break;
      }
    }
  }
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The instant that a header tells, in epoch ms; undefined when absent or 0, which means never. */
export function instantOf(event: SwitchEvent, name: string): number | undefined {
  const text = headerOf(event, name);
  return text !== undefined && /^\d{1,17}$/.test(text) && Number(text) > 0 ? epochMsOfAny(Number(text)) : undefined;
}

/** When the switch fired an event, in epoch ms of its own clock; undefined when it does not say. */
export function eventMsOf(event: SwitchEvent): number | undefined {
  return instantOf(event, 'Event-Date-Timestamp');
}
