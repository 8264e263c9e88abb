import type { DuckDBConnection } from '@duckdb/node-api';
import { physicalTable } from '../store/catalog.ts';
import type { TableEntry } from '../store/catalog.ts';

/** The different measure names of tables that are written to. Names of expired records count until a restart. */
export class MeasureNames {
  private readonly connection: DuckDBConnection;
  private readonly byTable = new Map<number, Set<string>>();

  constructor(connection: DuckDBConnection) {
    this.connection = connection;
  }

  /** The names of one table, to which accepted ones are to be added. */
  async of(table: TableEntry): Promise<Set<string>> {
    const known = this.byTable.get(table.id);
    if (known !== undefined) return known;
    const stored = await this.connection.runAndReadAll(`SELECT DISTINCT measure_name FROM ${physicalTable(table)}`);
    const names = new Set(stored.getRows().map(([name]) => String(name)));
    this.byTable.set(table.id, names);
    return names;
  }

  clear(): void {
    this.byTable.clear();
  }
}
