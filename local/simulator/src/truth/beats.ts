import type { Population } from '../population.ts';
import type { Ledger, QueueSample, TrunkSample } from '../world/ledger.ts';

/** The instants for which the snapshots of a forwarder stand, epoch ms, those that were stored. */
export interface Beats {
  readonly queues: readonly number[];
  readonly trunks: readonly number[];
}

const queueSampleAt = (ledger: Ledger, population: Population, atMs: number): QueueSample => {
  const depths = new Map(population.queues.map(({ id }) => [id, 0]));
  for (const { queueId, enteredMs, leftMs } of ledger.stays) {
    if (enteredMs <= atMs && atMs < leftMs) depths.set(queueId, (depths.get(queueId) ?? 0) + 1);
  }
  return { atMs, isDelivered: true, depths };
};

const trunkSampleAt = (samples: ReadonlyMap<number, TrunkSample>, atMs: number): TrunkSample => {
  const sample = samples.get(atMs);
  if (sample === undefined) {
    throw new Error(
      `truth_beat_unknown: a trunk snapshot stands for ${new Date(atMs).toISOString()}, when nobody asked the switch`,
    );
  }
  return { ...sample, isDelivered: true };
};

/** The ledger with samples at the beats of a forwarder: queues counted from who was in them, trunks as it was told. */
export const asSeenBy = (ledger: Ledger, population: Population, beats: Beats): Ledger => {
  const told = new Map(ledger.trunkSamples.map((sample) => [sample.atMs, sample]));
  return {
    ...ledger,
    queueSamples: beats.queues.map((atMs) => queueSampleAt(ledger, population, atMs)),
    trunkSamples: beats.trunks.map((atMs) => trunkSampleAt(told, atMs)),
  };
};
