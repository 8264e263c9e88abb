import type { Expression, Name, Query } from './ast.ts';
import { sqlError } from './position.ts';
import type { SqlType, Typed } from './types.ts';

/** A column that can be named. */
export type ScopeColumn = {
  database?: string | undefined;
  relation: string | undefined;
  name: string;
  sql: string;
  type: SqlType;
  /** The table of the catalog that it is a column of. */
  source?: ColumnSource | undefined;
  /** A side of USING: it is there when its relation is named, and not in `*`. */
  isHidden?: boolean;
};
/** A column of a table of the catalog. */
export type ColumnSource = { database: string; table: string };
/** A column of a query's result; in SQL it is `o<position>`. */
export type OutputColumn = { name: string; type: SqlType; source?: ColumnSource | undefined; isAliased?: boolean };
/** A translated query. */
export type TranslatedQuery = { sql: string; columns: readonly OutputColumn[] };
/** A CTE that can be named. */
export type KnownCommonTable = { physical: string; columns: readonly OutputColumn[] };

/** A table of the catalog, as the translator needs it: columns in the order of `SELECT *`. */
export type KnownTable = { sql: string; columns: readonly { name: string; sql: string; type: SqlType }[] };

/** What is the same for a whole statement. */
export type StatementContext = {
  nowNs: bigint;
  findTable: (database: string, table: string) => KnownTable | undefined;
  freshName: (prefix: string) => string;
  /** Named parameters and the types found for them; undefined when the query is to be run, which takes none. */
  parameters: Map<string, SqlType> | undefined;
  translateQuery: (query: Query, parent: Scope | undefined, commonTables: CommonTables) => TranslatedQuery;
};
/** CTEs by lower-case name. */
export type CommonTables = ReadonlyMap<string, KnownCommonTable>;

/** Where an expression stands. */
export type Scope = {
  statement: StatementContext;
  columns: readonly ScopeColumn[];
  commonTables: CommonTables;
  parent: Scope | undefined;
  /** SQL of the GROUP BY expressions, when only these and aggregates may be used. */
  groupKeys: ReadonlySet<string> | undefined;
  /** Whether aggregates may stand here; otherwise what to say. */
  aggregates: 'allowed' | 'forbidden';
  /** Parameters of the lambdas around, innermost first. */
  locals: readonly { name: string; value: Typed }[];
  /** Select items by lower-case alias, for ORDER BY. */
  aliases: ReadonlyMap<string, Expression> | undefined;
};

/** A scope without grouping or aliases. */
export const plainScope = (
  statement: StatementContext,
  columns: readonly ScopeColumn[],
  commonTables: CommonTables,
  parent: Scope | undefined,
): Scope => ({
  statement,
  columns,
  commonTables,
  parent,
  groupKeys: undefined,
  aggregates: 'forbidden',
  locals: [],
  aliases: undefined,
});

/** A column, and how the path goes on into the fields of a row. */
export type FoundColumn = Typed & { isOuter: boolean; source: ColumnSource | undefined; fields: readonly Name[] };

/** Finds a column here or in an enclosing query. */
export function resolveColumn(scope: Scope, path: readonly Name[]): FoundColumn {
  const [first, ...rest] = path;
  if (first === undefined) throw new Error('A column path is empty.');
  const local = scope.locals.find(({ name }) => sameName(name, first.text));
  if (local !== undefined) return { ...local.value, isOuter: true, source: undefined, fields: rest };
  let isOuter = false;
  for (let current: Scope | undefined = scope; current !== undefined; current = current.parent) {
    // The longest path that is a column wins; what follows it are fields.
    for (let length = Math.min(path.length, MAX_PATH); length > 0; length -= 1) {
      const found = findIn(current.columns, path.slice(0, length));
      if (found !== undefined)
        return { sql: found.sql, type: found.type, isOuter, source: found.source, fields: path.slice(length) };
    }
    isOuter = true;
  }
  throw sqlError(first.at, `Column '${path.map((name) => name.text).join('.')}' does not exist`);
}

// database.table.column
const MAX_PATH = 3;

function findIn(columns: readonly ScopeColumn[], path: readonly Name[]): ScopeColumn | undefined {
  const [name, relation, database] = [...path].reverse();
  if (name === undefined) return undefined;
  const candidates = columns.filter(
    (column) =>
      sameName(column.name, name.text) &&
      (relation !== undefined || column.isHidden !== true) &&
      (relation === undefined || (column.relation !== undefined && sameName(column.relation, relation.text))) &&
      (database === undefined || (column.database !== undefined && sameName(column.database, database.text))),
  );
  const exact = candidates.filter((column) => column.name === name.text);
  const matches = exact.length > 0 ? exact : candidates;
  if (matches.length > 1) throw sqlError(name.at, `Column '${name.text}' is ambiguous`);
  return matches[0];
}

/** Names are compared without regard to case. */
export const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
