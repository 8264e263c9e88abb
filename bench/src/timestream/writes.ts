import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, DuckDBTimestampNanosecondsValue } from '@duckdb/node-api';
import { startServer } from './server-process.ts';
import { createTable, rowAt, writeBody } from './workload.ts';

const RECORDS_PER_REQUEST = 100;
const CONNECTIONS = 64;
const ROWS_PER_COMMIT = 2000;

/** Rows per second of one round of raw HTTP writes, every acknowledgement durable. */
export async function serverWriteRate(rows: number, startMs: number): Promise<number> {
  const dataDir = await mkdtemp(join(tmpdir(), 'bench-timestream-'));
  const server = await startServer(dataDir);
  await createTable(server);
  const bodies: string[] = [];
  for (let from = 0; from < rows; from += RECORDS_PER_REQUEST)
    bodies.push(writeBody(from, RECORDS_PER_REQUEST, startMs));
  let next = 0;
  const begunMs = performance.now();
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      for (let body = bodies[next++]; body !== undefined; body = bodies[next++])
        await server.call('WriteRecords', body);
    }),
  );
  const seconds = (performance.now() - begunMs) / 1000;
  await server.stop();
  await rm(dataDir, { recursive: true });
  return rows / seconds;
}

/** Rows per second of DuckDB's own appender into a plain table, committed every 2,000 rows. */
export async function appenderRate(rows: number, startMs: number): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-appender-'));
  const instance = await DuckDBInstance.create(join(folder, 'peer.duckdb'));
  const connection = await instance.connect();
  await connection.run(
    'CREATE TABLE visits (time TIMESTAMP_NS, measure_name VARCHAR, territory_id VARCHAR, queue_id VARCHAR, agent_id VARCHAR, wait_ms BIGINT, talk_ms BIGINT, answered BIGINT)',
  );
  const begunMs = performance.now();
  for (let from = 0; from < rows; from += ROWS_PER_COMMIT) {
    await connection.run('BEGIN TRANSACTION');
    const appender = await connection.createAppender('visits');
    for (let index = from; index < Math.min(from + ROWS_PER_COMMIT, rows); index += 1) {
      const row = rowAt(index, startMs, 0.1);
      appender.appendTimestampNanoseconds(new DuckDBTimestampNanosecondsValue(BigInt(row.timeMs) * 1_000_000n));
      appender.appendVarchar('visit');
      appender.appendVarchar(row.territoryId);
      appender.appendVarchar(row.queueId);
      appender.appendVarchar(row.agentId);
      appender.appendBigInt(BigInt(row.waitMs));
      appender.appendBigInt(BigInt(row.talkMs));
      appender.appendBigInt(BigInt(row.answered));
      appender.endRow();
    }
    appender.closeSync();
    await connection.run('COMMIT');
  }
  const seconds = (performance.now() - begunMs) / 1000;
  connection.closeSync();
  instance.closeSync();
  await rm(folder, { recursive: true });
  return rows / seconds;
}
