import type { ConfigChange } from './events.ts';
import type { TableName } from './store.ts';

/** One fact: what extraction gives, the store keeps and the live tail carries. */
export interface Fact {
  readonly table: TableName;
  /** `measure_name` of its record. */
  readonly name: string;
  readonly territoryId: number;
  readonly regionId: number;
  /** Further dimensions by name; each of the definition's is present. */
  readonly dimensions: Readonly<Record<string, string>>;
  /** The thing's own instant in epoch ms; for slots their start. */
  readonly timeMs: number;
  /** Id of the thing; present exactly on hashed facts. */
  readonly eid?: string;
  /** 1, or higher for undos, corrections, newer samples and longer slices. */
  readonly version: number;
  readonly measures: Readonly<Record<string, number | string>>;
}

/** One record of the stream `lumina-facts`. */
export interface LiveTailRecord {
  readonly v: 1;
  /** The source shard, as `<stream>/<shard id>`; `/lambda-<instance>` behind it where a function reads the shard. */
  readonly source: string;
  /** Rises by one per record of a source. */
  readonly seq: number;
  /** Epoch ms: all facts before it have been published, but for late rows. */
  readonly watermark: number;
  /** Facts the store has acknowledged; empty in a record that only proves that the shard is read. */
  readonly facts: readonly Fact[];
  /** Changes of configuration met on the way; whoever keeps the directory applies them. Absent = none. */
  readonly changes?: readonly ConfigChange[];
  /**
   * Stretches that were written by other means than events, as by a backfill: whoever holds anything of them reads it
   * again. A record that has them belongs to no shard; its numbers and watermark say nothing.
   */
  readonly rewritten?: readonly RewrittenStretch[];
}

/** A stretch of one territory's past, in epoch ms, its end excluded. */
export interface RewrittenStretch {
  readonly territoryId: number;
  readonly fromMs: number;
  readonly toMs: number;
}
