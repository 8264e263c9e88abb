import type { Alias, JoinKind, Name, Relation } from './ast.ts';
import { sqlError } from './position.ts';
import { plainScope, sameName } from './scope.ts';
import type { CommonTables, Scope, ScopeColumn, StatementContext } from './scope.ts';
import { translateCondition, translateExpression } from './translate-expression.ts';
import { coerce, commonType, elementOf, fieldsOf } from './types.ts';
import type { SqlType } from './types.ts';

type Env = { statement: StatementContext; parent: Scope | undefined; commonTables: CommonTables };
/** A relation in SQL, with the columns that it brings. */
export type TranslatedRelation = { sql: string; columns: readonly ScopeColumn[] };

/** Translates what stands in FROM. `left` are the columns that a lateral item can see. */
export function translateRelation(relation: Relation, env: Env, left: readonly ScopeColumn[] = []): TranslatedRelation {
  switch (relation.kind) {
    case 'table':
      return translateTable(relation, env);
    case 'derived': {
      const inner = env.statement.translateQuery(relation.query, env.parent, env.commonTables);
      const name = env.statement.freshName('r');
      const columns = inner.columns.map((column, index) => ({
        name: column.name,
        sql: `${name}.o${index}`,
        type: column.type,
        source: column.source,
      }));
      return { sql: `(${inner.sql}) AS ${name}`, columns: aliased(columns, relation.alias, undefined, undefined) };
    }
    case 'unnest':
      return translateUnnest(relation, env, left);
    case 'join':
      return translateJoin(relation, env, left);
  }
}

function translateTable(relation: Extract<Relation, { kind: 'table' }>, env: Env): TranslatedRelation {
  const [first, second] = relation.path;
  if (first === undefined || relation.path.length > 2)
    throw sqlError(relation.at, `Table ${relation.path.map((part) => part.text).join('.')} does not exist`);
  const name = env.statement.freshName('r');
  if (second === undefined) {
    const common = env.commonTables.get(first.text.toLowerCase());
    if (common === undefined)
      throw sqlError(relation.at, `Table ${first.text} does not exist: name it as "database"."table"`);
    const columns = common.columns.map((column, index) => ({
      name: column.name,
      sql: `${name}.o${index}`,
      type: column.type,
      source: column.source,
    }));
    return { sql: `${common.physical} AS ${name}`, columns: aliased(columns, relation.alias, first.text, undefined) };
  }
  const table = env.statement.findTable(first.text, second.text);
  if (table === undefined) throw sqlError(relation.at, `Table ${first.text}.${second.text} does not exist`);
  const source = { database: first.text, table: second.text };
  const columns = table.columns.map((column) => ({ ...column, sql: `${name}.${column.sql}`, source }));
  return { sql: `${table.sql} AS ${name}`, columns: aliased(columns, relation.alias, second.text, first.text) };
}

function translateUnnest(
  relation: Extract<Relation, { kind: 'unnest' }>,
  env: Env,
  left: readonly ScopeColumn[],
): TranslatedRelation {
  const scope = plainScope(env.statement, left, env.commonTables, env.parent);
  const name = env.statement.freshName('r');
  const unnested: string[] = [];
  const items: { name?: string | undefined; sql: string; type: SqlType }[] = [];
  const column = env.statement.freshName('r');
  for (const [index, node] of relation.arrays.entries()) {
    const { sql, type } = translateExpression(node, scope);
    const item = elementOf(type);
    if (item === undefined) throw sqlError(node.at, 'Cannot unnest a value that is not an array or timeseries');
    unnested.push(`unnest(${sql}) AS u${index}`);
    // Rows are spread over as many columns as they have fields.
    const fields = fieldsOf(item)?.map((field, place) => ({ ...field, sql: `${column}.u${index}.f${place}` }));
    items.push(...(fields ?? [{ sql: `${column}.u${index}`, type: item }]));
  }
  const list = items.map(({ sql }, index) => `${sql} AS o${index}`).join(', ');
  const columns = items.map((item, index) => ({
    name: item.name ?? `_col${index}`,
    sql: `${name}.o${index}`,
    type: item.type,
  }));
  return {
    sql: `(SELECT ${list} FROM (SELECT ${unnested.join(', ')}) AS ${column}) AS ${name}`,
    columns: aliased(columns, relation.alias, undefined, undefined),
  };
}

function translateJoin(
  relation: Extract<Relation, { kind: 'join' }>,
  env: Env,
  outer: readonly ScopeColumn[],
): TranslatedRelation {
  const left = translateRelation(relation.left, env, outer);
  const right = translateRelation(relation.right, env, [...outer, ...left.columns]);
  const rightSql = relation.right.kind === 'join' ? `(${right.sql})` : right.sql;
  const joined = `${left.sql} ${relation.join.toUpperCase()} JOIN ${rightSql}`;
  if (relation.using.length > 0) {
    const { on, columns } = joinUsing(relation.join, relation.using, left.columns, right.columns);
    return { sql: `${joined} ON ${on}`, columns };
  }
  const columns = [...left.columns, ...right.columns];
  const scope = plainScope(env.statement, [...outer, ...columns], env.commonTables, env.parent);
  const on = relation.on === undefined ? '' : ` ON ${translateCondition(relation.on, scope, 'JOIN ON clause')}`;
  return { sql: `${joined}${on}`, columns };
}

/** The columns of USING come once, before all others. */
function joinUsing(
  join: JoinKind,
  names: readonly Name[],
  left: readonly ScopeColumn[],
  right: readonly ScopeColumn[],
): { on: string; columns: ScopeColumn[] } {
  const conditions: string[] = [];
  const merged: ScopeColumn[] = [];
  const used = new Set<ScopeColumn>();
  for (const name of names) {
    const [a, b] = [sideColumn(left, name), sideColumn(right, name)];
    const type = commonType(a.type, b.type);
    if (type === undefined) throw sqlError(name.at, `Column '${name.text}' of USING has types that cannot be compared`);
    const [aSql, bSql] = [coerce(a, type), coerce(b, type)];
    conditions.push(`${aSql} = ${bSql}`);
    const sql = join === 'full' ? `coalesce(${aSql}, ${bSql})` : join === 'right' ? bSql : aSql;
    merged.push({ relation: undefined, name: a.name, sql, type });
    used.add(a).add(b);
  }
  const others = [...left, ...right].map((column) => (used.has(column) ? { ...column, isHidden: true } : column));
  return { on: conditions.join(' AND '), columns: [...merged, ...others] };
}

function sideColumn(columns: readonly ScopeColumn[], name: Name): ScopeColumn {
  const found = columns.filter((column) => column.isHidden !== true && sameName(column.name, name.text));
  const [only] = found;
  if (only === undefined) throw sqlError(name.at, `Column '${name.text}' of USING is missing on one side of the join`);
  if (found.length > 1) throw sqlError(name.at, `Column '${name.text}' is ambiguous`);
  return only;
}

function aliased(
  columns: readonly Omit<ScopeColumn, 'relation'>[],
  alias: Alias | undefined,
  ownName: string | undefined,
  database: string | undefined,
): ScopeColumn[] {
  const names = alias?.columns ?? [];
  if (alias !== undefined && names.length > 0 && names.length !== columns.length) {
    throw sqlError(
      alias.name.at,
      `Column alias list has ${names.length} entries but relation has ${columns.length} columns available`,
    );
  }
  return columns.map((column, index) => ({
    ...column,
    name: names[index]?.text ?? column.name,
    relation: alias?.name.text ?? ownName,
    database: alias === undefined ? database : undefined,
  }));
}
