import type { CallSample, Ledger } from '../world/ledger.ts';
import { minuteOf, Tally } from './truth-line.ts';
import type { TruthLine, TruthRange } from './truth-line.ts';

/** Calls under way at the last snapshot of the minute that was delivered. */
const inProgressTruth = (ledger: Ledger, range: TruthRange): TruthLine[] => {
  const last = new Map<number, CallSample>();
  for (const sample of ledger.callSamples) if (sample.isDelivered) last.set(minuteOf(sample.atMs), sample);
  const tally = new Tally(range, ledger.territoryId, 'calls_in_progress');
  for (const { atMs, inProgress } of last.values()) {
    tally.add(atMs, [{}], inProgress.inbound + inProgress.outbound, 1);
    for (const direction of ['inbound', 'outbound'] as const)
      tally.add(atMs, [{ direction }], inProgress[direction], 1);
  }
  return tally.lines();
};

/** Calls belong to the minute in which they end. */
export const callTruth = (ledger: Ledger, range: TruthRange): TruthLine[] => {
  const tallyOf = (metric: string): Tally => new Tally(range, ledger.territoryId, metric);
  const count = tallyOf('call_count');
  const duration = tallyOf('call_duration');
  const answerRate = tallyOf('call_answer_rate');
  const abandonRate = tallyOf('call_abandon_rate');
  for (const call of ledger.calls) {
    const groups = [{}, { direction: call.direction }];
    count.add(call.endMs, groups, 1, 0);
    duration.add(call.endMs, groups, call.endMs - call.startMs, 1);
    answerRate.add(call.endMs, groups, call.isAnswered ? 1 : 0, 1);
    abandonRate.add(call.endMs, groups, call.isAbandoned ? 1 : 0, 1);
  }
  const ended = [count, duration, answerRate, abandonRate].flatMap((tally) => tally.lines().map(asSum));
  return [...ended, ...inProgressTruth(ledger, range)];
};

/** A plain count has no denominator of its own: 1, whatever it added up to. */
const asSum = (line: TruthLine): TruthLine => (line.metric === 'call_count' ? { ...line, den: 1 } : line);
