import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

import type { Headers } from './event.ts';

/** An event to fire: its own headers, without those that every event begins with. */
export interface EventToFire {
  readonly name: string;
  readonly headers: Headers | Readonly<Record<string, string>>;
  readonly body?: string;
  /** When it happened by the switch's clock; now unless given. */
  readonly atMs?: number;
}

const STEP_MS = 20;

/** Fires keys and progress of unknown calls at a rate, in small steps; answers how many it were. */
export async function flood(
  target: { fire(event: EventToFire): unknown },
  perSecond: number,
  forMs: number,
): Promise<number> {
  const startedMs = performance.now();
  let fired = 0;
  for (;;) {
    const elapsedMs = Math.min(forMs, performance.now() - startedMs);
    for (const due = Math.floor((elapsedMs * perSecond) / 1000); fired < due; fired += 1) {
      const uuid = randomUUID();
      const isKey = fired % 2 === 0;
      target.fire({
        name: isKey ? 'DTMF' : 'CHANNEL_PROGRESS',
        headers: {
          'Channel-State': 'CS_EXECUTE',
          'Channel-Name': 'sofia/gateway/flood/8000',
          'Unique-ID': uuid,
          'Channel-Call-UUID': uuid,
          'Call-Direction': 'inbound',
          ...(isKey ? { 'DTMF-Digit': '5', 'DTMF-Duration': '2000' } : {}),
        },
      });
    }
    if (elapsedMs >= forMs) return fired;
    await delay(STEP_MS);
  }
}
