import type { DuckDBConnection } from '@duckdb/node-api';
import { DuckDBTimestampNanosecondsValue } from '@duckdb/node-api';
import { fingerprintOf, storedSeries } from '../write/digest.ts';
import type { TableEntry } from './catalog.ts';
import { physicalTable } from './catalog.ts';
import { KeyTable } from './key-table.ts';

const BUCKET_NS = 600_000_000_000n;
const DEFAULT_MAX_KEYS = 500_000;

/** The keys of ten minutes of one table. */
type Bucket = { table: TableEntry; number: bigint; keys: KeyTable };

/**
 * Identities of the stored records, in buckets of ten minutes. A bucket is read from DuckDB whole when it is first
 * touched, so a key absent from a loaded bucket is absent from the table; buckets touched longest ago leave first.
 */
export class KeyIndex {
  private readonly buckets = new Map<string, Bucket>();
  private readonly connection: DuckDBConnection;
  private readonly maxKeys: number;
  /** The bucket used last: records come in the order of time. */
  private last: Bucket | undefined;

  constructor(connection: DuckDBConnection, maxKeys = DEFAULT_MAX_KEYS) {
    this.connection = connection;
    this.maxKeys = maxKeys;
  }

  /** The keys around a time if they are in memory; else they have to be loaded. */
  resident(table: TableEntry, timeNs: bigint): KeyTable | undefined {
    const number = timeNs / BUCKET_NS;
    if (this.last?.table === table && this.last.number === number) return this.last.keys;
    const name = bucketName(table, number);
    const bucket = this.buckets.get(name);
    if (bucket === undefined) return undefined;
    this.buckets.delete(name);
    this.buckets.set(name, bucket);
    this.last = bucket;
    return bucket.keys;
  }

  /** Reads the keys around a time from the store. */
  async load(table: TableEntry, timeNs: bigint): Promise<KeyTable> {
    const number = timeNs / BUCKET_NS;
    const start = number * BUCKET_NS;
    const reader = await this.connection.runAndReadAll(
      `SELECT series, time, version, digest FROM ${physicalTable(table)}
       WHERE time >= make_timestamp_ns(${start}) AND time < make_timestamp_ns(${start + BUCKET_NS})`,
    );
    const keys = new KeyTable();
    for (const [series, time, version, digest] of reader.getRows()) {
      if (!(time instanceof DuckDBTimestampNanosecondsValue)) throw new Error('A stored record has no time.');
      keys.set(fingerprintOf(storedSeries(series as bigint), time.nanos), {
        version: version as bigint,
        digest: digest as bigint,
      });
    }
    this.buckets.set(bucketName(table, number), { table, number, keys });
    return keys;
  }

  /** Forgets the oldest buckets beyond the limit; to be called between batches. */
  trim(): void {
    let keyCount = 0;
    for (const { keys } of this.buckets.values()) keyCount += keys.size;
    for (const [name, bucket] of this.buckets) {
      if (keyCount <= this.maxKeys) return;
      this.buckets.delete(name);
      if (this.last === bucket) this.last = undefined;
      keyCount -= bucket.keys.size;
    }
  }

  /** Forgets everything, so that it is read anew: after a failed commit memory and store differ. */
  clear(): void {
    this.buckets.clear();
    this.last = undefined;
  }
}

const bucketName = (table: TableEntry, number: bigint): string => `${table.id}:${number}`;
