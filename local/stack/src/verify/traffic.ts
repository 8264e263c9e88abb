import { setTimeout as delay } from 'node:timers/promises';

import type { Body, Simulation } from '@lumina/simulator';

import { DeliveryCounts, type SentCounts } from './delivery-counts.ts';
import type { Poison, PoisonMaker } from './poison.ts';
import type { StreamDoor } from './stream-door.ts';

/** Where events are posted. */
export interface CollectorDoor {
  readonly collectorUrl: string;
  readonly ingestKey: string;
}

/** Poison among the traffic: how much of it, who makes it, and the doors through which it goes. */
export interface Poisoning {
  /** Pieces of poison for each event. */
  readonly share: number;
  readonly maker: PoisonMaker;
  readonly stream: StreamDoor;
  readonly collector: CollectorDoor;
  /** Lets a switch tell of something with this mark that cannot be. */
  readonly fireFromSwitch?: (mark: string, atMs: number) => void;
}

/** Where traffic goes and how fast the simulated clock runs. */
export interface TrafficOptions extends CollectorDoor {
  readonly simulation: Simulation;
  readonly poisoning: Poisoning;
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
export async function postEvents(options: CollectorDoor, bodies: readonly Body[]): Promise<void> {
  const body = JSON.stringify(bodies);
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

/** By the door that lets it in: a collector sees no contradiction, a forwarder keeps what a worker refuses. */
async function poisonOnce(poisoning: Poisoning, { kind, mark, records }: Poison, atMs: number): Promise<void> {
  if (kind === 'contradicting') {
    for (const record of records) await postEvents(poisoning.collector, [JSON.parse(record.toString()) as Body]);
  } else if (kind === 'not by its schema' && poisoning.fireFromSwitch !== undefined) {
    poisoning.fireFromSwitch(mark, atMs);
  } else {
    await poisoning.stream.put(records.map((data) => ({ data, partitionKey: mark })));
  }
}

/** Gives as much poison as is due after so many events. */
export async function poison(poisoning: Poisoning, sent: number, atMs: number): Promise<void> {
  const { maker, share } = poisoning;
  while (maker.marks.size < Math.floor(sent * share)) await poisonOnce(poisoning, maker.next(atMs), atMs);
}

/** Plays the simulation against the collector by its own clock; answers what was sent. */
export async function sendTraffic(options: TrafficOptions): Promise<SentCounts> {
  const wallStartMs = Date.now();
  const wallOf = (simulatedMs: number): number => wallStartMs + (simulatedMs - options.startMs) / options.speed;
  const counts = new DeliveryCounts();
  let batch: Body[] = [];
  let atMs = options.startMs;
  const flush = async (): Promise<void> => {
    if (batch.length === 0) return;
    const full = batch;
    batch = [];
    await postEvents(options, full);
    await poison(options.poisoning, counts.sent.events, atMs);
  };
  for (const delivery of options.simulation) {
    const aheadMs = wallOf(delivery.atMs) - Date.now();
    if (aheadMs > 0) {
      await flush();
      await delay(aheadMs);
    }
    atMs = delivery.atMs;
    counts.count(delivery);
    batch.push(delivery.body);
    if (batch.length >= BATCH_SIZE) await flush();
  }
  await flush();
  return counts.sent;
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
