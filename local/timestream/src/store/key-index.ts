import type { DuckDBConnection } from '@duckdb/node-api';
import { DuckDBTimestampNanosecondsValue } from '@duckdb/node-api';
import type { TableEntry } from './catalog.ts';
import { physicalTable } from './catalog.ts';

/** What is known of a stored record: enough to decide on a later one with the same identity. */
export type StoredKey = { version: bigint; digest: bigint };

const BUCKET_NS = 600_000_000_000n;
const DEFAULT_MAX_KEYS = 500_000;

type Bucket = Map<string, StoredKey>;

/**
 * Identities of the stored records, in buckets of ten minutes. A bucket is read from DuckDB whole when it is first
 * touched, so a key absent from a loaded bucket is absent from the table; buckets touched longest ago leave first.
 */
export class KeyIndex {
  private readonly buckets = new Map<string, Bucket>();
  private readonly connection: DuckDBConnection;
  private readonly maxKeys: number;
  private keyCount = 0;

  constructor(connection: DuckDBConnection, maxKeys = DEFAULT_MAX_KEYS) {
    this.connection = connection;
    this.maxKeys = maxKeys;
  }

  /** Makes the bucket of the time resident; must precede `get` and `set` of the same batch. */
  async load(table: TableEntry, timeNs: bigint): Promise<void> {
    const name = bucketName(table, timeNs);
    const loaded = this.buckets.get(name);
    if (loaded !== undefined) {
      this.buckets.delete(name);
      this.buckets.set(name, loaded);
      return;
    }
    const start = (timeNs / BUCKET_NS) * BUCKET_NS;
    const reader = await this.connection.runAndReadAll(
      `SELECT series, time, version, digest FROM ${physicalTable(table)}
       WHERE time >= make_timestamp_ns(${start}) AND time < make_timestamp_ns(${start + BUCKET_NS})`,
    );
    const bucket: Bucket = new Map();
    for (const [series, time, version, digest] of reader.getRows()) {
      if (!(time instanceof DuckDBTimestampNanosecondsValue)) throw new Error('A stored record has no time.');
      bucket.set(identityOf(series as bigint, time.nanos), { version: version as bigint, digest: digest as bigint });
    }
    this.buckets.set(name, bucket);
    this.keyCount += bucket.size;
  }

  get(table: TableEntry, series: bigint, timeNs: bigint): StoredKey | undefined {
    return this.bucket(table, timeNs).get(identityOf(series, timeNs));
  }

  set(table: TableEntry, series: bigint, timeNs: bigint, key: StoredKey): void {
    const bucket = this.bucket(table, timeNs);
    const before = bucket.size;
    bucket.set(identityOf(series, timeNs), key);
    this.keyCount += bucket.size - before;
  }

  /** Forgets the oldest buckets beyond the limit; to be called between batches. */
  trim(): void {
    for (const [name, bucket] of this.buckets) {
      if (this.keyCount <= this.maxKeys) return;
      this.buckets.delete(name);
      this.keyCount -= bucket.size;
    }
  }

  /** Forgets everything, so that it is read anew: after a failed commit memory and store differ. */
  clear(): void {
    this.buckets.clear();
    this.keyCount = 0;
  }

  private bucket(table: TableEntry, timeNs: bigint): Bucket {
    const bucket = this.buckets.get(bucketName(table, timeNs));
    if (bucket === undefined) throw new Error('The key bucket was not loaded before use.');
    return bucket;
  }
}

/** The name of one record among those of a table. */
export const identityOf = (series: bigint, timeNs: bigint): string => `${series},${timeNs}`;

const bucketName = (table: TableEntry, timeNs: bigint): string => `${table.id}:${timeNs / BUCKET_NS}`;
