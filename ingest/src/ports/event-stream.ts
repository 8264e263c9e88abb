/** One record read from a shard. */
export interface StreamedRecord {
  readonly sequence: string;
  readonly data: Uint8Array;
  /** When the stream took it. */
  readonly arrivedMs: number;
}

/** One page of a shard. */
export interface ShardPage {
  readonly records: readonly StreamedRecord[];
  /** How far the page lies behind the end of the shard. */
  readonly behindMs: number;
  /** The shard was split or merged and this was its last page. */
  readonly isEnd: boolean;
  /** Why records before this page may be lost: the stream no longer had the place to go on from. */
  readonly gap?: string | undefined;
}

/** A shard and the shards it came from. */
export interface ShardInfo {
  readonly shardId: string;
  readonly parents: readonly string[];
}

/** Reads one shard, page by page. After a failure the next page starts behind the last record handed out. */
export interface ShardReader {
  next(signal?: AbortSignal): Promise<ShardPage>;
}

/** A record to put. */
export interface StreamEntry {
  readonly data: Uint8Array;
  readonly partitionKey: string;
}

/** A partitioned log of records. */
export interface EventStream {
  /** Creates the stream where missing and waits until it can be used; safe to repeat. */
  ensure(signal?: AbortSignal): Promise<void>;
  listShards(): Promise<ShardInfo[]>;
  /**
   * Reads a shard after a sequence number, or from its beginning. `afterMs`, the instant up to which the
   * shard was read, tells whether the stream can still have everything behind it.
   */
  read(shardId: string, afterSequence: string | undefined, afterMs?: number): ShardReader;
  /** Puts every entry; only failed ones are tried again. Rejects when some could not be put in time. */
  put(entries: readonly StreamEntry[], signal?: AbortSignal): Promise<void>;
  close(): void;
}
