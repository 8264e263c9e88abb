import type { Population } from '../population.ts';
import type { Ledger, QueueSample } from '../world/ledger.ts';

/** The instants for which the snapshots of a forwarder stand, epoch ms, those that were stored. */
export interface Beats {
  readonly queues: readonly number[];
  readonly calls: readonly number[];
  readonly trunks: readonly number[];
}

const queueSampleAt = (ledger: Ledger, population: Population, atMs: number): QueueSample => {
  const depths = new Map(population.queues.map(({ id }) => [id, 0]));
  for (const { queueId, enteredMs, leftMs } of ledger.stays) {
    if (enteredMs <= atMs && atMs < leftMs) depths.set(queueId, (depths.get(queueId) ?? 0) + 1);
  }
  return { atMs, isDelivered: true, depths };
};

/** What the switch was seen to have at some instants; only at those it may have been sent. */
const toldAt = <T extends { readonly atMs: number }>(
  samples: readonly T[],
  beats: readonly number[],
): (T & { readonly isDelivered: true })[] => {
  const told = new Map(samples.map((sample) => [sample.atMs, sample]));
  return beats.map((atMs) => {
    const sample = told.get(atMs);
    if (sample === undefined) {
      throw new Error(
        `truth_beat_unknown: a snapshot stands for ${new Date(atMs).toISOString()}, when nobody asked the switch`,
      );
    }
    return { ...sample, isDelivered: true };
  });
};

/** The ledger with samples at the beats of a forwarder: queues counted from who was in them, the rest as it was told. */
export const asSeenBy = (ledger: Ledger, population: Population, beats: Beats): Ledger => ({
  ...ledger,
  queueSamples: beats.queues.map((atMs) => queueSampleAt(ledger, population, atMs)),
  callSamples: toldAt(ledger.callSamples, beats.calls),
  trunkSamples: toldAt(ledger.trunkSamples, beats.trunks),
});
