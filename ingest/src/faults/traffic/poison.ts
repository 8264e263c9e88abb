import type { SentEvent } from './stories.ts';

/** What a record in this text's place is refused for by the store's door. */
export const REFUSED_MARKER = 'q-refused-by-the-store';

/** A record that must end as a dead letter, with this code. */
export interface Poison {
  readonly kind: string;
  readonly code: string;
  readonly bytes: Buffer;
}

const MEGABYTE = 1_000_000;
const LONG_AGO = Date.UTC(2001, 0, 1);

/** One of each kind of poison; `number` keeps those of several rounds apart, `aheadMs` is how far in the future one is. */
export function allPoison(territoryId: number, number: number, nowMs: number, aheadMs: number): Poison[] {
  const callId = `poison-${String(number)}`;
  const event = (ms: number, fields: object): SentEvent => ({
    v: 1,
    id: `${callId}-event`,
    type: 'CALL_START',
    source: 'freeswitch',
    time: new Date(ms).toISOString(),
    territoryId,
    regionId: 1,
    callId,
    direction: 'inbound',
    ...fields,
  });
  const poison = (kind: string, code: string, fields: object, ms = nowMs): Poison => ({
    kind,
    code,
    bytes: Buffer.from(JSON.stringify(event(ms, fields))),
  });
  const whole = Buffer.from(JSON.stringify(event(nowMs, {})));
  const broken = Buffer.from(whole);
  // A byte that begins no character of UTF-8, inside of the text of the id.
  broken[whole.indexOf(callId)] = 0xff;
  const join = { type: 'QUEUE_JOIN', visitId: `v-${callId}`, stayId: `s-${callId}`, queueId: 'q-sales' };
  return [
    { kind: 'bad JSON', code: 'malformed', bytes: whole.subarray(0, whole.length - 1) },
    { kind: 'bad UTF-8', code: 'malformed', bytes: broken },
    poison('a megabyte', 'invalid', { callId: 'm'.repeat(MEGABYTE) }),
    poison('against the schema', 'invalid', { direction: 'sideways' }),
    poison('another region', 'unknown_tenant', { regionId: 2 }),
    poison('from the future', 'future_skew', {}, nowMs + aheadMs),
    // Characters of three bytes: within every schema, and more than a record of the store may have.
    poison('too large for the store', 'store_validation', {
      ...join,
      visitId: '多'.repeat(200),
      callId: '話'.repeat(200),
      queueId: '列'.repeat(200),
    }),
    poison('refused by the store', 'store_validation', { ...join, queueId: REFUSED_MARKER }),
    poison('before all retention', 'too_late', {}, LONG_AGO),
  ];
}
