import { whitelistBody } from '@lumina/ingest';
import { createSimulation } from '@lumina/simulator';

const START_MS = Date.UTC(2026, 2, 3, 10, 0, 0);
const SIMULATED_MS = 600_000;
const RATE = 15;

/** An event as the collector puts it on the stream. */
export interface BenchEvent {
  readonly territoryId: number;
  readonly regionId: number;
  readonly bytes: Buffer;
}

/** Which sizes of events are asked for, in bytes. */
export interface SizeRange {
  readonly least: number;
  readonly most: number;
}

/**
 * Events of every source in the shares in which a simulated contact centre causes them, reduced as the collector does.
 * Only those of the sizes asked for.
 */
export function simulatedEvents(count: number, { least, most }: SizeRange): BenchEvent[] {
  const events: BenchEvent[] = [];
  const span = { startMs: START_MS, endMs: START_MS + SIMULATED_MS, rate: RATE, territories: [101] };
  for (const { territoryId, regionId, body } of createSimulation({ ...span, isRecording: false })) {
    const bytes = Buffer.from(JSON.stringify(whitelistBody(body)));
    if (bytes.length < least || bytes.length > most) continue;
    events.push({ territoryId, regionId, bytes });
    if (events.length === count) break;
  }
  return events;
}

/** Call events of the original product, as many as asked for, each of a call of its own. */
export function originalCallEvents(count: number, first: number): Buffer[] {
  return Array.from({ length: count }, (_, offset) => {
    const index = first + offset;
    return Buffer.from(
      JSON.stringify({
        eventType: index % 2 === 0 ? 'CALL_START' : 'CALL_END',
        timestamp: new Date(START_MS + index).toISOString(),
        callId: `5b1f9a30-6c1d-4c53-9d6e-${String(index).padStart(12, '0')}`,
        territoryId: 101 + (index % 3),
        regionId: 1,
        agentId: `ag_${String(1000 + (index % 40))}`,
        queueId: `q_${String(index % 8)}`,
        duration: 30 + (index % 300),
        outcome: 'answered',
      }),
    );
  });
}

/** The end of a visit, of about 560 bytes, which becomes exactly one fact. */
export function queueLeave(index: number, atMs: number): Buffer {
  const visitId = `5b1f9a30-6c1d-4c53-9d6e-${String(index).padStart(12, '0')}`;
  const callId = `c2d85bd4-1f0f-4a6b-8f7c-${String(index).padStart(12, '0')}`;
  return Buffer.from(
    JSON.stringify({
      v: 1,
      id: `9b97c498-3ae8-4e7a-a867-b7d2398142da:QUEUE_LEAVE:${visitId}:${callId}`,
      type: 'QUEUE_LEAVE',
      source: 'freeswitch',
      time: new Date(atMs).toISOString(),
      territoryId: 101,
      regionId: 1,
      visitId,
      stayId: `${visitId}:${callId}`,
      queueId: `q_sales_${String(index % 20)}`,
      callId,
      joinedAt: new Date(atMs - 20_000).toISOString(),
      outcome: 'answered',
      agentId: `ag_${String(1000 + (index % 40))}`,
    }),
  );
}
