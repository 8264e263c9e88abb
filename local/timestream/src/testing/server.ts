import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateDatabaseCommand,
  CreateTableCommand,
  TimestreamWriteClient,
  WriteRecordsCommand,
} from '@aws-sdk/client-timestream-write';
import type { _Record } from '@aws-sdk/client-timestream-write';
import { QueryCommand, TimestreamQueryClient } from '@aws-sdk/client-timestream-query';
import type { Datum, QueryCommandOutput } from '@aws-sdk/client-timestream-query';
import { startTimestreamLocal } from '../index.ts';
import type { TimestreamLocal, TimestreamLocalOptions } from '../index.ts';

/** A clock that only moves when told. */
export type ManualClock = { nowMs(): number; set(epochMs: number): void };

export const START_MS = Date.UTC(2026, 2, 4, 12, 0, 0);
export const DATABASE = 'lumina';
export const TABLE = 'call_metrics';

/** A server on a temporary folder with the real clients. */
export type TestServer = {
  url: string;
  clock: ManualClock;
  write: TimestreamWriteClient;
  query: TimestreamQueryClient;
  /** Writes records to the test table. */
  put: (records: _Record[], common?: _Record) => Promise<void>;
  /** All rows of a query, over all its pages, as texts. */
  rows: (sql: string, maxRows?: number) => Promise<(string | null)[][]>;
  /** Lets retention act now. */
  deleteExpired: () => Promise<number>;
  setFaults: TimestreamLocal['setFaults'];
  clientsFor: (region: string) => { write: TimestreamWriteClient; query: TimestreamQueryClient };
  close: () => Promise<void>;
};

/** Starts a server; `prepared` also creates the test database and table. */
export async function startTestServer(
  { prepared, ...options }: { prepared: boolean } & Pick<TimestreamLocalOptions, 'queryTimeoutMs' | 'quotas'> = {
    prepared: true,
  },
): Promise<TestServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'timestream-local-'));
  let nowMs = START_MS;
  const clock: ManualClock = {
    nowMs: () => nowMs,
    set: (epochMs) => {
      nowMs = epochMs;
    },
  };
  const server: TimestreamLocal = await startTimestreamLocal({
    port: 0,
    host: '127.0.0.1',
    dataDir,
    clock,
    ...options,
  });
  const opened: { destroy: () => void }[] = [];
  const clientsFor = (region: string): { write: TimestreamWriteClient; query: TimestreamQueryClient } => {
    const clients = createClients(server.url, region);
    opened.push(clients.write, clients.query);
    return clients;
  };
  const { write, query } = clientsFor('eu-west-1');
  if (prepared) await createTestTable(write);
  return {
    url: server.url,
    clock,
    write,
    query,
    put: async (records, common) => {
      await write.send(
        new WriteRecordsCommand({
          DatabaseName: DATABASE,
          TableName: TABLE,
          Records: records,
          ...(common === undefined ? {} : { CommonAttributes: common }),
        }),
      );
    },
    rows: (sql, maxRows) => allRows(query, sql, maxRows),
    deleteExpired: () => server.deleteExpired(),
    setFaults: (settings) => {
      server.setFaults(settings);
    },
    clientsFor,
    close: async () => {
      for (const client of opened) client.destroy();
      await server.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

export function createClients(
  endpoint: string,
  region: string,
): { write: TimestreamWriteClient; query: TimestreamQueryClient } {
  const settings = {
    endpoint,
    region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  };
  return { write: new TimestreamWriteClient(settings), query: new TimestreamQueryClient(settings) };
}

/** Memory store of 48 hours with magnetic writes, as the product has it. */
export async function createTestTable(write: TimestreamWriteClient): Promise<void> {
  await write.send(new CreateDatabaseCommand({ DatabaseName: DATABASE }));
  await write.send(
    new CreateTableCommand({
      DatabaseName: DATABASE,
      TableName: TABLE,
      RetentionProperties: { MemoryStoreRetentionPeriodInHours: 48, MagneticStoreRetentionPeriodInDays: 400 },
      MagneticStoreWriteProperties: { EnableMagneticStoreWrites: true },
    }),
  );
}

export async function allRows(
  client: TimestreamQueryClient,
  sql: string,
  maxRows?: number,
): Promise<(string | null)[][]> {
  const rows: (string | null)[][] = [];
  let token: string | undefined;
  do {
    const page: QueryCommandOutput = await client.send(
      new QueryCommand({ QueryString: sql, NextToken: token, ...(maxRows === undefined ? {} : { MaxRows: maxRows }) }),
    );
    for (const row of page.Rows ?? []) rows.push((row.Data ?? []).map(datumText));
    token = page.NextToken;
  } while (token !== undefined);
  return rows;
}

export function datumText(datum: Datum): string | null {
  if (datum.NullValue === true) return null;
  if (datum.ScalarValue !== undefined) return datum.ScalarValue;
  if (datum.ArrayValue !== undefined) return `[${datum.ArrayValue.map((item) => datumText(item) ?? 'null').join(',')}]`;
  if (datum.TimeSeriesValue !== undefined) {
    const points = datum.TimeSeriesValue.map(({ Time, Value }) => `${Time ?? ''}=${datumText(Value ?? {}) ?? 'null'}`);
    return `{${points.join(',')}}`;
  }
  return `(${(datum.RowValue?.Data ?? []).map((item) => datumText(item) ?? 'null').join(',')})`;
}

/** A scalar DOUBLE record of the test table. */
export const record = (fields: Partial<_Record> = {}): _Record => ({
  Dimensions: [{ Name: 'territory_id', Value: '123' }],
  MeasureName: 'duration',
  MeasureValue: '1.5',
  MeasureValueType: 'DOUBLE',
  Time: String(START_MS),
  ...fields,
});
