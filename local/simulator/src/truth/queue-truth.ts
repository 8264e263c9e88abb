import type { Ledger, QueueSample } from '../world/ledger.ts';
import { clippedMinutes, MINUTE_MS, minuteOf, minutesOf, Tally } from './truth-line.ts';
import type { TruthLine, TruthRange } from './truth-line.ts';

const THRESHOLD_MS = 20_000;
const SHORT_ABANDON_MS = 5_000;
/** A depth is known up to this long after the last minute that had a snapshot. */
const CARRY_MS = 15 * MINUTE_MS;

/** Waits, abandons and service level: in the minute in which the visit ended, undone abandons left out. */
const visitTruth = (ledger: Ledger, range: TruthRange): TruthLine[] => {
  const tallyOf = (metric: string): Tally => new Tally(range, ledger.territoryId, metric);
  const speedOfAnswer = tallyOf('call_wait_time');
  const wait = tallyOf('queue_wait_time');
  const abandonRate = tallyOf('queue_abandon_rate');
  const flowoutRate = tallyOf('flowout_rate');
  const serviceLevel = tallyOf('queue_service_level');
  for (const visit of ledger.visits) {
    if (visit.isResumed) continue;
    const groups = [{}, { queue_id: visit.queueId }];
    const waitMs = visit.leftMs - visit.joinedMs;
    const isAnswered = visit.outcome === 'answered';
    const isAbandoned = visit.outcome === 'abandoned';
    const isShort = isAbandoned && waitMs <= SHORT_ABANDON_MS;
    wait.add(visit.leftMs, groups, waitMs, 1);
    abandonRate.add(visit.leftMs, groups, isAbandoned ? 1 : 0, 1);
    flowoutRate.add(visit.leftMs, groups, isAnswered || isAbandoned ? 0 : 1, 1);
    if (isAnswered) speedOfAnswer.add(visit.leftMs, groups, waitMs, 1);
    if (isAnswered || (isAbandoned && !isShort)) {
      serviceLevel.add(visit.leftMs, groups, isAnswered && waitMs <= THRESHOLD_MS ? 1 : 0, 1);
    }
  }
  return [speedOfAnswer, wait, abandonRate, flowoutRate, serviceLevel].flatMap((tally) => tally.lines());
};

/** Whether the depth of a minute can be known at all: a snapshot before it, not too long ago. */
const isDepthKnown = (samples: readonly QueueSample[], minute: number): boolean =>
  samples.some(({ atMs, isDelivered }) => isDelivered && atMs < minute && minuteOf(atMs) + CARRY_MS >= minute);

/** Mean depth: every stay contributes the milliseconds it spent in the queue within the minute. */
const depthTruth = (ledger: Ledger, range: TruthRange, queueIds: readonly string[]): TruthLine[] => {
  if (queueIds.length === 0) return [];
  const tally = new Tally(range, ledger.territoryId, 'queue_depth');
  const known = new Set(minutesOf(range).filter((minute) => isDepthKnown(ledger.queueSamples, minute)));
  for (const minute of known) {
    tally.add(minute, [{}, ...queueIds.map((queueId) => ({ queue_id: queueId }))], 0, MINUTE_MS);
  }
  for (const stay of ledger.stays) {
    for (const { minute, ms } of clippedMinutes(range, stay.enteredMs, stay.leftMs)) {
      if (known.has(minute)) tally.add(minute, [{}, { queue_id: stay.queueId }], ms, 0);
    }
  }
  return tally.lines();
};

/** Depth now: at the last snapshot of the minute that was delivered. */
const depthNowTruth = (ledger: Ledger, range: TruthRange): TruthLine[] => {
  const tally = new Tally(range, ledger.territoryId, 'queue_depth', 'now');
  const last = new Map<number, QueueSample>();
  for (const sample of ledger.queueSamples) if (sample.isDelivered) last.set(minuteOf(sample.atMs), sample);
  for (const { atMs, depths } of last.values()) {
    tally.add(atMs, [{}], 0, 1);
    for (const [queueId, depth] of depths) {
      tally.add(atMs, [{ queue_id: queueId }], depth, 1);
      tally.add(atMs, [{}], depth, 0);
    }
  }
  return tally.lines();
};

/**
 * Between any two snapshots: depth + joins + resumes - leaves = depth. A world that breaks it can be no
 * yardstick, so it throws.
 */
export const assertConservation = (ledger: Ledger, queueIds: readonly string[]): void => {
  for (const queueId of queueIds) {
    const stays = ledger.stays.filter((stay) => stay.queueId === queueId);
    const enteredMs = stays.map((stay) => stay.enteredMs).sort((a, b) => a - b);
    const leftMs = stays.map((stay) => stay.leftMs).sort((a, b) => a - b);
    let entered = 0;
    let left = 0;
    for (const { atMs, depths } of ledger.queueSamples) {
      while ((enteredMs[entered] ?? Infinity) <= atMs) entered += 1;
      while ((leftMs[left] ?? Infinity) <= atMs) left += 1;
      if (entered - left !== depths.get(queueId)) {
        throw new Error(
          `truth_conservation: ${queueId} at ${new Date(atMs).toISOString()} has depth ` +
            `${String(depths.get(queueId))}, the flows say ${String(entered - left)}`,
        );
      }
    }
  }
};

export const queueTruth = (ledger: Ledger, range: TruthRange, queueIds: readonly string[]): TruthLine[] => {
  assertConservation(ledger, queueIds);
  return [...visitTruth(ledger, range), ...depthTruth(ledger, range, queueIds), ...depthNowTruth(ledger, range)];
};
