import type { Expression, Select, SelectItem, SortItem } from './ast.ts';
import { containsAggregate } from './ast-walk.ts';
import { sqlError } from './position.ts';
import { plainScope, resolveColumn, sameName } from './scope.ts';
import type {
  ColumnSource,
  CommonTables,
  OutputColumn,
  Scope,
  ScopeColumn,
  StatementContext,
  TranslatedQuery,
} from './scope.ts';
import { translateCondition, translateExpression } from './translate-expression.ts';
import { translateGroupBy } from './translate-group.ts';
import { translateRelation } from './translate-relation.ts';
import type { Typed } from './types.ts';

/** What every query inside a statement can see. */
export type Env = { statement: StatementContext; parent: Scope | undefined; commonTables: CommonTables };
/** A translated body; `orderTerm` finds the SQL of an ORDER BY expression. */
export type Body = TranslatedQuery & { orderTerm: (expression: Expression) => string };

// More would only be made to tire the server: select items multiply with every `*` of a `*`.
const MAX_COLUMNS = 2048;

/** Translates SELECT; `orderBy` is what its rows are ordered by, which may aggregate. */
export function translateSelect(select: Select, env: Env, orderBy: readonly SortItem[]): Body {
  const relation = select.from === undefined ? undefined : translateRelation(select.from, env);
  const scope = plainScope(env.statement, relation?.columns ?? [], env.commonTables, env.parent);
  const items = expandItems(select.items, scope.columns);
  const expressions = items.flatMap((item) => ('expression' in item ? [item.expression] : []));
  const groupBy =
    select.groupBy === undefined
      ? undefined
      : translateGroupBy(
          select.groupBy,
          select.at,
          (node) => translateExpression(groupExpression(node, items), scope).sql,
        );
  const isGrouped =
    groupBy !== undefined ||
    select.having !== undefined ||
    [...expressions, ...orderBy.map((item) => item.expression)].some(containsAggregate);
  const outputScope: Scope = {
    ...scope,
    aggregates: 'allowed',
    groupKeys: isGrouped ? new Set(groupBy?.keys) : undefined,
  };
  const outputs = items.map((item) => outputOf(item, outputScope));
  const where = select.where === undefined ? '' : ` WHERE ${translateCondition(select.where, scope, 'WHERE clause')}`;
  const having =
    select.having === undefined ? '' : ` HAVING ${translateCondition(select.having, outputScope, 'HAVING clause')}`;
  const columns = items.map((item, index): OutputColumn => ({
    name: item.name ?? `_col${index}`,
    type: outputs[index]?.type ?? 'unknown',
    source: sourceOf(item, scope),
    isAliased: 'expression' in item && item.isAliased,
  }));
  const list = outputs.map(({ sql }, index) => `${sql} AS o${index}`).join(', ');
  const from = relation === undefined ? '' : ` FROM ${relation.sql}`;
  const aliases = aliasesOf(items);
  return {
    sql: `SELECT ${select.distinct ? 'DISTINCT ' : ''}${list}${from}${where}${groupBy?.sql ?? ''}${having}`,
    columns,
    orderTerm: (expression) => orderTermOf(expression, select, columns, outputs, { ...outputScope, aliases }),
  };
}

/** A select item after `*` is spread. */
type Item =
  | { name: string | undefined; expression: Expression; isAliased: boolean }
  | { name: string; column: ScopeColumn; at: Select['at'] };

function expandItems(items: readonly SelectItem[], columns: readonly ScopeColumn[]): Item[] {
  let count = 0;
  return items.flatMap((item): Item[] => {
    count += item.kind === 'star' ? columns.length : 1;
    if (count > MAX_COLUMNS)
      throw sqlError(item.kind === 'star' ? item.at : item.expression.at, 'The query has too many columns');
    if (item.kind === 'expression') {
      const { expression, alias } = item;
      const ownName = expression.kind === 'column' ? expression.path.at(-1)?.text : undefined;
      return [{ name: alias?.text ?? ownName, expression, isAliased: alias !== undefined }];
    }
    const { qualifier } = item;
    const chosen = columns.filter(
      (column) =>
        (qualifier === undefined && column.isHidden !== true) ||
        (qualifier !== undefined && column.relation !== undefined && sameName(column.relation, qualifier.text)),
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

/** The table of the catalog that an item is a column of, when it is nothing more. */
function sourceOf(item: Item, scope: Scope): ColumnSource | undefined {
  if ('column' in item) return item.column.source;
  if (item.expression.kind !== 'column') return undefined;
  const found = resolveColumn(scope, item.expression.path);
  return found.fields.length === 0 ? found.source : undefined;
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

/** Select items by lower-case name. */
const aliasesOf = (items: readonly Item[]): Map<string, Expression> =>
  new Map(
    items.flatMap((item) =>
      'expression' in item && item.name !== undefined ? [[item.name.toLowerCase(), item.expression] as const] : [],
    ),
  );

function orderTermOf(
  expression: Expression,
  select: Select,
  columns: readonly OutputColumn[],
  outputs: readonly Typed[],
  scope: Scope,
): string {
  const position = ordinalOf(expression, columns);
  if (position !== undefined) return String(position);
  const { sql } = translateExpression(expression, scope);
  const same = outputs.findIndex((output) => output.sql === sql);
  if (same >= 0) return String(same + 1);
  if (select.distinct)
    throw sqlError(expression.at, 'For SELECT DISTINCT, ORDER BY expressions must appear in select list');
  return sql;
}

/** The position of the result column that the expression names, if it names one. */
export function ordinalOf(expression: Expression, columns: readonly OutputColumn[]): number | undefined {
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
