import type { BinaryOperator, Expression, Query } from './ast.ts';
import { typedLiteral } from './casts.ts';
import { comparableType, conditionSql } from './operators.ts';
import { sqlError } from './position.ts';
import type { Position } from './position.ts';
import type { Scope, TranslatedQuery } from './scope.ts';
import { coerce, quoteText, typeText } from './types.ts';
import type { SqlType, Typed } from './types.ts';

/** Translates an expression. */
type Translate = (node: Expression, scope: Scope) => Typed;
type Predicate = Extract<
  Expression,
  {
    kind:
      'logical' | 'not' | 'isNull' | 'distinctFrom' | 'between' | 'in' | 'inQuery' | 'quantified' | 'like' | 'exists';
  }
>;

/** Translates a condition; `translate` is the translator of expressions. */
export function translatePredicate(node: Predicate, scope: Scope, translate: Translate): Typed {
  return { sql: predicateSql(node, scope, translate), type: 'boolean' };
}

function predicateSql(node: Predicate, scope: Scope, translate: Translate): string {
  switch (node.kind) {
    case 'logical': {
      // One list of terms: DuckDB limits how deep an expression may be.
      const terms = node.terms.map((term) => conditionSql(translate(term, scope), term.at, 'Logical expression term'));
      return `(${terms.join(` ${node.operator.toUpperCase()} `)})`;
    }
    case 'not':
      return `(NOT ${conditionSql(translate(node.operand, scope), node.operand.at, 'Value of logical NOT expression')})`;
    case 'isNull':
      return `(${translate(node.operand, scope).sql} IS ${node.negated ? 'NOT ' : ''}NULL)`;
    case 'distinctFrom': {
      const [left, right] = alignTypes(node.left, node.right, scope, translate);
      const type = comparableType('IS DISTINCT FROM', left, right, node.at);
      return `(${coerce(left, type)} IS ${node.negated ? 'NOT ' : ''}DISTINCT FROM ${coerce(right, type)})`;
    }
    case 'exists':
      return `EXISTS (${subquery(node.query, scope, node.at).sql})`;
    case 'inQuery':
      return membership(node, node.negated ? 'NOT IN' : 'IN', scope, translate);
    case 'quantified':
      return membership(node, `${node.operator} ${node.quantifier.toUpperCase()}`, scope, translate, node.operator);
    case 'like':
      return likeSql(node, scope, translate);
    case 'between':
    case 'in':
      return comparisonSql(node, scope, translate);
  }
}

function subquery(query: Query, scope: Scope, at: Position): TranslatedQuery {
  if (scope.locals.length > 0) throw sqlError(at, 'Lambda expression cannot contain subqueries');
  return scope.statement.translateQuery(query, scope, scope.commonTables);
}

function membership(
  node: Extract<Predicate, { kind: 'inQuery' | 'quantified' }>,
  words: string,
  scope: Scope,
  translate: Translate,
  operator: BinaryOperator | 'IN' = 'IN',
): string {
  const operand = translate(node.operand, scope);
  const query = subquery(node.query, scope, node.at);
  const [only] = query.columns;
  if (only === undefined || query.columns.length !== 1)
    throw sqlError(node.at, `The subquery of ${operator} must have one column.`);
  const type = comparableType(operator, operand, { sql: '', type: only.type }, node.at);
  const name = scope.statement.freshName('r');
  const inner =
    only.type === type
      ? query.sql
      : `SELECT ${coerce({ sql: `${name}.o0`, type: only.type }, type)} FROM (${query.sql}) AS ${name}`;
  return `(${coerce(operand, type)} ${words} (${inner}))`;
}

function likeSql(node: Extract<Predicate, { kind: 'like' }>, scope: Scope, translate: Translate): string {
  const operand = translate(node.operand, scope);
  const pattern = translate(node.pattern, scope);
  for (const side of [operand, pattern]) {
    if (side.type !== 'varchar' && side.type !== 'unknown') {
      throw sqlError(
        node.at,
        `Left side of LIKE expression must evaluate to a varchar (actual: ${typeText(side.type)})`,
      );
    }
  }
  const { escape } = node;
  if (escape !== undefined && (escape.kind !== 'string' || !/^.$/su.test(escape.value)))
    throw sqlError(escape.at, 'Escape must be a single character');
  const escapeSql = escape?.kind === 'string' ? ` ESCAPE ${quoteText(escape.value)}` : '';
  return `(${coerce(operand, 'varchar')} ${node.negated ? 'NOT ' : ''}LIKE ${coerce(pattern, 'varchar')}${escapeSql})`;
}

function comparisonSql(
  node: Extract<Predicate, { kind: 'between' | 'in' }>,
  scope: Scope,
  translate: Translate,
): string {
  const others = node.kind === 'in' ? node.list : [node.low, node.high];
  let operand = translate(node.operand, scope);
  const values = others.map((other) => {
    const [left, right] = alignTypes(node.operand, other, scope, (asked) =>
      asked === node.operand ? operand : translate(asked, scope),
    );
    operand = left;
    return right;
  });
  const name = node.kind === 'in' ? 'IN' : 'BETWEEN';
  const type = values.reduce<SqlType>(
    (common, value) => comparableType(name, { sql: '', type: common }, value, node.at),
    operand.type,
  );
  const [first = 'NULL', ...rest] = values.map((value) => coerce(value, type));
  const not = node.negated ? 'NOT ' : '';
  return node.kind === 'in'
    ? `(${coerce(operand, type)} ${not}IN (${[first, ...rest].join(', ')}))`
    : `(${coerce(operand, type)} ${not}BETWEEN ${first} AND ${rest.join('')})`;
}

/** Translates two sides that are compared or calculated with: each may tell what the other is meant to be. */
export function alignTypes(
  leftNode: Expression,
  rightNode: Expression,
  scope: Scope,
  translate: Translate,
): [Typed, Typed] {
  const left = translate(leftNode, scope);
  const right = translate(rightNode, scope);
  return [meant(leftNode, left, right.type, scope), meant(rightNode, right, left.type, scope)];
}

/** A string literal beside a timestamp is read as a timestamp; a parameter gets the type of what it stands beside. */
function meant(node: Expression, value: Typed, beside: SqlType, scope: Scope): Typed {
  if (node.kind === 'string' && beside === 'timestamp') return typedLiteral('timestamp', node.value, node.at);
  if (node.kind === 'parameter' && value.type === 'unknown' && beside !== 'unknown') {
    scope.statement.parameters?.set(node.name, beside);
    return { sql: value.sql, type: beside };
  }
  return value;
}
