import { access, mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';

import { decodeDeadLetter, encodeDeadLetter } from '../core/dead-letter-envelope.ts';
import type {
  ArchivedLetter,
  DeadLetter,
  DeadLetterArchive,
  DeadLetterKey,
  DeadLetterListing,
  DeadLetters,
  DeadLetterState,
} from '../ports/dead-letters.ts';
import { boundedParallel } from './bounded-parallel.ts';
import { pathOfLetter, REPLAYED } from './dead-letter-path.ts';

const PARALLEL_FILES = 8;

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).toSorted();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** Dead letters as files, one per record. Writing one twice is harmless. */
class FileDeadLetters implements DeadLetters, DeadLetterArchive {
  private readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  async ensure(): Promise<void> {
    await mkdir(this.folder, { recursive: true });
  }

  async put(letters: readonly DeadLetter[], signal?: AbortSignal): Promise<void> {
    const tasks = letters.map((letter) => async (): Promise<void> => {
      signal?.throwIfAborted();
      await this.write(pathOfLetter(letter, 'waiting'), encodeDeadLetter(letter));
    });
    await boundedParallel(tasks, PARALLEL_FILES);
  }

  async *list({ state, stream, shardId }: DeadLetterListing): AsyncGenerator<DeadLetterKey> {
    // A folder that is not there is a wrong setting, not a place without letters.
    await access(this.folder);
    const root = state === 'replayed' ? path.join(this.folder, REPLAYED) : this.folder;
    const streams = stream === undefined ? await namesIn(root) : [stream];
    for (const ofStream of streams.filter((name) => state === 'replayed' || name !== REPLAYED)) {
      const shards = shardId === undefined ? await namesIn(path.join(root, ofStream)) : [shardId];
      for (const ofShard of shards) {
        for (const name of await namesIn(path.join(root, ofStream, ofShard))) {
          if (name.endsWith('.json')) yield { stream: ofStream, shardId: ofShard, sequence: path.parse(name).name };
        }
      }
    }
  }

  async get(key: DeadLetterKey): Promise<ArchivedLetter | undefined> {
    for (const state of ['waiting', 'replayed'] as const) {
      try {
        return decodeDeadLetter(await readFile(path.join(this.folder, pathOfLetter(key, state)), 'utf8'));
      } catch (error) {
        if (!isMissing(error)) throw error;
      }
    }
    return undefined;
  }

  async markReplayed(key: DeadLetterKey, replayedMs: number): Promise<void> {
    const letter = await this.get(key);
    if (letter === undefined) return;
    await this.write(pathOfLetter(key, 'replayed'), encodeDeadLetter(letter, replayedMs));
    await this.remove(key, 'waiting');
  }

  async remove(key: DeadLetterKey, state: DeadLetterState): Promise<void> {
    await rm(path.join(this.folder, pathOfLetter(key, state)), { force: true });
  }

  close(): void {
    // Files are closed as soon as they are written.
  }

  private async write(place: string, text: string): Promise<void> {
    const target = path.join(this.folder, place);
    const directory = path.dirname(target);
    await mkdir(directory, { recursive: true });
    const draft = `${target}.${String(process.pid)}.tmp`;
    const file = await open(draft, 'w');
    try {
      await file.writeFile(text);
      // The checkpoint that follows says this record is safe.
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, target);
    await syncFolder(directory);
  }
}

/** Dead letters as files: `<folder>/<stream>/<shard>/<sequence>.json`. */
export function createFileDeadLetters(folder: string): DeadLetters & DeadLetterArchive {
  return new FileDeadLetters(folder);
}
