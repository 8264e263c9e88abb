import { comparisonReport } from './compare.ts';
import type { VerifyOptions } from './options.ts';
import { isClean, type VerifyResult } from './run.ts';

const SHOWN = 10;

function some(title: string, lines: readonly string[]): string[] {
  return lines.slice(0, SHOWN).map((line) => `  ${title}: ${line}`);
}

/** Where a run did less than it was asked to. */
function shortfalls({ events, kills, comparison, balance }: VerifyResult, options: VerifyOptions): string[] {
  return [
    ...(events < options.events ? [`${String(events)} events instead of ${String(options.events)}`] : []),
    ...(kills < options.kills ? [`${String(kills)} kills instead of ${String(options.kills)}`] : []),
    ...(comparison.equal === 0 ? ['nothing was compared'] : []),
    ...(balance.slots === 0 || balance.queueMinutes === 0 ? ['no balance could be drawn up'] : []),
  ];
}

/** A report for people, its last line the result; and whether all is well. */
export function verifyReport(result: VerifyResult, options: VerifyOptions): { text: string; isWell: boolean } {
  const { comparison, deadLetters, balance, events, kills } = result;
  const short = shortfalls(result, options);
  const lines = [
    comparisonReport(comparison),
    `  accounting: ${String(balance.deliveries)} deliveries settled in ${String(balance.slots)} slots`,
    `  queues: ${String(balance.queueMinutes)} minutes balanced`,
    `  dead letters: ${String(deadLetters.poison - deadLetters.missing.length)} of ${String(deadLetters.poison)} pieces of poison`,
    ...some('poison without a dead letter', deadLetters.missing),
    ...some('dead letter that is no poison', deadLetters.unexpected),
    ...some('unbalanced', balance.broken),
    ...short.map((shortfall) => `verify: failed, ${shortfall}`),
    `verify: ${String(comparison.equal)} cells equal, ${String(comparison.unequal.length)} unequal, ` +
      `${String(events)} events, ${String(kills)} kills, ` +
      `${String(deadLetters.missing.length + deadLetters.unexpected.length)} dead letters wrong, ` +
      `${String(balance.broken.length)} balances broken`,
  ];
  return { text: lines.join('\n'), isWell: isClean(result) && short.length === 0 };
}
