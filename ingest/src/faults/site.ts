import path from 'node:path';
import { tmpdir } from 'node:os';

import { createDynamodbLeases } from '../adapters/dynamodb-leases.ts';
import { createFileDeadLetters } from '../adapters/file-dead-letters.ts';
import { isNamed } from '../adapters/service-error.ts';
import { SHARD_END, type LeaseStore } from '../ports/lease-store.ts';
import { until } from '../testing/until.ts';
import { AWS_REGION, CREDENTIALS, VISIBLE_WITHIN_MS, type FaultCloud } from './cloud.ts';
import { openDoor, type Door } from './doors/door.ts';
import { refusing } from './doors/rules.ts';
import { StoredTotals } from './stored-totals.ts';
import { differences, type Totals } from './traffic/oracle.ts';
import { REFUSED_MARKER } from './traffic/poison.ts';
import { Producer } from './traffic/producer.ts';
import { WorkerProcess, type WorkerOptions } from './worker-process.ts';

/** What nobody renewed for so long is taken: short, and still longer than a busy machine lets a process wait. */
const LEASE_EXPIRY_MS = 2000;
const REGION_ID = 1;

/** What one scenario has for itself: streams, leases, dead letters, territories, and a door before every service. */
export class Site {
  readonly name: string;
  readonly territories: readonly number[];
  readonly store: Door;
  readonly stream: Door;
  readonly leaseTable: Door;
  readonly producer: Producer;
  /** Workers that died by SIGKILL, by their own hand or ours. */
  kills = 0;
  private readonly cloud: FaultCloud;
  private readonly workers: WorkerProcess[] = [];
  private readonly leases: LeaseStore;
  private readonly totals: StoredTotals;

  private constructor(
    cloud: FaultCloud,
    name: string,
    territories: readonly number[],
    doors: readonly [Door, Door, Door],
  ) {
    this.cloud = cloud;
    this.name = name;
    this.territories = territories;
    [this.store, this.stream, this.leaseTable] = doors;
    this.store.rule = refusing(REFUSED_MARKER);
    this.producer = new Producer(cloud.kinesisUrl, `${name}-events`);
    this.leases = createDynamodbLeases({ endpoint: cloud.dynamodbUrl, region: AWS_REGION, table: `${name}-leases` });
    this.totals = new StoredTotals(cloud.timestreamUrl);
  }

  /** Opens a site with a stream of so many shards. */
  static async open(cloud: FaultCloud, name: string, territories: readonly number[], shards: number): Promise<Site> {
    const doors = await Promise.all([
      openDoor(cloud.timestreamUrl),
      openDoor(cloud.kinesisUrl),
      openDoor(cloud.dynamodbUrl),
    ]);
    const site = new Site(cloud, name, territories, doors);
    await site.producer.create(shards);
    return site;
  }

  startWorker(options: WorkerOptions): WorkerProcess {
    const worker = new WorkerProcess(this.environment(), options);
    this.workers.push(worker);
    void worker.ended.then((end) => {
      if (end === 'SIGKILL') this.kills += 1;
    });
    return worker;
  }

  /** Resolves when the checkpoints say that all that was put has been processed. */
  async drained(limitMs: number): Promise<void> {
    await until(
      async () => {
        const found = await this.checkpoints();
        const isDone = [...this.producer.lastSequence].every(([shardId, last]) => {
          const checkpoint = found.get(shardId);
          return checkpoint !== undefined && (checkpoint === SHARD_END || BigInt(checkpoint) >= last);
        });
        return isDone ? true : undefined;
      },
      `the end of the stream; the last worker says:\n${this.workers.at(-1)?.lastWords ?? 'nothing'}`,
      limitMs,
    );
  }

  /** Checkpoints by shard; none while no worker has made the table yet. */
  private async checkpoints(): Promise<Map<string, string | undefined>> {
    try {
      return new Map((await this.leases.list()).map(({ shardId, checkpoint }) => [shardId, checkpoint]));
    } catch (error) {
      if (isNamed(error, 'ResourceNotFoundException')) return new Map();
      throw error;
    }
  }

  /** Asks every worker to end; what did not end well is told. */
  async stopWorkers(): Promise<string[]> {
    const alive = this.workers.filter(({ isAlive }) => isAlive);
    // One that still starts would end by the signal itself, and show nothing.
    await Promise.all(alive.map(({ ready }) => ready));
    const ends = await Promise.all(alive.map((worker) => worker.stop()));
    return ends.filter((end) => end !== 0).map((end) => `a worker ended with ${String(end)} on SIGTERM`);
  }

  /** What is stored or dead and should not be, or should be and is not. */
  async violations(expected: Totals): Promise<string[]> {
    let cells: string[];
    const visibleMs = performance.now() + VISIBLE_WITHIN_MS;
    do {
      cells = differences(expected, await this.totals.read(this.territories));
    } while (cells.length > 0 && performance.now() < visibleMs);
    return [...cells, ...(await this.letterViolations())];
  }

  async close(): Promise<void> {
    for (const worker of this.workers) {
      worker.thaw();
      if (worker.isAlive) await worker.kill();
    }
    for (const one of [this.store, this.stream, this.leaseTable, this.producer, this.leases, this.totals]) one.close();
  }

  private async letterViolations(): Promise<string[]> {
    const archive = createFileDeadLetters(this.letterFolder);
    const found: string[] = [];
    const missing = new Map(this.producer.letters);
    for await (const key of archive.list({ state: 'waiting' })) {
      const id = `${key.shardId}/${key.sequence}`;
      const letter = await archive.get(key);
      const wanted = missing.get(id);
      missing.delete(id);
      if (wanted === undefined)
        found.push(`${id} is dead and was no poison: ${letter?.code ?? ''} ${letter?.message ?? ''}`);
      else if (letter?.code !== wanted.code) found.push(`${id} died of ${letter?.code ?? ''}, not of ${wanted.code}`);
      else if (!wanted.bytes.equals(letter.bytes)) found.push(`${id} was not kept byte by byte`);
    }
    return [...found, ...[...missing].map(([id, { code }]) => `${id}, poison (${code}), is no dead letter`)];
  }

  private get letterFolder(): string {
    return path.join(this.cloud.folder, `${this.name}-dead-letters`);
  }

  private environment(): Record<string, string> {
    return {
      // Tens of workers start: each next one finds its modules compiled.
      NODE_COMPILE_CACHE: path.join(tmpdir(), 'lumina-faults-compile-cache'),
      AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
      LUMINA_REGION_ID: String(REGION_ID),
      KINESIS_REGION: AWS_REGION,
      KINESIS_ENDPOINT: this.stream.url,
      TIMESTREAM_ENDPOINT: this.store.url,
      TIMESTREAM_REGION: AWS_REGION,
      DYNAMODB_REGION: AWS_REGION,
      DYNAMODB_ENDPOINT: this.leaseTable.url,
      EVENTS_STREAM: `${this.name}-events`,
      FACTS_STREAM: `${this.name}-facts`,
      LEASE_TABLE: `${this.name}-leases`,
      LEASE_EXPIRY_MS: String(LEASE_EXPIRY_MS),
      DLQ_DIR: this.letterFolder,
      TERRITORY_HASH_SECRET: 'faults',
    };
  }
}
