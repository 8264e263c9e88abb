import { boundedParallel } from '../adapters/bounded-parallel.ts';
import { messageOf } from '../adapters/service-error.ts';
import { DeadLetterFormatError } from '../core/dead-letter-envelope.ts';
import { summariseDelivery, type DeliverySummary } from '../core/delivery-summary.ts';
import type { ArchivedLetter, DeadLetterArchive, DeadLetterKey } from '../ports/dead-letters.ts';
import { CliError } from './cli-error.ts';
import type { LetterFilter } from './dlq-arguments.ts';

const LETTERS_AT_ONCE = 64;
const PARALLEL_READS = 8;

/** A letter that matched, or one that nobody can read. */
export type FoundLetter =
  | { readonly key: DeadLetterKey; readonly letter: ArchivedLetter; readonly summary: DeliverySummary }
  | { readonly key: DeadLetterKey; readonly problem: string };

function matches(letter: ArchivedLetter, summary: DeliverySummary, filter: LetterFilter): boolean {
  const { codes, territoryId, source, fromMs, toMs, state } = filter;
  return (
    (letter.replayedMs === undefined) === (state === 'waiting') &&
    (codes.length === 0 || codes.includes(letter.code)) &&
    (territoryId === undefined || summary.territoryId === territoryId) &&
    (source === undefined || summary.source === source) &&
    (fromMs === undefined || letter.arrivedMs >= fromMs) &&
    (toMs === undefined || letter.arrivedMs < toMs)
  );
}

async function readLetter(archive: DeadLetterArchive, key: DeadLetterKey): Promise<FoundLetter | undefined> {
  try {
    const letter = await archive.get(key);
    return letter && { key, letter, summary: summariseDelivery(letter.bytes) };
  } catch (error) {
    if (error instanceof DeadLetterFormatError) return { key, problem: error.message };
    throw error;
  }
}

async function* chunksOf(
  keys: AsyncIterable<DeadLetterKey> | Iterable<DeadLetterKey>,
): AsyncGenerator<DeadLetterKey[]> {
  let chunk: DeadLetterKey[] = [];
  for await (const key of keys) {
    chunk.push(key);
    if (chunk.length < LETTERS_AT_ONCE) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

/** Finds letters, few in memory at once. What cannot be read comes too: silence would call it handled. */
export async function* findLetters(archive: DeadLetterArchive, filter: LetterFilter): AsyncGenerator<FoundLetter> {
  const { keys, state, stream, shardId, limit = Infinity } = filter;
  let count = 0;
  try {
    for await (const chunk of chunksOf(keys.length > 0 ? keys : archive.list({ state, stream, shardId }))) {
      const found = await boundedParallel(
        chunk.map((key) => () => readLetter(archive, key)),
        PARALLEL_READS,
      );
      for (const [index, one] of found.entries()) {
        if (one === undefined && keys.length > 0) throw notFound(chunk[index]);
        if (one === undefined || ('letter' in one && !matches(one.letter, one.summary, filter))) continue;
        yield one;
        count += 1;
        if (count >= limit) return;
      }
    }
  } catch (error) {
    throw error instanceof CliError ? error : archiveError(error);
  }
}

/** Said of a letter that is not there. */
export function notFound(key: DeadLetterKey | undefined): CliError {
  return new CliError('not_found', `There is no dead letter ${Object.values(key ?? {}).join('/')}; see ls.`);
}

/** Said when the place of the dead letters fails. */
export function archiveError(error: unknown): CliError {
  return new CliError(
    'archive_unavailable',
    `The dead letters cannot be reached: ${messageOf(error)}; check DLQ_DIR, or DLQ_S3_BUCKET, S3_ENDPOINT and S3_REGION.`,
  );
}
