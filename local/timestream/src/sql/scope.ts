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
};
/** A column of a query's result; in SQL it is `o<position>`. */
export type OutputColumn = { name: string; type: SqlType };
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
  aliases: undefined,
});

/** Finds a column here or in an enclosing query. */
export function resolveColumn(scope: Scope, path: readonly Name[]): Typed & { isOuter: boolean } {
  let isOuter = false;
  for (let current: Scope | undefined = scope; current !== undefined; current = current.parent) {
    const found = findIn(current.columns, path);
    if (found !== undefined) return { sql: found.sql, type: found.type, isOuter };
    isOuter = true;
  }
  const first = path[0];
  if (first === undefined) throw new Error('A column path is empty.');
  throw sqlError(first.at, `Column '${path.map((name) => name.text).join('.')}' does not exist`);
}

function findIn(columns: readonly ScopeColumn[], path: readonly Name[]): ScopeColumn | undefined {
  const [name, relation, database] = [...path].reverse();
  if (name === undefined || path.length > 3) return undefined;
  const candidates = columns.filter(
    (column) =>
      sameName(column.name, name.text) &&
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
