import type { Fact } from '@lumina/contracts';

import { decodeEvent, type DecodeContext } from '../core/decode.ts';
import { extractFacts } from '../core/extract-facts.ts';

/** Territory and region of the tests. */
export const OWN = { territoryId: 101, regionId: 1 };
/** A round instant within memory retention of nothing: tests of the core know no present. */
export const T0 = Date.UTC(2026, 2, 3, 10, 0, 0);

/** RFC 3339 of so many ms after {@link T0}. */
export function at(offsetMs: number): string {
  return new Date(T0 + offsetMs).toISOString();
}

let sequence = 0;

/** An envelope event with an id of its own. */
export function envelope(type: string, timeOffsetMs: number, fields: object): Record<string, unknown> {
  sequence += 1;
  return { v: 1, id: `e${String(sequence)}`, type, source: 'freeswitch', time: at(timeOffsetMs), ...OWN, ...fields };
}

/** A raw FreeSWITCH event of so many ms after {@link T0}. */
export function switchEvent(
  eventName: string,
  timeOffsetMs: number,
  headers: Record<string, string>,
): Record<string, string> {
  sequence += 1;
  return {
    'Event-Name': eventName,
    'Core-UUID': 'core-1',
    'Event-Sequence': String(sequence),
    'Event-Date-Timestamp': String((T0 + timeOffsetMs) * 1000),
    ...headers,
  };
}

/** A `callcenter::info` event. */
export function callcenterEvent(
  action: string,
  timeOffsetMs: number,
  headers: Record<string, string>,
): Record<string, string> {
  return switchEvent('CUSTOM', timeOffsetMs, {
    'Event-Subclass': 'callcenter::info',
    'CC-Action': action,
    'CC-Queue': 'q_sales',
    'CC-Member-UUID': 'member-1',
    'CC-Member-Session-UUID': 'call-1',
    ...headers,
  });
}

/** The facts of raw events; throws on one that is refused. */
export function factsOf(raw: unknown, context: DecodeContext = OWN): Fact[] {
  const decoded = decodeEvent(raw, context);
  if ('error' in decoded) throw new Error(`${decoded.error.code}: ${decoded.error.detail}`);
  return decoded.events.flatMap(extractFacts);
}
