import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';
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
    const result = await this.connection.run(
      `SELECT series, epoch_ns(time), version, digest FROM ${physicalTable(table)}
       WHERE time >= make_timestamp_ns(${start}) AND time < make_timestamp_ns(${start + BUCKET_NS})`,
    );
    const keys = new KeyTable();
    for (;;) {
      const chunk = await result.fetchChunk();
      if (chunk === null || chunk.rowCount === 0) break;
      addKeys(keys, chunk);
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

/** Reads columns where they lie: as rows, a busy bucket would be a hundred thousand arrays. */
function addKeys(keys: KeyTable, chunk: DuckDBDataChunk): void {
  const read = (column: number): ((row: number) => bigint) => {
    const vector = chunk.getColumnVector(column);
    return (row) => vector.getItem(row) as bigint;
  };
  const [seriesAt, timeAt, versionAt, digestAt] = [read(0), read(1), read(2), read(3)];
  for (let row = 0; row < chunk.rowCount; row += 1)
    keys.set(fingerprintOf(storedSeries(seriesAt(row)), timeAt(row)), {
      version: versionAt(row),
      digest: digestAt(row),
    });
}

const bucketName = (table: TableEntry, number: bigint): string => `${table.id}:${number}`;
