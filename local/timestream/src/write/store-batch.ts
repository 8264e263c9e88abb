import type { DuckDBConnection, DuckDBType, DuckDBValue } from '@duckdb/node-api';
import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  DuckDBDataChunk,
  DuckDBTimestampNanosecondsValue,
  TIMESTAMP_NS,
  VARCHAR,
} from '@duckdb/node-api';
import type { StoredType, TableEntry } from '../store/catalog.ts';
import { physicalTable } from '../store/catalog.ts';
import type { PendingRow, TableBatch } from './batch.ts';

const CHUNK_ROWS = 2048;
const TYPES: Record<StoredType, DuckDBType> = { VARCHAR, BIGINT, DOUBLE, BOOLEAN, TIMESTAMP: TIMESTAMP_NS };
const FIXED_COLUMNS = 5;

/** Deletes the superseded rows and appends the new ones; runs inside the caller's transaction. */
export async function storeBatch(connection: DuckDBConnection, batch: TableBatch): Promise<void> {
  const { rows } = batch;
  if (rows.length === 0) return;
  await deleteSuperseded(
    connection,
    batch.table,
    rows.filter((row) => row.replaces),
  );
  const appender = await connection.createAppender(physicalTable(batch.table));
  const positions = new Map(batch.table.columns.map((column, index) => [column.name, FIXED_COLUMNS + index]));
  const types = [
    BIGINT,
    BIGINT,
    BIGINT,
    TIMESTAMP_NS,
    VARCHAR,
    ...batch.table.columns.map((column) => TYPES[column.type]),
  ];
  for (let from = 0; from < rows.length; from += CHUNK_ROWS) {
    const part = rows.slice(from, from + CHUNK_ROWS);
    const chunk = DuckDBDataChunk.create(types, part.length);
    chunk.setColumns(columnsOf(part, types.length, positions));
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
}

async function deleteSuperseded(
  connection: DuckDBConnection,
  table: TableEntry,
  rows: readonly PendingRow[],
): Promise<void> {
  if (rows.length === 0) return;
  const times = rows.map((row) => row.record.timeNs);
  const [low, high] = times.reduce<[bigint, bigint]>(
    ([min, max], time) => [time < min ? time : min, time > max ? time : max],
    [times[0] ?? 0n, times[0] ?? 0n],
  );
  const keys = rows.map((row) => `(${row.series}::BIGINT, make_timestamp_ns(${row.record.timeNs}))`).join(',');
  // The bounds let DuckDB skip row groups; the key list alone does not.
  await connection.run(
    `DELETE FROM ${physicalTable(table)} WHERE time BETWEEN make_timestamp_ns(${low}) AND make_timestamp_ns(${high}) AND (series, time) IN (VALUES ${keys})`,
  );
}

function columnsOf(
  rows: readonly PendingRow[],
  width: number,
  positions: ReadonlyMap<string, number>,
): DuckDBValue[][] {
  const columns: DuckDBValue[][] = Array.from({ length: width }, () => new Array<DuckDBValue>(rows.length).fill(null));
  const put = (column: number, row: number, value: DuckDBValue): void => {
    const target = columns[column];
    if (target !== undefined) target[row] = value;
  };
  for (const [at, { record, series, digest }] of rows.entries()) {
    put(0, at, series);
    put(1, at, digest);
    put(2, at, record.version);
    put(3, at, new DuckDBTimestampNanosecondsValue(record.timeNs));
    put(4, at, record.measureName);
    for (const [name, value] of record.dimensions) put(positions.get(name) ?? -1, at, value);
    for (const { column, type, value } of record.measures) {
      const stored =
        type === 'TIMESTAMP' && typeof value === 'bigint' ? new DuckDBTimestampNanosecondsValue(value) : value;
      put(positions.get(column) ?? -1, at, stored);
    }
  }
  return columns;
}
