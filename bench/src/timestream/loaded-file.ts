import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { startServer } from './server-process.ts';
import { DATABASE, TABLE, TERRITORIES, createTable } from './workload.ts';

/** The region whose file is loaded: the one of the requests' credential scope. */
export const REGION = 'eu-west-1';

const FILE = 'timestream.duckdb';
const DAY_MS = 24 * 3_600_000;

/** The DuckDB file of a data folder. */
export const fileOf = (dataDir: string): string => join(dataDir, REGION, FILE);

/**
 * Fills a data folder with the last 24 hours of rows: the server lays out the table by one record over its own API,
 * and the mass is put under it by DuckDB, in the order of time, since no HTTP write would finish within a bench.
 */
export async function loadDay(dataDir: string, rows: number, endMs: number): Promise<void> {
  const server = await startServer(dataDir);
  await createTable(server);
  await server.call(
    'WriteRecords',
    JSON.stringify({
      DatabaseName: DATABASE,
      TableName: TABLE,
      Records: [
        {
          MeasureName: 'visit',
          MeasureValueType: 'MULTI',
          Time: String(endMs),
          Dimensions: ['territory_id', 'queue_id', 'agent_id'].map((Name) => ({ Name, Value: 'first' })),
          MeasureValues: ['wait_ms', 'talk_ms', 'answered'].map((Name) => ({ Name, Value: '1', Type: 'BIGINT' })),
        },
      ],
    }),
  );
  await server.stop();
  const instance = await DuckDBInstance.create(fileOf(dataDir));
  const connection = await instance.connect();
  const columns = await physicalColumns(connection);
  const startNs = BigInt(endMs - DAY_MS) * 1_000_000n;
  const stepNs = (BigInt(DAY_MS) * 1_000_000n) / BigInt(rows);
  const value: Record<string, string> = {
    territory_id: `(100 + i % ${String(TERRITORIES)})::VARCHAR`,
    queue_id: `'q_' || (i * 7) % 20`,
    agent_id: `'ag_' || (i * 13) % 200`,
    wait_ms: '(i * 31) % 90000',
    talk_ms: '(i * 97) % 600000',
    answered: 'CASE WHEN i % 9 = 0 THEN 0 ELSE 1 END',
  };
  await connection.run(`
    INSERT INTO ${columns.table} (series, digest, version, time, measure_name, ${[...columns.physical.values()].join(', ')})
    SELECT (hash(i) >> 1)::BIGINT, i, 1, make_timestamp_ns(${String(startNs)} + i * ${String(stepNs)}), 'visit',
      ${[...columns.physical.keys()].map((name) => value[name] ?? 'NULL').join(', ')}
    FROM range(${String(rows)}) AS rows(i)`);
  await connection.run('CHECKPOINT');
  connection.closeSync();
  instance.closeSync();
}

/** Where a table's columns lie in DuckDB. */
export interface PhysicalColumns {
  readonly table: string;
  readonly physical: ReadonlyMap<string, string>;
}

/** Reads the layout of the only table of a loaded file. */
export async function physicalColumns(
  connection: Awaited<ReturnType<DuckDBInstance['connect']>>,
): Promise<PhysicalColumns> {
  const reader = await connection.runAndReadAll('SELECT table_id, ordinal, name FROM catalog.columns ORDER BY ordinal');
  const rows = reader.getRows();
  return {
    table: `records_${String(rows[0]?.[0])}`,
    physical: new Map(rows.map(([, ordinal, name]) => [String(name), `c${String(ordinal)}`])),
  };
}
