import type { ConfigChange } from '@lumina/contracts';
import type { TailBatch, TailFollower } from '../../live-tail/live-tail.ts';
import { directoryChangeOf } from './directory-change.ts';
import type { DirectoryChange } from './directory-change.ts';

/** A change that is not applied, whatever is done again. */
export interface RefusedChange {
  readonly what: string;
  readonly reason: string;
}

/** Keeps the directory and the place up to which it has followed the live tail. */
export interface DirectoryFeedStore {
  /** Applies changes in order, each territory's together. @returns those that can never be applied. */
  apply: (changes: readonly DirectoryChange[]) => Promise<readonly RefusedChange[]>;
  positions: () => Promise<ReadonlyMap<string, string>>;
  savePosition: (shardId: string, sequence: string) => Promise<void>;
}

/** What following needs. */
export interface DirectoryFeedOptions {
  readonly store: DirectoryFeedStore;
  /** Told of a change that cannot be applied; the next one is not held up by it. */
  readonly onRefused: (eventId: string, reason: string) => void;
  readonly clock?: () => number;
}

/** A place is saved this often when nothing changes: what lies behind an older one is only read again. */
const SAVE_EVERY_MS = 10_000;

/** Applies what the live tail says of configuration. Changes may come twice; they count once. */
export function createDirectoryFeed({ store, onRefused, clock = Date.now }: DirectoryFeedOptions): TailFollower {
  const savedMs = new Map<string, number>();

  function read(event: ConfigChange): DirectoryChange | undefined {
    try {
      return directoryChangeOf(event);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      onRefused(event.id, error.message);
      return undefined;
    }
  }

  return {
    take: async ({ shardId, sequence, records }: TailBatch) => {
      const changes = records.flatMap((record) => record.changes ?? []).flatMap((event) => read(event) ?? []);
      if (changes.length > 0) {
        for (const { what, reason } of await store.apply(changes)) onRefused(what, reason);
      } else if (clock() - (savedMs.get(shardId) ?? 0) < SAVE_EVERY_MS) return;
      await store.savePosition(shardId, sequence);
      savedMs.set(shardId, clock());
    },
  };
}
