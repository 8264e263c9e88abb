import type { Population } from '../population.ts';
import type { Ledger } from '../world/ledger.ts';
import { agentTruth } from './agent-truth.ts';
import { callTruth } from './call-truth.ts';
import { queueTruth } from './queue-truth.ts';
import { systemTruth } from './system-truth.ts';
import { MINUTE_MS, minuteOf } from './truth-line.ts';
import type { TruthLine } from './truth-line.ts';

/** Counts every metric of a territory from what happened there, in the whole minutes of [startMs, endMs). */
export const truthOf = (
  ledger: Ledger,
  population: Population,
  span: { readonly startMs: number; readonly endMs: number },
): TruthLine[] => {
  const range = { fromMs: minuteOf(span.startMs + MINUTE_MS - 1), toMs: minuteOf(span.endMs) };
  const queueIds = population.queues.map((queue) => queue.id);
  return [
    ...callTruth(ledger, range),
    ...queueTruth(ledger, range, queueIds),
    ...agentTruth(ledger, range),
    ...systemTruth(ledger, range),
  ];
};
