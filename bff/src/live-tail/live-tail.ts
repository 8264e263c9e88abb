import { setTimeout as delay } from 'node:timers/promises';
import type { LiveTailRecord } from '@lumina/contracts';
import { parseTailRecord } from './tail-record.ts';
import type { TailPage, TailStream } from './tail-stream.ts';

/** Kinesis allows five reads a second and shard. */
const POLL_MS = 200;
const DISCOVERY_MS = 10_000;
const FIRST_RETRY_MS = 200;
const LONGEST_RETRY_MS = 5_000;

/** What was read from one shard at once. */
export interface TailBatch {
  readonly shardId: string;
  /** The number of the last record read; where a reader goes on after a restart. */
  readonly sequence: string;
  readonly records: readonly LiveTailRecord[];
}

/** Someone who follows the live tail. A batch is not followed by the next of its shard before it resolves. */
export interface TailFollower {
  readonly take: (batch: TailBatch) => Promise<void> | void;
}

/** What reading needs. */
export interface LiveTailOptions {
  readonly stream: TailStream;
  /** Where each shard is read on; a shard that is not named is read from its oldest record. */
  readonly positions: () => Promise<ReadonlyMap<string, string>>;
  readonly followers: readonly TailFollower[];
  /** Told of the first failure of a row of failures, and of every record that is none. */
  readonly onFailure: (error: unknown, shardId: string | undefined) => void;
}

/** Reads every shard of the live tail for as long as it runs: one reader for all who follow. */
export class LiveTail {
  readonly #options: LiveTailOptions;
  readonly #stop = new AbortController();
  readonly #shards = new Map<string, Promise<void>>();
  readonly #ended = new Set<string>();
  #running: Promise<void> | undefined;

  constructor(options: LiveTailOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running ??= this.#discover();
  }

  /** Resolves when no follower is being told anything any more. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    await Promise.all(this.#shards.values());
    this.#options.stream.close();
  }

  async #discover(): Promise<void> {
    const { stream, positions } = this.#options;
    const known = await this.#persist(undefined, positions);
    while (!this.#isStopped()) {
      const shards = (await this.#persist(undefined, () => stream.listShards())) ?? [];
      for (const shardId of shards) {
        if (this.#shards.has(shardId) || this.#ended.has(shardId)) continue;
        this.#shards.set(shardId, this.#follow(shardId, known?.get(shardId)));
      }
      await this.#pause(DISCOVERY_MS);
    }
  }

  async #follow(shardId: string, position: string | undefined): Promise<void> {
    const reader = this.#options.stream.read(shardId, position);
    while (!this.#isStopped()) {
      const startedMs = performance.now();
      const page = await this.#persist(shardId, () => reader.next(this.#stop.signal));
      if (page === undefined) break;
      const { last } = page;
      if (last !== undefined) await this.#persist(shardId, () => this.#tell(shardId, last, page));
      if (page.isEnd) {
        this.#ended.add(shardId);
        break;
      }
      await this.#pause(POLL_MS - (performance.now() - startedMs));
    }
    this.#shards.delete(shardId);
  }

  async #tell(shardId: string, sequence: string, { records: raw }: TailPage): Promise<void> {
    const records: LiveTailRecord[] = [];
    for (const data of raw) {
      try {
        records.push(parseTailRecord(data));
      } catch (error) {
        // A record that is none must not hold up what comes behind it.
        this.#options.onFailure(error, shardId);
      }
    }
    for (const follower of this.#options.followers) await follower.take({ shardId, sequence, records });
  }

  #isStopped(): boolean {
    return this.#stop.signal.aborted;
  }

  /** Repeats until it succeeds; undefined when the tail was closed meanwhile. */
  async #persist<T>(shardId: string | undefined, work: () => Promise<T>): Promise<T | undefined> {
    for (let waitMs = FIRST_RETRY_MS; !this.#isStopped(); waitMs = Math.min(2 * waitMs, LONGEST_RETRY_MS)) {
      try {
        return await work();
      } catch (error) {
        if (this.#isStopped()) return undefined;
        if (waitMs === FIRST_RETRY_MS) this.#options.onFailure(error, shardId);
        await this.#pause(waitMs * (0.5 + Math.random() / 2));
      }
    }
    return undefined;
  }

  async #pause(ms: number): Promise<void> {
    if (ms <= 0) return;
    try {
      await delay(ms, undefined, { signal: this.#stop.signal });
    } catch {
      // Closing ends the pause early; the loops see it.
    }
  }
}
