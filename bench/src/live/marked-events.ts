import { randomUUID } from 'node:crypto';
import { TERRITORY_ID } from './local-stack.ts';
import type { BenchStack } from './local-stack.ts';

/** A marked event that the collector has accepted. */
export interface AcceptedEvent {
  readonly stayId: string;
  readonly postedMs: number;
  readonly acceptedMs: number;
}

const WAITED_MS = 5_000;
const nowMs = (): number => performance.timeOrigin + performance.now();

/** Posts the end of a visit to a queue that has no other. */
export async function postMarkedEvent(stack: BenchStack, queueId: string): Promise<AcceptedEvent> {
  const visitId = randomUUID();
  const callId = randomUUID();
  const stayId = `${visitId}:${callId}`;
  const leftMs = Date.now();
  const postedMs = nowMs();
  const response = await fetch(`${stack.collectorUrl}/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${stack.ingestKey}`, 'content-type': 'application/x-ndjson' },
    body: JSON.stringify({
      v: 1,
      id: `bench:QUEUE_LEAVE:${stayId}`,
      type: 'QUEUE_LEAVE',
      source: 'freeswitch',
      time: new Date(leftMs).toISOString(),
      territoryId: TERRITORY_ID,
      regionId: 1,
      visitId,
      stayId,
      queueId,
      callId,
      joinedAt: new Date(leftMs - WAITED_MS).toISOString(),
      outcome: 'answered',
      agentId: 'ag_bench',
    }),
  });
  const acceptedMs = nowMs();
  const answer = await response.text();
  if (response.status !== 202) throw new Error(`The collector answered ${String(response.status)}: ${answer}`);
  return { stayId, postedMs, acceptedMs };
}
