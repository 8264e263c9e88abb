import type { DuckDBConnection } from '@duckdb/node-api';
import { DuckDBInstance } from '@duckdb/node-api';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { RegionWriter } from '../write/writer.ts';
import { Catalog } from './catalog.ts';
import { Mutex } from './mutex.ts';
import { deleteExpired } from './retention.ts';

const DUCKDB_SETTINGS = { threads: '2', memory_limit: '2GB' };

/** The data set of one region: one DuckDB file, one writer, any number of readers. */
export class Region {
  readonly name: string;
  readonly catalog: Catalog;
  readonly writer: RegionWriter;
  /** Serialises everything that writes. */
  readonly lock: Mutex;
  private readonly instance: DuckDBInstance;
  private readonly writeConnection: DuckDBConnection;
  private readonly idleReaders: DuckDBConnection[] = [];

  private constructor(
    name: string,
    instance: DuckDBInstance,
    connection: DuckDBConnection,
    catalog: Catalog,
    clock: Clock,
  ) {
    this.name = name;
    this.instance = instance;
    this.writeConnection = connection;
    this.catalog = catalog;
    this.lock = new Mutex();
    this.writer = new RegionWriter(connection, catalog, this.lock, clock);
  }

  static async open(dataDir: string, name: string, clock: Clock): Promise<Region> {
    const folder = join(dataDir, name);
    await mkdir(folder, { recursive: true });
    const instance = await DuckDBInstance.fromCache(join(folder, 'timestream.duckdb'), DUCKDB_SETTINGS);
    const connection = await instance.connect();
    // Queries are translated from an allow-list; these keep DuckDB shut should the translator ever err.
    await connection.run('SET enable_external_access = false');
    await connection.run('SET lock_configuration = true');
    return new Region(name, instance, connection, await Catalog.open(connection), clock);
  }

  /** Lends a connection for reading; connections are kept for the next reader. */
  async withReader<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const connection = this.idleReaders.pop() ?? (await this.instance.connect());
    try {
      return await work(connection);
    } finally {
      this.idleReaders.push(connection);
    }
  }

  /** Deletes what is older than its table's retention; answers how many records that were. */
  deleteExpired(nowMs: number): Promise<number> {
    return this.lock.run(async () => {
      const deleted = await deleteExpired(this.writeConnection, this.catalog.tablesOf(), nowMs);
      if (deleted > 0) this.writer.forgetKeys();
      return deleted;
    });
  }

  async close(): Promise<void> {
    await this.writer.idle();
    await this.lock.run(() => Promise.resolve());
    for (const reader of this.idleReaders.splice(0)) reader.closeSync();
    this.writeConnection.closeSync();
    this.instance.closeSync();
  }
}
