import type { KnownTable } from '../sql/scope.ts';
import type { ScalarType } from '../sql/types.ts';
import { physicalTable } from '../store/catalog.ts';
import type { Catalog, Column, StoredType, TableEntry } from '../store/catalog.ts';

const SQL_TYPES: Record<StoredType, ScalarType> = {
  VARCHAR: 'varchar',
  BIGINT: 'bigint',
  DOUBLE: 'double',
  BOOLEAN: 'boolean',
  TIMESTAMP: 'timestamp',
};

/** The query type of a stored type. */
export const sqlTypeOf = (type: StoredType): ScalarType => SQL_TYPES[type];

/** A table of the catalog as the translator sees it, its columns in the order of `SELECT *`. */
export function findTable(catalog: Catalog, database: string, name: string): KnownTable | undefined {
  const table = catalog.table(database, name);
  return table === undefined ? undefined : { sql: physicalTable(table), columns: visibleColumns(table) };
}

/** Dimensions, measure_name, time, then measures. */
export function visibleColumns(table: TableEntry): KnownTable['columns'] {
  const ofKind = (kind: Column['kind']): KnownTable['columns'] =>
    table.columns
      .filter((column) => column.kind === kind)
      .map((column) => ({ name: column.name, sql: column.physical, type: sqlTypeOf(column.type) }));
  return [
    ...ofKind('dimension'),
    { name: 'measure_name', sql: 'measure_name', type: 'varchar' },
    { name: 'time', sql: 'time', type: 'timestamp' },
    ...ofKind('measure_value'),
    ...ofKind('multi'),
  ];
}
