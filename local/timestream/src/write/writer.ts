import type { DuckDBConnection } from '@duckdb/node-api';
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../clock.ts';
import type { Catalog, TableEntry } from '../store/catalog.ts';
import { inTransaction } from '../store/catalog.ts';
import { KeyIndex } from '../store/key-index.ts';
import type { Mutex } from '../store/mutex.ts';
import { notFoundError } from '../errors.ts';
import type { Quotas } from '../quotas.ts';
import { TableBatch } from './batch.ts';
import type { WriteOutcome } from './batch.ts';
import { SeriesHasher } from './digest.ts';
import { MeasureNames } from './measure-names.ts';
import type { WriteRecord } from './record.ts';
import { storeBatch } from './store-batch.ts';

type Job = {
  table: TableEntry;
  records: readonly WriteRecord[];
  resolve: (outcome: WriteOutcome) => void;
  reject: (reason: unknown) => void;
};

// Calls that arrive this close together share one commit, which is what costs.
const GATHER_MS = 5;
const MAX_RECORDS_PER_COMMIT = 10_000;

/** What a writer is made from. */
export type WriterParts = { connection: DuckDBConnection; catalog: Catalog; lock: Mutex; clock: Clock; quotas: Quotas };

/** The single writer of a region: gathers calls, commits them together and answers only after the commit. */
export class RegionWriter {
  private readonly connection: DuckDBConnection;
  private readonly catalog: Catalog;
  private readonly lock: Mutex;
  private readonly clock: Clock;
  private readonly quotas: Quotas;
  private readonly index: KeyIndex;
  private readonly names: MeasureNames;
  private readonly hasher = new SeriesHasher();
  private queue: Job[] = [];
  private running: Promise<void> | undefined;

  constructor({ connection, catalog, lock, clock, quotas }: WriterParts) {
    this.connection = connection;
    this.catalog = catalog;
    this.lock = lock;
    this.clock = clock;
    this.quotas = quotas;
    this.index = new KeyIndex(connection);
    this.names = new MeasureNames(connection);
  }

  /** Resolves once the accepted records are on disk. */
  write(table: TableEntry, records: readonly WriteRecord[]): Promise<WriteOutcome> {
    return new Promise((resolve, reject) => {
      this.queue.push({ table, records, resolve, reject });
      this.running ??= this.drain();
    });
  }

  /** Resolves when nothing is waiting to be written. */
  async idle(): Promise<void> {
    await this.running;
  }

  /** Forgets what is known of stored records, after some were deleted. Must run under the lock. */
  forgetKeys(): void {
    this.index.clear();
  }

  private async drain(): Promise<void> {
    await delay(GATHER_MS);
    while (this.queue.length > 0) {
      const jobs = this.nextJobs();
      await this.lock.run(() => this.commit(jobs));
    }
    this.running = undefined;
  }

  private nextJobs(): Job[] {
    let records = 0;
    let count = 0;
    for (const job of this.queue) {
      records += job.records.length;
      if (count > 0 && records > MAX_RECORDS_PER_COMMIT) break;
      count += 1;
    }
    const jobs = this.queue.slice(0, count);
    this.queue = this.queue.slice(count);
    return jobs;
  }

  private async commit(jobs: readonly Job[]): Promise<void> {
    try {
      const batches = new Map<TableEntry, TableBatch>();
      const answers: (() => void)[] = [];
      for (const job of jobs) {
        const { table } = job;
        if (table.dropped) {
          job.reject(notFoundError(`The table ${table.name} does not exist.`));
          continue;
        }
        const batch = batches.get(table) ?? (await this.batchOf(table));
        batches.set(table, batch);
        const outcome = await batch.add(job.records);
        answers.push(() => {
          job.resolve(outcome);
        });
      }
      await this.store([...batches.values()]);
      for (const answer of answers) answer();
      this.index.trim();
    } catch (error) {
      this.index.clear();
      this.names.clear();
      for (const job of jobs) job.reject(error);
    }
  }

  private async batchOf(table: TableEntry): Promise<TableBatch> {
    const { index, hasher, clock, quotas } = this;
    return new TableBatch(table, { index, hasher, clock, quotas, names: await this.names.of(table) });
  }

  private async store(batches: readonly TableBatch[]): Promise<void> {
    for (const batch of batches) {
      if (batch.newColumns.size > 0) await this.catalog.addColumns(batch.table, [...batch.newColumns.values()]);
    }
    if (batches.every((batch) => batch.rows.length === 0)) return;
    await inTransaction(this.connection, async () => {
      for (const batch of batches) await storeBatch(this.connection, batch);
    });
  }
}
