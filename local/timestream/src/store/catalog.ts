import type { DuckDBConnection } from '@duckdb/node-api';

/** Types that a stored column can have. */
export type StoredType = 'VARCHAR' | 'BIGINT' | 'DOUBLE' | 'BOOLEAN' | 'TIMESTAMP';
/** What a column is to Timestream: a dimension, a measure of a MULTI record, or `measure_value::<type>`. */
export type ColumnKind = 'dimension' | 'multi' | 'measure_value';
/** A column that some record brought; `physical` is its name in DuckDB. */
export type Column = { name: string; physical: string; kind: ColumnKind; type: StoredType };
/** One key of the customer-defined partition key. */
export type PartitionKey = {
  Type: 'DIMENSION' | 'MEASURE';
  Name?: string;
  EnforcementInRecord?: 'REQUIRED' | 'OPTIONAL';
};
/** Resource tags. */
export type Tag = { Key: string; Value: string };

/** A database, as kept in the catalog. */
export type DatabaseEntry = { name: string; createdMs: number; updatedMs: number; kmsKeyId: string; tags: Tag[] };

/** A table, as kept in the catalog. `dropped` tells writers that still hold the entry. */
export type TableEntry = {
  id: number;
  database: string;
  name: string;
  createdMs: number;
  updatedMs: number;
  memoryHours: number;
  magneticDays: number;
  magneticWrites: boolean;
  magneticLocation: unknown;
  partitionKeys: PartitionKey[];
  tags: Tag[];
  columns: Column[];
  dropped: boolean;
};

/** Settings of the account, per region as in the service. */
export type AccountSettings = { maxQueryTcu: number; queryPricingModel: 'BYTES_SCANNED' | 'COMPUTE_UNITS' };

/** What a new account begins with. */
const NEW_ACCOUNT: AccountSettings = { maxQueryTcu: 200, queryPricingModel: 'COMPUTE_UNITS' };

type TableBody = Omit<TableEntry, 'id' | 'database' | 'name' | 'columns' | 'dropped'>;

const SCHEMA = `
  CREATE SCHEMA IF NOT EXISTS catalog;
  CREATE TABLE IF NOT EXISTS catalog.databases (name VARCHAR, body VARCHAR);
  CREATE TABLE IF NOT EXISTS catalog.tables (id INTEGER, database_name VARCHAR, name VARCHAR, body VARCHAR);
  CREATE TABLE IF NOT EXISTS catalog.columns (table_id INTEGER, ordinal INTEGER, name VARCHAR, kind VARCHAR, type VARCHAR);
  CREATE TABLE IF NOT EXISTS catalog.account_settings (body VARCHAR);
`;

/** The DuckDB table that holds the records of a Timestream table. */
export const physicalTable = (table: TableEntry): string => `records_${table.id}`;

/** DuckDB's name of a stored type. */
export const duckType = (type: StoredType): string => (type === 'TIMESTAMP' ? 'TIMESTAMP_NS' : type);

/** Databases, tables and columns of one region: a mirror in memory of three DuckDB tables. Calls must not overlap. */
export class Catalog {
  readonly databases = new Map<string, DatabaseEntry>();
  private readonly tables = new Map<string, TableEntry>();
  private settings = NEW_ACCOUNT;
  private readonly connection: DuckDBConnection;
  private nextTableId = 1;

  private constructor(connection: DuckDBConnection) {
    this.connection = connection;
  }

  static async open(connection: DuckDBConnection): Promise<Catalog> {
    await connection.run(SCHEMA);
    const catalog = new Catalog(connection);
    const [settings] = await catalog.read('SELECT body FROM catalog.account_settings');
    if (settings !== undefined) catalog.settings = JSON.parse(String(settings[0])) as AccountSettings;
    for (const row of await catalog.read('SELECT name, body FROM catalog.databases')) {
      const body = JSON.parse(String(row[1])) as Omit<DatabaseEntry, 'name'>;
      catalog.databases.set(String(row[0]), { name: String(row[0]), ...body });
    }
    for (const row of await catalog.read('SELECT id, database_name, name, body FROM catalog.tables ORDER BY id')) {
      const body = JSON.parse(String(row[3])) as TableBody;
      const entry: TableEntry = {
        id: Number(row[0]),
        database: String(row[1]),
        name: String(row[2]),
        columns: [],
        dropped: false,
        ...body,
      };
      catalog.tables.set(tableKey(entry.database, entry.name), entry);
      catalog.nextTableId = Math.max(catalog.nextTableId, entry.id + 1);
      for (const [ordinal, name, kind, type] of await catalog.read(
        `SELECT ordinal, name, kind, type FROM catalog.columns WHERE table_id = ${entry.id} ORDER BY ordinal`,
      )) {
        entry.columns.push({
          name: String(name),
          physical: `c${Number(ordinal)}`,
          kind: kind as ColumnKind,
          type: type as StoredType,
        });
      }
    }
    return catalog;
  }

