import { setTimeout as delay } from 'node:timers/promises';

import type { Delivery, Simulation } from '@lumina/simulator';

/** Where traffic goes and how fast the simulated clock runs. */
export interface TrafficOptions {
  readonly simulation: Simulation;
  readonly collectorUrl: string;
  readonly ingestKey: string;
  /** Start of the simulated clock. */
  readonly startMs: number;
  /** Simulated milliseconds per wall-clock millisecond. */
  readonly speed: number;
}

const BATCH_SIZE = 400;
const RETRY_MS = 200;
const GIVE_UP_MS = 60_000;

interface CollectorReply {
  readonly accepted?: number;
  readonly rejected?: number;
  readonly items?: readonly { readonly status: string; readonly code?: string; readonly detail?: string }[];
}

/** Sends one batch until the collector has taken it; an item it refuses is a failure of the run. */
async function post(options: TrafficOptions, batch: readonly Delivery[]): Promise<void> {
  const body = JSON.stringify(batch.map((delivery) => delivery.body));
  const deadline = Date.now() + GIVE_UP_MS;
  for (;;) {
    const reply = await fetch(`${options.collectorUrl}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${options.ingestKey}`, 'content-type': 'application/json' },
      body,
    });
    const text = await reply.text();
    if (reply.status === 202) {
      const { rejected, items } = JSON.parse(text) as CollectorReply;
      if (rejected === 0) return;
      const refused = items?.find((item) => item.status !== 'accepted');
      throw new Error(
        `verify_event_refused: the collector refused ${String(rejected)} events: ${JSON.stringify(refused)}`,
      );
    }
    const canRetry = reply.status === 429 || reply.status === 503;
    if (!canRetry || Date.now() > deadline) {
      throw new Error(`verify_collector: status ${String(reply.status)}: ${text.slice(0, 300)}`);
    }
    await delay(RETRY_MS);
  }
}

/** Plays the simulation against the collector by its own clock; answers how many raw events were delivered. */
export async function sendTraffic(options: TrafficOptions): Promise<number> {
  const wallStartMs = Date.now();
  const wallOf = (simulatedMs: number): number => wallStartMs + (simulatedMs - options.startMs) / options.speed;
  let batch: Delivery[] = [];
  let sent = 0;
  const flush = async (): Promise<void> => {
    if (batch.length === 0) return;
    const full = batch;
    batch = [];
    await post(options, full);
    sent += full.length;
  };
  for (const delivery of options.simulation) {
    const aheadMs = wallOf(delivery.atMs) - Date.now();
    if (aheadMs > 0) {
      await flush();
      await delay(aheadMs);
    }
    batch.push(delivery);
    if (batch.length >= BATCH_SIZE) await flush();
  }
  await flush();
  return sent;
}

/** The last tenth of a run is without kills: one that waits for a write must still find traffic. */
const KILLED_SHARE = 0.9;

/** Instants of the kills as shares of the run, spread over it and different for every seed. */
export function killTimes(kills: number, seed: number): number[] {
  const golden = 0.618_033_988_749_895;
  return Array.from({ length: kills }, (_, index) => {
    const jitter = (seed * golden + index * 0.37) % 1;
    return (KILLED_SHARE * (index + jitter)) / kills;
  });
}
