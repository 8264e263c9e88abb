import type { DuckDBConnection } from '@duckdb/node-api';
import { DuckDBInstance } from '@duckdb/node-api';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { registerEngineFunctions } from '../query/engine-functions.ts';
import { RegionWriter } from '../write/writer.ts';
import type { Quotas } from '../quotas.ts';
import { Catalog } from './catalog.ts';
import { Mutex } from './mutex.ts';
import type { RegionOptions } from './regions.ts';
import { deleteExpired } from './retention.ts';

const THREADS = '2';

/** The data set of one region: one DuckDB file, one writer, any number of readers. */
export class Region {
  readonly name: string;
  readonly quotas: Quotas;
  readonly catalog: Catalog;
  readonly writer: RegionWriter;
  /** Serialises everything that writes. */
  readonly lock: Mutex;
  private readonly instance: DuckDBInstance;
  private readonly writeConnection: DuckDBConnection;
  private readonly idleReaders: DuckDBConnection[] = [];
  private readonly clock: Clock;
  private readonly visibilityLagMs: () => number;
  /** What is read while reading lags: one transaction, which sees what was there when it began. */
  private readonly pastLock = new Mutex();
  private past: { connection: DuckDBConnection; sinceMs: number } | undefined;

  private constructor(
    name: string,
    instance: DuckDBInstance,
    connection: DuckDBConnection,
    catalog: Catalog,
    { clock, visibilityLagMs, quotas }: RegionOptions,
  ) {
    this.name = name;
    this.quotas = quotas;
    this.clock = clock;
    this.visibilityLagMs = visibilityLagMs;
    this.instance = instance;
    this.writeConnection = connection;
    this.catalog = catalog;
    this.lock = new Mutex();
    this.writer = new RegionWriter({ connection, catalog, lock: this.lock, clock, quotas });
  }

  static async open(dataDir: string, name: string, options: RegionOptions): Promise<Region> {
    const folder = join(dataDir, name);
    await mkdir(folder, { recursive: true });
    const instance = await DuckDBInstance.fromCache(join(folder, 'timestream.duckdb'), {
      threads: THREADS,
      memory_limit: `${options.memoryLimitMb}MB`,
    });
    const connection = await instance.connect();
    registerEngineFunctions(connection);
    // Queries are translated from an allow-list; these keep DuckDB shut should the translator ever err.
    await connection.run('SET enable_external_access = false');
    await connection.run('SET lock_configuration = true');
    return new Region(name, instance, connection, await Catalog.open(connection), options);
  }

  /** Lends a connection for reading; connections are kept for the next reader. */
  async withReader<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const lagMs = this.visibilityLagMs();
    if (lagMs > 0) return this.pastLock.run(async () => work(await this.connectionToThePast(lagMs)));
    const connection = this.idleReaders.pop() ?? (await this.instance.connect());
    try {
      return await work(connection);
    } finally {
      this.idleReaders.push(connection);
    }
  }

  private async connectionToThePast(lagMs: number): Promise<DuckDBConnection> {
    const nowMs = this.clock.nowMs();
    const connection = this.past?.connection ?? (await this.instance.connect());
    if (this.past === undefined || nowMs - this.past.sinceMs >= lagMs) {
      if (this.past !== undefined) await connection.run('COMMIT');
      this.past = { connection, sinceMs: nowMs };
      await connection.run('BEGIN TRANSACTION');
      // A transaction sees what was there at its first statement.
      await connection.run('SELECT count(*) FROM catalog.tables');
    }
    return connection;
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
    this.past?.connection.closeSync();
    for (const reader of this.idleReaders.splice(0)) reader.closeSync();
    this.writeConnection.closeSync();
    this.instance.closeSync();
  }
}
