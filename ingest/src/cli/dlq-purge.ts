import { boundedParallel } from '../adapters/bounded-parallel.ts';
import type { DeadLetterArchive, DeadLetterKey } from '../ports/dead-letters.ts';
import { CliError } from './cli-error.ts';
import { letterKeyText, type DlqArguments } from './dlq-arguments.ts';
import { archiveError, findLetters } from './find-letters.ts';
import type { Terminal } from './terminal.ts';

const KEYS_AT_ONCE = 64;
const PARALLEL_REMOVALS = 8;

/** Removes letters for good. Letters that cannot be read go only when they are named. */
export async function purgeLetters(
  archive: DeadLetterArchive,
  { filter, isDryRun, hasYes }: DlqArguments,
  terminal: Terminal,
): Promise<void> {
  if (!isDryRun && !hasYes) {
    const isAgreed = await terminal.confirm(`Remove the matching ${filter.state} dead letters for good?`);
    if (isAgreed === undefined)
      throw new CliError('confirmation_needed', 'Nobody can be asked here: add --yes, or look first with --dry-run.');
    if (!isAgreed) {
      terminal.note('Nothing was changed.');
      return;
    }
  }
  let count = 0;
  let keys: DeadLetterKey[] = [];
  const flush = async (): Promise<void> => {
    const removals = keys.map((key) => () => archive.remove(key, filter.state));
    keys = [];
    if (isDryRun) return;
    try {
      await boundedParallel(removals, PARALLEL_REMOVALS);
    } catch (error) {
      throw archiveError(error);
    }
  };
  for await (const found of findLetters(archive, filter)) {
    if ('problem' in found && filter.keys.length === 0) {
      terminal.note(`${letterKeyText(found.key)}  is left: ${found.problem}`);
      continue;
    }
    if (isDryRun) terminal.out(`${letterKeyText(found.key)}\n`);
    keys.push(found.key);
    count += 1;
    if (keys.length >= KEYS_AT_ONCE) await flush();
  }
  await flush();
  terminal.note(
    isDryRun ? `${String(count)} would be removed. Nothing was changed.` : `${String(count)} dead letters removed.`,
  );
}
