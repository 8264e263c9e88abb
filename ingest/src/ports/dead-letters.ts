import type { DeadLetterCode } from '@lumina/contracts';

/** Where a dead letter is: the place of its record on the stream, so that a record can die once only. */
export interface DeadLetterKey {
  readonly stream: string;
  readonly shardId: string;
  readonly sequence: string;
}

/** A record that will never be stored as it is. */
export interface DeadLetter extends DeadLetterKey {
  readonly arrivedMs: number;
  readonly code: DeadLetterCode;
  readonly message: string;
  /** The record exactly as it was read. */
  readonly bytes: Uint8Array;
  /** Version of the extractor that gave it up: a later one may do better. */
  readonly extractorVersion: number;
}

/** Keeps dead letters, each once: its key is stream, shard and sequence. */
export interface DeadLetters {
  /** Creates what is missing; safe to repeat. */
  ensure(signal?: AbortSignal): Promise<void>;
  /** Resolves when every letter is durable; passing failures are waited out inside. Rejects only when aborted. */
  put(letters: readonly DeadLetter[], signal?: AbortSignal): Promise<void>;
  close(): void;
}

/** Dead letters that wait for somebody, and those that were put back on the stream. */
export type DeadLetterState = 'waiting' | 'replayed';

/** Which dead letters to list. */
export interface DeadLetterListing {
  readonly state: DeadLetterState;
  readonly stream?: string | undefined;
  readonly shardId?: string | undefined;
}

/** A dead letter as the archive has it. */
export interface ArchivedLetter extends DeadLetter {
  /** When it was put back on the stream; undefined while it waits. */
  readonly replayedMs: number | undefined;
}

/** What operators do with dead letters. Failures of the store reject. */
export interface DeadLetterArchive {
  /** Keys by stream, shard and sequence, each ascending as text. */
  list(listing: DeadLetterListing): AsyncIterable<DeadLetterKey>;
  /** The letter, waiting or replayed; undefined when there is none. Rejects on one that cannot be read. */
  get(key: DeadLetterKey): Promise<ArchivedLetter | undefined>;
  /** Moves a letter to the replayed ones; safe to repeat. */
  markReplayed(key: DeadLetterKey, replayedMs: number): Promise<void>;
  /** Removes a letter of one state; safe to repeat. */
  remove(key: DeadLetterKey, state: DeadLetterState): Promise<void>;
  close(): void;
}
