import type { Expression, Query, QueryBody, Select, SelectItem, SortItem } from './ast.ts';
import { containsAggregate } from './ast-walk.ts';
import { sqlError } from './position.ts';
import { plainScope, sameName } from './scope.ts';
import type {
  CommonTables,
  KnownCommonTable,
  OutputColumn,
  Scope,
  ScopeColumn,
  StatementContext,
  TranslatedQuery,
} from './scope.ts';
import { translateSortItem } from './translate-call.ts';
import { translateCondition, translateExpression } from './translate-expression.ts';
import { translateRelation } from './translate-relation.ts';
import { coerce, commonType } from './types.ts';
import type { SqlType, Typed } from './types.ts';

/** What every query inside a statement can see. */
type Env = { statement: StatementContext; parent: Scope | undefined; commonTables: CommonTables };
/** A translated body; `orderTerm` finds the SQL of an ORDER BY expression. */
type Body = TranslatedQuery & { orderTerm: (expression: Expression) => string };

/** Translates a whole statement; the result's columns are `o0`, `o1`, …. */
export function translateStatement(query: Query, base: Pick<StatementContext, 'nowNs' | 'findTable'>): TranslatedQuery {
  let counter = 0;
  const statement: StatementContext = {
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
      ...column,
      name: columns[index]?.text ?? column.name,
    }));
    commonTables.set(name.text.toLowerCase(), { physical, columns: renamed });
  }
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

function translateSelect(select: Select, env: Env, orderBy: readonly SortItem[]): Body {
  const relation = select.from === undefined ? undefined : translateRelation(select.from, env);
  const scope = plainScope(env.statement, relation?.columns ?? [], env.commonTables, env.parent);
  const items = expandItems(select.items, scope.columns);
  const expressions = items.flatMap((item) => ('expression' in item ? [item.expression] : []));
  const keys = select.groupBy.map((node) => translateExpression(groupExpression(node, items), scope).sql);
  const isGrouped =
    keys.length > 0 ||
    select.having !== undefined ||
    [...expressions, ...orderBy.map((item) => item.expression)].some(containsAggregate);
  const outputScope: Scope = { ...scope, aggregates: 'allowed', groupKeys: isGrouped ? new Set(keys) : undefined };
  const outputs = items.map((item) => outputOf(item, outputScope));
  const where = select.where === undefined ? '' : ` WHERE ${translateCondition(select.where, scope, 'WHERE clause')}`;
  const having =
    select.having === undefined ? '' : ` HAVING ${translateCondition(select.having, outputScope, 'HAVING clause')}`;
  const columns = items.map((item, index): OutputColumn => ({
    name: item.name ?? `_col${index}`,
    type: outputs[index]?.type ?? 'unknown',
  }));
  const list = outputs.map(({ sql }, index) => `${sql} AS o${index}`).join(', ');
  const from = relation === undefined ? '' : ` FROM ${relation.sql}`;
  const grouping = keys.length > 0 ? ` GROUP BY ${keys.join(', ')}` : '';
  return {
    sql: `SELECT ${select.distinct ? 'DISTINCT ' : ''}${list}${from}${where}${grouping}${having}`,
    columns,
    orderTerm: (expression) => orderTermOf(expression, select, items, columns, outputs, outputScope),
  };
}

/** A select item after `*` is spread. */
type Item =
  { name: string | undefined; expression: Expression } | { name: string; column: ScopeColumn; at: Select['at'] };

function expandItems(items: readonly SelectItem[], columns: readonly ScopeColumn[]): Item[] {
  return items.flatMap((item): Item[] => {
    if (item.kind === 'expression') {
      const { expression, alias } = item;
      const ownName = expression.kind === 'column' ? expression.path.at(-1)?.text : undefined;
      return [{ name: alias?.text ?? ownName, expression }];
    }
    const { qualifier } = item;
    const chosen = columns.filter(
      (column) =>
        qualifier === undefined || (column.relation !== undefined && sameName(column.relation, qualifier.text)),
    );
    if (chosen.length === 0) {
      throw sqlError(
        item.at,
        qualifier === undefined
          ? 'SELECT * not allowed in queries without FROM clause'
          : `Table '${qualifier.text}' not found`,
      );
    }
    return chosen.map((column) => ({ name: column.name, column, at: item.at }));
  });
}

function outputOf(item: Item, scope: Scope): Typed {
  if ('expression' in item) return translateExpression(item.expression, scope);
  if (scope.groupKeys !== undefined && !scope.groupKeys.has(item.column.sql)) {
    throw sqlError(item.at, `'${item.column.name}' must be an aggregate expression or appear in GROUP BY clause`);
  }
  return { sql: item.column.sql, type: item.column.type };
}

/** GROUP BY 2 means the second item. */
function groupExpression(node: Expression, items: readonly Item[]): Expression {
  if (node.kind !== 'integer') return node;
  const item = items[Number(node.value) - 1];
  if (item === undefined) throw sqlError(node.at, `GROUP BY position ${node.value} is not in select list`);
  if ('expression' in item) return item.expression;
  const path = [item.column.relation, item.name]
    .filter((text) => text !== undefined)
    .map((text) => ({ text, at: item.at }));
  return { kind: 'column', path, at: node.at };
}

function orderTermOf(
  expression: Expression,
  select: Select,
  items: readonly Item[],
  columns: readonly OutputColumn[],
  outputs: readonly Typed[],
  scope: Scope,
): string {
  const position = ordinalOf(expression, columns);
  if (position !== undefined) return String(position);
  const aliases = new Map(
    items.flatMap((item) =>
      'expression' in item && item.name !== undefined ? [[item.name.toLowerCase(), item.expression] as const] : [],
    ),
  );
  const { sql } = translateExpression(expression, { ...scope, aliases });
  const same = outputs.findIndex((output) => output.sql === sql);
  if (same >= 0) return String(same + 1);
  if (select.distinct)
    throw sqlError(expression.at, 'For SELECT DISTINCT, ORDER BY expressions must appear in select list');
  return sql;
}

/** The position of the result column that the expression names, if it names one. */
function ordinalOf(expression: Expression, columns: readonly OutputColumn[]): number | undefined {
  if (expression.kind === 'integer') {
    const position = Number(expression.value);
    if (position < 1 || position > columns.length)
      throw sqlError(expression.at, `ORDER BY position ${position} is not in select list`);
    return position;
  }
  const [only] = expression.kind === 'column' && expression.path.length === 1 ? expression.path : [];
  if (only === undefined) return undefined;
  const matches = columns.flatMap((column, index) => (sameName(column.name, only.text) ? [index + 1] : []));
  if (matches.length > 1) throw sqlError(expression.at, `Column '${only.text}' is ambiguous`);
  return matches[0];
}
