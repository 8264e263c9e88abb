import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { TruthLine } from './truth-line.ts';

function* linesOf(truth: Iterable<TruthLine>): Generator<string, void, undefined> {
  for (const line of truth) yield `${JSON.stringify(line)}\n`;
}

/** Writes the truth as NDJSON, one line for each metric, group and minute. */
export const writeTruth = async (path: string, truth: Iterable<TruthLine>): Promise<void> => {
  await pipeline(Readable.from(linesOf(truth)), createWriteStream(path));
};
