import type { Alias, Relation } from './ast.ts';
import { sqlError } from './position.ts';
import { plainScope } from './scope.ts';
import type { CommonTables, Scope, ScopeColumn, StatementContext } from './scope.ts';
import { translateCondition, translateExpression } from './translate-expression.ts';
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
    }));
    return { sql: `${common.physical} AS ${name}`, columns: aliased(columns, relation.alias, first.text, undefined) };
  }
  const table = env.statement.findTable(first.text, second.text);
  if (table === undefined) throw sqlError(relation.at, `Table ${first.text}.${second.text} does not exist`);
  const columns = table.columns.map((column) => ({ ...column, sql: `${name}.${column.sql}` }));
  return { sql: `${table.sql} AS ${name}`, columns: aliased(columns, relation.alias, second.text, first.text) };
}

function translateUnnest(
  relation: Extract<Relation, { kind: 'unnest' }>,
  env: Env,
  left: readonly ScopeColumn[],
): TranslatedRelation {
  const scope = plainScope(env.statement, left, env.commonTables, env.parent);
  const name = env.statement.freshName('r');
  const arrays = relation.arrays.map((node) => {
    const { sql, type } = translateExpression(node, scope);
    if (typeof type !== 'object') throw sqlError(node.at, 'Cannot unnest a value that is not an array');
    return { sql, type: type.array };
  });
  const items = arrays.map(({ sql }, index) => `unnest(${sql}) AS o${index}`).join(', ');
  const columns = arrays.map(({ type }, index) => ({ name: `_col${index}`, sql: `${name}.o${index}`, type }));
  return { sql: `(SELECT ${items}) AS ${name}`, columns: aliased(columns, relation.alias, undefined, undefined) };
}

function translateJoin(
  relation: Extract<Relation, { kind: 'join' }>,
  env: Env,
  outer: readonly ScopeColumn[],
): TranslatedRelation {
  const left = translateRelation(relation.left, env, outer);
  const right = translateRelation(relation.right, env, [...outer, ...left.columns]);
  const columns = [...left.columns, ...right.columns];
  const scope = plainScope(env.statement, [...outer, ...columns], env.commonTables, env.parent);
  const on = relation.on === undefined ? '' : ` ON ${translateCondition(relation.on, scope, 'JOIN ON clause')}`;
  const rightSql = relation.right.kind === 'join' ? `(${right.sql})` : right.sql;
  return { sql: `${left.sql} ${relation.join.toUpperCase()} JOIN ${rightSql}${on}`, columns };
}

function aliased(
  columns: readonly { name: string; sql: string; type: SqlType }[],
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
