import type { DeadLetterCode } from '@lumina/contracts';

/** A record that will never be stored as it is. */
export interface DeadLetter {
  readonly stream: string;
  readonly shardId: string;
  readonly sequence: string;
  readonly arrivedMs: number;
  readonly code: DeadLetterCode;
  readonly message: string;
  /** The record exactly as it was read. */
  readonly bytes: Uint8Array;
}

/** Keeps dead letters, each once: its key is shard and sequence. */
export interface DeadLetters {
  put(letter: DeadLetter): Promise<void>;
}
