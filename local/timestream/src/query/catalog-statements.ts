import { validationError } from '../errors.ts';
import type { Name, Statement } from '../sql/ast.ts';
import { sqlError } from '../sql/position.ts';
import { physicalTable } from '../store/catalog.ts';
import type { TableEntry } from '../store/catalog.ts';
import type { Region } from '../store/region.ts';
import type { ColumnInfo, Datum } from './datum.ts';
import type { QueryResult } from './execute.ts';
import { sqlTypeOf } from './known-tables.ts';

type CatalogStatement = Exclude<Statement, { kind: 'query' }>;

const text = (value: string): Datum => ({ ScalarValue: value });
const varchar = (name: string): ColumnInfo => ({ Name: name, Type: { ScalarType: 'VARCHAR' } });
const result = (names: readonly string[], rows: readonly (readonly string[])[]): QueryResult => ({
  columns: names.map(varchar),
  rows: rows.map((row) => row.map(text)),
  scannedBytes: 0,
});

/** SHOW and DESCRIBE, answered from the catalog. */
export async function answerCatalogStatement(statement: CatalogStatement, region: Region): Promise<QueryResult> {
  switch (statement.kind) {
    case 'showDatabases':
      return result(
        ['Database'],
        matching([...region.catalog.databases.keys()].sort(), statement.like).map((name) => [name]),
      );
    case 'showTables': {
      const { database } = statement;
      if (database !== undefined && !region.catalog.databases.has(database.text)) {
        throw sqlError(database.at, `Database ${database.text} does not exist`);
      }
      const names = region.catalog.tablesOf(database?.text).map((table) => table.name);
      return result(
        ['Table'],
        matching(names, statement.like).map((name) => [name]),
      );
    }
    case 'describe':
      return describeTable(namedTable(statement.path, region));
    case 'showMeasures':
      return showMeasures(namedTable(statement.path, region), statement.like, region);
  }
}

function namedTable(path: readonly Name[], region: Region): TableEntry {
  const [database, name] = path;
  const table = region.catalog.table(database?.text ?? '', name?.text ?? '');
  if (database === undefined) throw validationError('A table name is missing.');
  if (table === undefined || path.length !== 2)
    throw sqlError(database.at, `Table ${path.map((part) => part.text).join('.')} does not exist`);
  return table;
}

function describeTable(table: TableEntry): QueryResult {
  const rowsOf = (kind: string, label: string): string[][] =>
    table.columns
      .filter((column) => column.kind === kind)
      .map((column) => [column.name, sqlTypeOf(column.type), label]);
  return result(
    ['Column', 'Type', 'Timestream attribute type'],
    [
      ...rowsOf('dimension', 'DIMENSION'),
      ['measure_name', 'varchar', 'MEASURE_NAME'],
      ['time', 'timestamp', 'TIMESTAMP'],
      ...rowsOf('measure_value', 'MEASURE_VALUE'),
      ...rowsOf('multi', 'MULTI'),
    ],
  );
}

async function showMeasures(table: TableEntry, like: string | undefined, region: Region): Promise<QueryResult> {
  const dimensions = table.columns.filter((column) => column.kind === 'dimension');
  const scalars = table.columns.filter((column) => column.kind === 'measure_value');
  const flags = [...scalars, ...dimensions].map((column) => `, bool_or(${column.physical} IS NOT NULL)`).join('');
  const rows = await region.withReader(async (connection) =>
    (
      await connection.runAndReadAll(
        `SELECT measure_name${flags} FROM ${physicalTable(table)} GROUP BY measure_name ORDER BY measure_name`,
      )
    ).getRows(),
  );
  const named = new Set(
    matching(
      rows.map((row) => String(row[0])),
      like,
    ),
  );
  const dimensionRow: ColumnInfo = { Type: { RowColumnInfo: [varchar('dimension_name'), varchar('data_type')] } };
  return {
    columns: [
      varchar('measure_name'),
      varchar('data_type'),
      { Name: 'dimensions', Type: { ArrayColumnInfo: dimensionRow } },
    ],
    rows: rows
      .filter((row) => named.has(String(row[0])))
      .map((row) => {
        const scalar = scalars.find((_, index) => row[1 + index] === true);
        const used = dimensions.filter((_, index) => row[1 + scalars.length + index] === true);
        return [
          text(String(row[0])),
          text(scalar === undefined ? 'multi' : sqlTypeOf(scalar.type)),
          { ArrayValue: used.map((column) => ({ RowValue: { Data: [text(column.name), text('varchar')] } })) },
        ];
      }),
    scannedBytes: 0,
  };
}

/** Names that match a LIKE pattern; `%` and `_` are the only special characters. */
function matching(names: readonly string[], like: string | undefined): string[] {
  return like === undefined ? [...names] : names.filter((name) => isLike(name, like));
}

/** Goes back only to the last `%`, so that no pattern takes long. */
function isLike(name: string, pattern: string): boolean {
  let [at, place, retryAt, retryPlace] = [0, 0, 0, -1];
  while (at < name.length) {
    const wanted = pattern.charAt(place);
    if (wanted === '%') {
      retryPlace = place;
      retryAt = at;
      place += 1;
    } else if (wanted !== '' && (wanted === '_' || wanted === name.charAt(at))) {
      at += 1;
      place += 1;
    } else if (retryPlace >= 0) {
      retryAt += 1;
      at = retryAt;
      place = retryPlace + 1;
    } else return false;
  }
  return /^%*$/.test(pattern.slice(place));
}
