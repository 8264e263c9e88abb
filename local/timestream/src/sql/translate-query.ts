import type { Query, QueryBody, SortItem } from './ast.ts';
import { sqlError } from './position.ts';
import { plainScope } from './scope.ts';
import type { KnownCommonTable, OutputColumn, StatementContext, TranslatedQuery } from './scope.ts';
import { translateSortItem } from './translate-window.ts';
import { translateExpression } from './translate-expression.ts';
import { ordinalOf, translateSelect } from './translate-select.ts';
import type { Body, Env } from './translate-select.ts';
import { coerce, commonType } from './types.ts';
import type { SqlType } from './types.ts';

/** What a statement is translated with; with `parameters` it may have named ones, which it fills in. */
export type StatementBase = Pick<StatementContext, 'nowNs' | 'findTable'> & {
  parameters?: StatementContext['parameters'];
};

// More would only be made to tire the server.
const MAX_SORT_ITEMS = 512;

/** Translates a whole statement; the result's columns are `o0`, `o1`, …. */
export function translateStatement(query: Query, base: StatementBase): TranslatedQuery {
  let counter = 0;
  const statement: StatementContext = {
    parameters: undefined,
    ...base,
    freshName: (prefix) => {
      counter += 1;
      return `${prefix}${counter}`;
    },
    translateQuery: (inner, parent, commonTables) => translateQuery(inner, { statement, parent, commonTables }),
  };
  return translateQuery(query, { statement, parent: undefined, commonTables: new Map() });
}

function translateQuery(query: Query, outer: Env): TranslatedQuery {
  const commonTables = new Map<string, KnownCommonTable>(outer.commonTables);
  const definitions: string[] = [];
  const env: Env = { ...outer, commonTables };
  for (const { name, columns, query: inner } of query.with) {
    const translated = translateQuery(inner, env);
    if (columns.length > 0 && columns.length !== translated.columns.length) {
      throw sqlError(
        name.at,
        `Column alias list has ${columns.length} entries but relation has ${translated.columns.length} columns`,
      );
    }
    const physical = env.statement.freshName('w');
    definitions.push(`${physical} AS (${translated.sql})`);
    const renamed = translated.columns.map((column, index) => ({
      name: columns[index]?.text ?? column.name,
      type: column.type,
      source: columns.length > 0 ? undefined : column.source,
    }));
    commonTables.set(name.text.toLowerCase(), { physical, columns: renamed });
  }
  const excess = query.orderBy[MAX_SORT_ITEMS];
  if (excess !== undefined) throw sqlError(excess.expression.at, 'ORDER BY has too many items');
  const body = translateBody(query.body, env, query.orderBy);
  const parts = [body.sql];
  if (definitions.length > 0) parts.unshift(`WITH ${definitions.join(', ')}`);
  if (query.orderBy.length > 0) {
    parts.push(
      `ORDER BY ${query.orderBy.map((item) => translateSortItem(item, body.orderTerm(item.expression))).join(', ')}`,
    );
  }
  if (query.limit !== undefined) parts.push(`LIMIT ${query.limit}`);
  return { sql: parts.join(' '), columns: body.columns };
}

function translateBody(body: QueryBody, env: Env, orderBy: readonly SortItem[]): Body {
  switch (body.kind) {
    case 'select':
      return translateSelect(body, env, orderBy);
    case 'nested': {
      const inner = translateQuery(body.query, env);
      return namedOrder(`SELECT * FROM (${inner.sql}) AS ${env.statement.freshName('r')}`, inner.columns);
    }
    case 'values':
      return translateValues(body, env);
    case 'set': {
      const left = translateBody(body.left, env, []);
      const right = translateBody(body.right, env, []);
      const columns = unifyColumns(body, left.columns, right.columns);
      const operator = `${body.operator.toUpperCase()}${body.all ? ' ALL' : ''}`;
      const side = (part: Body): string => {
        const relation = env.statement.freshName('r');
        const items = columns.map(({ type }, index) => {
          const from: SqlType = part.columns[index]?.type ?? 'unknown';
          return `${coerce({ sql: `${relation}.o${index}`, type: from }, type)} AS o${index}`;
        });
        return `SELECT ${items.join(', ')} FROM (${part.sql}) AS ${relation}`;
      };
      return namedOrder(`${side(left)} ${operator} ${side(right)}`, columns, env);
    }
  }
}

function unifyColumns(
  body: Extract<QueryBody, { kind: 'set' }>,
  left: readonly OutputColumn[],
  right: readonly OutputColumn[],
): OutputColumn[] {
  const name = body.operator.toUpperCase();
  if (left.length !== right.length)
    throw sqlError(body.at, `${name} query has different number of fields: ${left.length}, ${right.length}`);
  return left.map((column, index) => {
    const type = commonType(column.type, right[index]?.type ?? 'unknown');
    if (type === undefined) throw sqlError(body.at, `column ${index + 1} in ${name} query has incompatible types`);
    return { name: column.name, type };
  });
}

/** A body whose ORDER BY can only name its columns. The subselect keeps the order apart from the set operation. */
function namedOrder(sql: string, columns: readonly OutputColumn[], env?: Env): Body {
  return {
    sql: env === undefined ? sql : `SELECT * FROM (${sql}) AS ${env.statement.freshName('r')}`,
    columns,
    orderTerm: (expression) => {
      const position = ordinalOf(expression, columns);
      if (position !== undefined) return String(position);
      throw sqlError(expression.at, 'ORDER BY here can only name columns of the result');
    },
  };
}

function translateValues(body: Extract<QueryBody, { kind: 'values' }>, env: Env): Body {
  const scope = plainScope(env.statement, [], env.commonTables, env.parent);
  const rows = body.rows.map((row) => row.map((node) => translateExpression(node, scope)));
  const types = (rows[0] ?? []).map((_, index) =>
    rows.reduce<SqlType>((type, row) => {
      const common = commonType(type, row[index]?.type ?? 'unknown');
      if (common === undefined || row.length !== rows[0]?.length)
        throw sqlError(body.at, 'Values rows have mismatched types');
      return common;
    }, 'unknown'),
  );
  const tuples = rows.map(
    (row) => `(${row.map((value, index) => coerce(value, types[index] ?? 'unknown')).join(', ')})`,
  );
  const names = types.map((_, index) => `o${index}`).join(', ');
  const relation = env.statement.freshName('r');
  return namedOrder(
    `SELECT * FROM (VALUES ${tuples.join(', ')}) AS ${relation}(${names})`,
    types.map((type, index) => ({ name: `_col${index}`, type })),
  );
}
