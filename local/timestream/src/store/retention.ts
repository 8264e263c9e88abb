import type { DuckDBConnection } from '@duckdb/node-api';
import { physicalTable } from './catalog.ts';
import type { TableEntry } from './catalog.ts';

const NS_PER_MS = 1_000_000n;
const MS_PER_HOUR = 3_600_000;
const MS_PER_DAY = 24 * MS_PER_HOUR;

/** The oldest time that a table keeps: a record lives in the memory store first and in the magnetic store after that. */
export const keptFromMs = (table: TableEntry, nowMs: number): number =>
  nowMs - table.memoryHours * MS_PER_HOUR - table.magneticDays * MS_PER_DAY;

/** Deletes what is older than its table's retention; answers how many records that were. Calls must not overlap writes. */
export async function deleteExpired(
  connection: DuckDBConnection,
  tables: readonly TableEntry[],
  nowMs: number,
): Promise<number> {
  let deleted = 0;
  for (const table of tables) {
    const fromMs = keptFromMs(table, nowMs);
    if (fromMs <= 0) continue;
    const result = await connection.run(
      `DELETE FROM ${physicalTable(table)} WHERE time < make_timestamp_ns(${BigInt(fromMs) * NS_PER_MS})`,
    );
    deleted += result.rowsChanged;
  }
  return deleted;
}