  get accountSettings(): AccountSettings {
    return this.settings;
  }

  async putAccountSettings(settings: AccountSettings): Promise<void> {
    await this.transaction(async () => {
      await this.connection.run('DELETE FROM catalog.account_settings');
      await this.connection.run('INSERT INTO catalog.account_settings VALUES ($1)', [JSON.stringify(settings)]);
    });
    this.settings = settings;
  }

  table(database: string, name: string): TableEntry | undefined {
    return this.tables.get(tableKey(database, name));
  }

  get tableCount(): number {
    return this.tables.size;
  }

  tablesOf(database?: string): TableEntry[] {
    const all = [...this.tables.values()].filter((table) => database === undefined || table.database === database);
    return all.sort((a, b) => compareText(a.database, b.database) || compareText(a.name, b.name));
  }

  async putDatabase(entry: DatabaseEntry): Promise<void> {
    const { name, ...body } = entry;
    await this.transaction(async () => {
      await this.connection.run('DELETE FROM catalog.databases WHERE name = $1', [name]);
      await this.connection.run('INSERT INTO catalog.databases VALUES ($1, $2)', [name, JSON.stringify(body)]);
    });
    this.databases.set(name, entry);
  }

  async dropDatabase(name: string): Promise<void> {
    await this.connection.run('DELETE FROM catalog.databases WHERE name = $1', [name]);
    this.databases.delete(name);
  }

  async createTable(attributes: Omit<TableEntry, 'id' | 'columns' | 'dropped'>): Promise<TableEntry> {
    const entry: TableEntry = { ...attributes, id: this.nextTableId, columns: [], dropped: false };
    await this.transaction(async () => {
      await this.connection.run(
        `CREATE TABLE ${physicalTable(entry)} (series BIGINT, digest BIGINT, version BIGINT, time TIMESTAMP_NS, measure_name VARCHAR)`,
      );
      await this.insertTable(entry);
    });
    this.nextTableId += 1;
    this.tables.set(tableKey(entry.database, entry.name), entry);
    return entry;
  }

  async updateTable(entry: TableEntry, changes: Partial<TableBody>): Promise<void> {
    const changed = { ...entry, ...changes };
    await this.transaction(async () => {
      await this.connection.run('DELETE FROM catalog.tables WHERE id = $1', [entry.id]);
      await this.insertTable(changed);
    });
    Object.assign(entry, changes);
  }

  async dropTable(entry: TableEntry): Promise<void> {
    await this.transaction(async () => {
      await this.connection.run(`DROP TABLE ${physicalTable(entry)}`);
      await this.connection.run('DELETE FROM catalog.columns WHERE table_id = $1', [entry.id]);
      await this.connection.run('DELETE FROM catalog.tables WHERE id = $1', [entry.id]);
    });
    entry.dropped = true;
    this.tables.delete(tableKey(entry.database, entry.name));
  }

  async addColumns(entry: TableEntry, added: readonly Omit<Column, 'physical'>[]): Promise<void> {
    const columns = added.map((column, index) => ({ ...column, physical: `c${entry.columns.length + index}` }));
    await this.transaction(async () => {
      for (const [index, column] of columns.entries()) {
        await this.connection.run(
          `ALTER TABLE ${physicalTable(entry)} ADD COLUMN ${column.physical} ${duckType(column.type)}`,
        );
        await this.connection.run('INSERT INTO catalog.columns VALUES ($1, $2, $3, $4, $5)', [
          entry.id,
          entry.columns.length + index,
          column.name,
          column.kind,
          column.type,
        ]);
      }
    });
    entry.columns.push(...columns);
  }

  private async insertTable(entry: TableEntry): Promise<void> {
    const { id, database, name, columns: _columns, dropped: _dropped, ...body } = entry;
    await this.connection.run('INSERT INTO catalog.tables VALUES ($1, $2, $3, $4)', [
      id,
      database,
      name,
      JSON.stringify(body),
    ]);
  }

  private async read(sql: string): Promise<unknown[][]> {
    return (await this.connection.runAndReadAll(sql)).getRows();
  }

  private async transaction(work: () => Promise<void>): Promise<void> {
    await inTransaction(this.connection, work);
  }
}

/** Runs `work` between BEGIN and COMMIT; rolls back and rethrows when it fails. */
export async function inTransaction(connection: DuckDBConnection, work: () => Promise<void>): Promise<void> {
  await connection.run('BEGIN TRANSACTION');
  try {
    await work();
  } catch (error) {
    await connection.run('ROLLBACK');
    throw error;
  }
  await connection.run('COMMIT');
}

const tableKey = (database: string, table: string): string => `${database}\u0000${table}`;

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
