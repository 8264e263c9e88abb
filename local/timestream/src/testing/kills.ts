import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { RejectedRecordsException, WriteRecordsCommand } from '@aws-sdk/client-timestream-write';
import type { TimestreamWriteClient } from '@aws-sdk/client-timestream-write';
import type { TimestreamQueryClient } from '@aws-sdk/client-timestream-query';
import { DATABASE, TABLE, allRows, createClients, createTestTable, record } from './server.ts';
import { startServerProcess } from './server-process.ts';

/** A request as its writer knows it: versions are the values of its records, so that a half would show. */
type Request = { id: string; records: number; timeMs: number; acknowledged: number; attempted: number };

const LANES = 4;
const MAX_RECORDS = 100;
const MIN_ACKS = 12;

/** What a run of kills did, so that a test can tell that there was something to lose. */
export type KillReport = { acknowledged: number; updates: number; refused: number; unanswered: number };

/**
 * Kills a server again and again while lanes write, rewrite, repeat and send old versions, and compares after every
 * restart what is stored with what was acknowledged. A request whose answer never came may be there or not, but whole.
 */
export async function killUnderLoad(kills: number): Promise<KillReport> {
  const dataDir = await mkdtemp(join(tmpdir(), 'timestream-kills-'));
  const report: KillReport = { acknowledged: 0, updates: 0, refused: 0, unanswered: 0 };
  const lanes = Array.from({ length: LANES }, (_, number) => new Lane(number, report));
  try {
    for (let round = 0; round <= kills; round += 1) {
      const server = await startServerProcess(dataDir);
      const { write, query } = createClients(server.url, 'eu-west-1');
      if (round === 0) await createTestTable(write);
      else await settle(query, lanes, report);
      query.destroy();
      if (round === kills) {
        write.destroy();
        assert.equal(await server.stop(), 0);
        continue;
      }
      const enough = report.acknowledged + MIN_ACKS + ((round * 7) % 20);
      let isKilled = false;
      const onAck = (): void => {
        if (isKilled || report.acknowledged < enough) return;
        isKilled = true;
        // Anywhere between the gathering of calls and the end of their commit.
        void delay(round % 9).then(() => server.kill());
      };
      await Promise.all(lanes.map((lane) => lane.writeUntilDeath(write, onAck)));
      write.destroy();
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
  return report;
}

/** Compares what is stored with what was acknowledged, and takes what is stored as the truth of what was not answered. */
async function settle(query: TimestreamQueryClient, lanes: readonly Lane[], report: KillReport): Promise<void> {
  const rows = await allRows(
    query,
    `SELECT request, count(*), min(measure_value::double), max(measure_value::double) FROM ${DATABASE}.${TABLE} GROUP BY request`,
  );
  const stored = new Map(rows.map(([id, ...numbers]) => [id, numbers.map(Number)]));
  for (const request of lanes.flatMap((lane) => lane.requests)) {
    const [count = 0, low = 0, high = 0] = stored.get(request.id) ?? [];
    const found = `${request.id}: ${count} of ${request.records} records, versions ${low} to ${high}; acknowledged ${request.acknowledged}, sent ${request.attempted}`;
    assert.equal(low, high, found);
    assert.ok(low === request.acknowledged || low === request.attempted, found);
    assert.equal(count, low === 0 ? 0 : request.records, found);
    if (request.attempted !== request.acknowledged) report.unanswered += 1;
    request.acknowledged = low;
    request.attempted = low;
    stored.delete(request.id);
  }
  assert.deepEqual([...stored.keys()], [], 'nobody sent these');
}

/** One writer, which sends one request after the other. */
class Lane {
  readonly requests: Request[] = [];
  private readonly number: number;
  private readonly report: KillReport;
  private step = 0;

  constructor(number: number, report: KillReport) {
    this.number = number;
    this.report = report;
  }

  async writeUntilDeath(write: TimestreamWriteClient, onAck: () => void): Promise<void> {
    try {
      for (;;) {
        await this.writeNext(write);
        onAck();
      }
    } catch (error) {
      // The kill breaks connections, or leaves none to open.
      if (
        !(error instanceof Error) ||
        !/ECONN|EPIPE|socket hang up/.test(`${error.name} ${error.message} ${codeOf(error)}`)
      )
        throw error;
    }
  }

  private async writeNext(write: TimestreamWriteClient): Promise<void> {
    this.step += 1;
    const known = this.requests.filter(({ acknowledged }) => acknowledged > 0);
    const earlier = known[(this.step * 5) % Math.max(1, known.length)];
    if (earlier === undefined || this.step % 3 === 0) await this.sendNew(write);
    else if (this.step % 7 === 0) await this.sendOld(write, earlier);
    else await this.update(write, earlier, earlier.acknowledged + (this.step % 5 === 0 ? 0 : 1));
  }

  private async sendNew(write: TimestreamWriteClient): Promise<void> {
    const request: Request = {
      id: `${this.number}-${this.step}`,
      records: 1 + ((this.step * 37) % MAX_RECORDS),
      timeMs: Date.now(),
      acknowledged: 0,
      attempted: 0,
    };
    this.requests.push(request);
    await this.update(write, request, 1);
  }

  /** A higher version, or the same once more. */
  private async update(write: TimestreamWriteClient, request: Request, version: number): Promise<void> {
    request.attempted = version;
    await send(write, request, version);
    if (version > 1) this.report.updates += 1;
    request.acknowledged = version;
    this.report.acknowledged += 1;
  }

  private async sendOld(write: TimestreamWriteClient, request: Request): Promise<void> {
    if (request.acknowledged < 2) return this.update(write, request, 2);
    const refusal = await refusalOf(send(write, request, request.acknowledged - 1));
    if (refusal === undefined) return assert.fail(`${request.id}: an older version was accepted`);
    const versions = (refusal.RejectedRecords ?? []).map(({ ExistingVersion }) => ExistingVersion);
    assert.deepEqual(versions, Array<number>(request.records).fill(request.acknowledged));
    this.report.refused += 1;
  }
}

async function send(write: TimestreamWriteClient, request: Request, version: number): Promise<void> {
  const records = Array.from({ length: request.records }, (_, index) =>
    record({
      Dimensions: [
        { Name: 'request', Value: request.id },
        { Name: 'place', Value: String(index) },
      ],
      Time: String(request.timeMs),
      MeasureValue: String(version),
      Version: version,
    }),
  );
  await write.send(new WriteRecordsCommand({ DatabaseName: DATABASE, TableName: TABLE, Records: records }));
}

/** The rejection of a request's records; undefined when there is none. */
async function refusalOf(sent: Promise<void>): Promise<RejectedRecordsException | undefined> {
  try {
    await sent;
    return undefined;
  } catch (error) {
    if (error instanceof RejectedRecordsException) return error;
    throw error;
  }
}

const codeOf = (error: Error): string => ('code' in error ? String(error.code) : '');
