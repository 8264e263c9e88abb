import type { Population } from '../population.ts';
import type { Ledger } from '../world/ledger.ts';
import { agentTruth } from './agent-truth.ts';
import { callTruth } from './call-truth.ts';
import { queueTruth } from './queue-truth.ts';
import { systemTruth } from './system-truth.ts';
import { MINUTE_MS, minuteOf } from './truth-line.ts';
import type { TruthLine, TruthRange } from './truth-line.ts';

/**
 * The minutes that a run can be judged in: the first whole one has no snapshot before it, and in the last one the
 * open states of agents are known only up to its first snapshot.
 */
export const truthRangeOf = (span: { readonly startMs: number; readonly endMs: number }): TruthRange => ({
  fromMs: minuteOf(span.startMs + 2 * MINUTE_MS - 1),
  toMs: minuteOf(span.endMs) - MINUTE_MS,
});

/** Counts every metric of a territory from what happened there, in every minute of the range. */
export const truthOf = (ledger: Ledger, population: Population, range: TruthRange): TruthLine[] => {
  const queueIds = population.queues.map((queue) => queue.id);
  return [
    ...callTruth(ledger, range),
    ...queueTruth(ledger, range, queueIds),
    ...agentTruth(ledger, range),
    ...systemTruth(ledger, range),
  ];
};
