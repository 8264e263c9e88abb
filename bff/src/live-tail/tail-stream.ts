/** One page of a shard. */
export interface TailPage {
  readonly records: readonly Uint8Array[];
  /** The number of the last record; undefined when the page is empty. */
  readonly last: string | undefined;
  /** The shard was split or merged and this was its last page. */
  readonly isEnd: boolean;
}

/** Reads one shard, page by page. After a failure the next call goes on behind the last page handed out. */
export interface TailShardReader {
  next: (signal: AbortSignal) => Promise<TailPage>;
}

/** The stream that ingestion publishes stored facts on. */
export interface TailStream {
  listShards: () => Promise<readonly string[]>;
  /** Reads after a number; from the oldest record when there is none, or when it is no longer kept. */
  read: (shardId: string, after: string | undefined) => TailShardReader;
  close: () => void;
}
