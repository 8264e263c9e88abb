import { boundedParallel } from '../adapters/bounded-parallel.ts';
import { messageOf } from '../adapters/service-error.ts';
import type { ArchivedLetter, DeadLetterArchive, DeadLetterKey } from '../ports/dead-letters.ts';
import type { EventStream } from '../ports/event-stream.ts';
import { CliError } from './cli-error.ts';
import { letterKeyText, type DlqArguments } from './dlq-arguments.ts';
import { archiveError, findLetters } from './find-letters.ts';
import { forecastReplay, type ReplayForecast } from './replay-forecast.ts';
import { oneLine, type Terminal } from './terminal.ts';

const LETTERS_PER_PUT = 50;
const PARALLEL_MARKS = 8;
const DETAIL_LENGTH = 120;

/** What a replay needs of the outside. */
export interface ReplayPorts {
  readonly archive: DeadLetterArchive;
  /** Rejects when it does not take the records in time. */
  readonly stream: Pick<EventStream, 'put'>;
  readonly streamName: string;
  readonly regionId: number;
  readonly nowMs: () => number;
  /** Waits; ends early when stopping. */
  readonly pause: (ms: number) => Promise<void>;
  /** Ends the replay after the letters in hand. */
  readonly stopping: AbortSignal;
}

interface Counts {
  replayed: number;
  stillDead: number;
  unreadable: number;
}

interface Candidate {
  readonly key: DeadLetterKey;
  readonly letter: ArchivedLetter;
  readonly forecast: ReplayForecast;
}

/** Letters that are worth it, in the order of the archive; the others are told and left where they are. */
async function* candidates(
  { archive, regionId, streamName, nowMs }: ReplayPorts,
  { filter, isForced, isDryRun, isJson }: DlqArguments,
  counts: Counts,
  terminal: Terminal,
): AsyncGenerator<Candidate> {
  for await (const found of findLetters(archive, { ...filter, stream: filter.stream ?? streamName })) {
    if ('problem' in found) {
      counts.unreadable += 1;
      terminal.note(`${letterKeyText(found.key)}  ${oneLine(found.problem, DETAIL_LENGTH)}`);
      continue;
    }
    const forecast = forecastReplay(found.letter.bytes, regionId, nowMs());
    const key = letterKeyText(found.key);
    if (isDryRun && isJson) terminal.out(`${JSON.stringify({ key, ...forecast })}\n`);
    else if (isDryRun || (forecast.outcome === 'dead' && !isForced))
      terminal.out(`${key}  ${forecast.outcome.padEnd(7)}  ${oneLine(forecast.detail, DETAIL_LENGTH)}\n`);
    if (forecast.outcome === 'dead' && !isForced) counts.stillDead += 1;
    else yield { ...found, forecast };
  }
}

/** First on the stream, then marked: a crash between the two repeats a record, which counts once, and loses none. */
async function putBack(ports: ReplayPorts, chunk: readonly Candidate[], counts: Counts): Promise<void> {
  try {
    await ports.stream.put(
      chunk.map(({ key, letter }) => ({ data: letter.bytes, partitionKey: letterKeyText(key).slice(-256) })),
    );
  } catch (error) {
    throw new CliError(
      'stream_unavailable',
      `The stream did not take the records: ${messageOf(error)}; ${String(counts.replayed)} were replayed; run it again for the rest.`,
    );
  }
  try {
    await boundedParallel(
      chunk.map(
        ({ key }) =>
          () =>
            ports.archive.markReplayed(key, ports.nowMs()),
      ),
      PARALLEL_MARKS,
    );
  } catch (error) {
    throw archiveError(error);
  }
  counts.replayed += chunk.length;
}

async function putAllBack(
  ports: ReplayPorts,
  letters: AsyncIterable<Candidate>,
  ratePerS: number,
  counts: Counts,
): Promise<void> {
  const size = Math.max(1, Math.min(LETTERS_PER_PUT, Math.floor(ratePerS / 4)));
  let dueMs = ports.nowMs();
  let chunk: Candidate[] = [];
  const flush = async (): Promise<void> => {
    const earlyMs = dueMs - ports.nowMs();
    if (earlyMs > 0) await ports.pause(earlyMs);
    if (ports.stopping.aborted) return;
    dueMs = Math.max(dueMs, ports.nowMs()) + (chunk.length * 1000) / ratePerS;
    await putBack(ports, chunk, counts);
    chunk = [];
  };
  for await (const letter of letters) {
    chunk.push(letter);
    if (chunk.length >= size) await flush();
    if (ports.stopping.aborted) break;
  }
  if (chunk.length > 0) await flush();
  if (ports.stopping.aborted)
    throw new CliError('incomplete', `Stopped: ${String(counts.replayed)} were replayed; run it again for the rest.`);
}

async function agree({ hasYes }: DlqArguments, { streamName }: ReplayPorts, terminal: Terminal): Promise<boolean> {
  if (hasYes) return true;
  const isAgreed = await terminal.confirm(`Put the matching dead letters back on ${streamName}?`);
  if (isAgreed === undefined)
    throw new CliError('confirmation_needed', 'Nobody can be asked here: add --yes, or look first with --dry-run.');
  return isAgreed;
}

/** Puts letters back on the stream, byte for byte, and moves them to the replayed ones. */
export async function replayLetters(ports: ReplayPorts, given: DlqArguments, terminal: Terminal): Promise<void> {
  const counts: Counts = { replayed: 0, stillDead: 0, unreadable: 0 };
  const letters = candidates(ports, given, counts, terminal);
  if (given.isDryRun) {
    let count = 0;
    for await (const _letter of letters) count += 1;
    terminal.note(
      `${String(count)} would be replayed, ${String(counts.stillDead)} would die again. Nothing was changed.`,
    );
  } else {
    if (!(await agree(given, ports, terminal))) {
      terminal.note('Nothing was changed.');
      return;
    }
    await putAllBack(ports, letters, given.ratePerS, counts);
    const left = counts.stillDead === 0 ? '' : ` ${String(counts.stillDead)} would die again and were left (--force).`;
    terminal.note(`${String(counts.replayed)} replayed onto ${ports.streamName}.${left}`);
  }
  if (counts.unreadable > 0)
    throw new CliError('incomplete', `${String(counts.unreadable)} dead letters cannot be read and were left.`);
}
