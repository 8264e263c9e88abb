import type { CaseBranch, Expression } from './ast.ts';
import { containsAggregate } from './ast-walk.ts';
import { castTo, typedLiteral } from './casts.ts';
import { binary, comparableType, conditionSql } from './operators.ts';
import { sqlError } from './position.ts';
import type { Position } from './position.ts';
import { resolveColumn } from './scope.ts';
import type { Scope } from './scope.ts';
import { translateCall } from './translate-call.ts';
import { translateLiteral } from './translate-literal.ts';
import { coerce, commonType, isNumeric, typeText } from './types.ts';
import type { SqlType, Typed } from './types.ts';

/** Translates an expression to DuckDB SQL and infers its type. */
export function translateExpression(node: Expression, scope: Scope): Typed {
  if (scope.groupKeys !== undefined && !containsAggregate(node)) {
    const plain = translateNode(node, { ...scope, groupKeys: undefined });
    if (scope.groupKeys.has(plain.sql)) return plain;
  }
  return translateNode(node, scope);
}

/** A condition, as in WHERE. */
export function translateCondition(node: Expression, scope: Scope, clause: string): string {
  return conditionSql(translateExpression(node, scope), node.at, clause);
}

function translateNode(node: Expression, scope: Scope): Typed {
  switch (node.kind) {
    case 'null':
    case 'boolean':
    case 'integer':
    case 'double':
    case 'string':
    case 'duration':
    case 'months':
    case 'typed':
      return translateLiteral(node);
    case 'column':
      return translateColumn(node, scope);
    case 'unary':
      return translateUnary(node.operator, translateExpression(node.operand, scope), node.at);
    case 'binary':
      return translateBinary(node, scope);
    case 'logical':
      return translateLogical(node, scope);
    case 'not':
      return {
        sql: `(NOT ${translateCondition(node.operand, scope, 'Value of logical NOT expression')})`,
        type: 'boolean',
      };
    case 'isNull':
      return {
        sql: `(${translateExpression(node.operand, scope).sql} IS ${node.negated ? 'NOT ' : ''}NULL)`,
        type: 'boolean',
      };
    case 'between':
    case 'in':
    case 'inQuery':
    case 'like':
    case 'exists':
      return translatePredicate(node, scope);
    case 'case':
      return translateCase(node, scope);
    case 'cast':
      return castTo(translateExpression(node.operand, scope), node.type, node.isTry, node.at);
    case 'call':
      return translateCall(node.call, scope, translateExpression);
    case 'subquery':
      return translateScalarQuery(node, scope);
    case 'array':
      return translateArray(node, scope);
    case 'subscript':
      return translateSubscript(node, scope);
  }
}

/** A chain of one operator becomes one list of terms: DuckDB limits how deep an expression may be. */
function translateLogical(node: Extract<Expression, { kind: 'logical' }>, scope: Scope): Typed {
  const terms: Expression[] = [];
  let rest: Expression = node;
  while (rest.kind === 'logical' && rest.operator === node.operator) {
    terms.unshift(rest.right);
    rest = rest.left;
  }
  const sides = [rest, ...terms].map((term) => translateCondition(term, scope, 'Logical expression term'));
  return { sql: `(${sides.join(` ${node.operator.toUpperCase()} `)})`, type: 'boolean' };
}

function translateScalarQuery(node: Extract<Expression, { kind: 'subquery' }>, scope: Scope): Typed {
  const query = scope.statement.translateQuery(node.query, scope, scope.commonTables);
  const [only] = query.columns;
  if (only === undefined || query.columns.length !== 1)
    throw sqlError(node.at, 'A scalar subquery must have one column.');
  return { sql: `(${query.sql})`, type: only.type };
}

function translateArray(node: Extract<Expression, { kind: 'array' }>, scope: Scope): Typed {
  const items = node.items.map((item) => translateExpression(item, scope));
  const type = unifyTypes(items, node.at);
  return { sql: `[${items.map((item) => coerce(item, type)).join(', ')}]`, type: { array: type } };
}

function translateSubscript(node: Extract<Expression, { kind: 'subscript' }>, scope: Scope): Typed {
  const operand = translateExpression(node.operand, scope);
  const index = translateExpression(node.index, scope);
  if (typeof operand.type !== 'object' || !isNumeric(index.type)) {
    throw sqlError(node.at, `'[]' cannot be applied to ${typeText(operand.type)}, ${typeText(index.type)}`);
  }
  return { sql: `${operand.sql}[${index.sql}]`, type: operand.type.array };
}

function translateColumn(node: Extract<Expression, { kind: 'column' }>, scope: Scope): Typed {
  const [only] = node.path;
  const aliased = node.path.length === 1 ? scope.aliases?.get(only?.text.toLowerCase() ?? '') : undefined;
  if (aliased !== undefined) return translateExpression(aliased, { ...scope, aliases: undefined });
  const found = resolveColumn(scope, node.path);
  if (scope.groupKeys !== undefined && !found.isOuter && !scope.groupKeys.has(found.sql)) {
    const text = node.path.map((name) => name.text).join('.');
    throw sqlError(node.at, `'${text}' must be an aggregate expression or appear in GROUP BY clause`);
  }
  return found;
}

function translateUnary(operator: '-' | '+', operand: Typed, at: Position): Typed {
  const isInterval = operand.type === 'interval_day_to_second' || operand.type === 'interval_year_to_month';
  if (!isNumeric(operand.type) && !isInterval)
    throw sqlError(at, `'${operator}' cannot be applied to ${typeText(operand.type)}`);
  return operator === '+' ? operand : { sql: `(-${operand.sql})`, type: operand.type };
}

function translateBinary(node: Extract<Expression, { kind: 'binary' }>, scope: Scope): Typed {
  const left = translateExpression(node.left, scope);
  const right = translateExpression(node.right, scope);
  const [timedLeft, timedRight] = alignTimes(node.left, left, node.right, right);
  return binary(node.operator, timedLeft, timedRight, node.at);
}

/** A string literal beside a timestamp is read as a timestamp. */
function alignTimes(leftNode: Expression, left: Typed, rightNode: Expression, right: Typed): [Typed, Typed] {
  if (left.type === 'timestamp' && rightNode.kind === 'string')
    return [left, typedLiteral('timestamp', rightNode.value, rightNode.at)];
  if (right.type === 'timestamp' && leftNode.kind === 'string')
    return [typedLiteral('timestamp', leftNode.value, leftNode.at), right];
  return [left, right];
}

type Predicate = Extract<Expression, { kind: 'between' | 'in' | 'inQuery' | 'like' | 'exists' }>;

function translatePredicate(node: Predicate, scope: Scope): Typed {
  if (node.kind === 'exists') {
    return {
      sql: `EXISTS (${scope.statement.translateQuery(node.query, scope, scope.commonTables).sql})`,
      type: 'boolean',
    };
  }
  const not = node.negated ? 'NOT ' : '';
  const operand = translateExpression(node.operand, scope);
  const beside = (other: Expression): Typed =>
    alignTimes(node.operand, operand, other, translateExpression(other, scope))[1];
  switch (node.kind) {
    case 'between': {
      const [low, high] = [beside(node.low), beside(node.high)];
      const type = comparableType(
        'BETWEEN',
        { sql: '', type: comparableType('BETWEEN', operand, low, node.at) },
        high,
        node.at,
      );
      return {
        sql: `(${coerce(operand, type)} ${not}BETWEEN ${coerce(low, type)} AND ${coerce(high, type)})`,
        type: 'boolean',
      };
    }
    case 'in': {
      const items = node.list.map(beside);
      const type = items.reduce<SqlType>(
        (common, item) => comparableType('IN', { sql: '', type: common }, item, node.at),
        operand.type,
      );
      return {
        sql: `(${coerce(operand, type)} ${not}IN (${items.map((item) => coerce(item, type)).join(', ')}))`,
        type: 'boolean',
      };
    }
    case 'inQuery': {
      const query = scope.statement.translateQuery(node.query, scope, scope.commonTables);
      const [only] = query.columns;
      if (only === undefined || query.columns.length !== 1)
        throw sqlError(node.at, 'The subquery of IN must have one column.');
      comparableType('IN', operand, { sql: '', type: only.type }, node.at);
      return { sql: `(${operand.sql} ${not}IN (${query.sql}))`, type: 'boolean' };
    }
    case 'like': {
      const pattern = translateExpression(node.pattern, scope);
      const escape = node.escape === undefined ? '' : ` ESCAPE ${translateExpression(node.escape, scope).sql}`;
      for (const side of [operand, pattern]) {
        if (side.type !== 'varchar' && side.type !== 'unknown') {
          throw sqlError(
            node.at,
            `Left side of LIKE expression must evaluate to a varchar (actual: ${typeText(side.type)})`,
          );
        }
      }
      return { sql: `(${operand.sql} ${not}LIKE ${pattern.sql}${escape})`, type: 'boolean' };
    }
  }
}

function translateCase(node: Extract<Expression, { kind: 'case' }>, scope: Scope): Typed {
  const { subject } = node;
  const subjectValue = subject === undefined ? undefined : translateExpression(subject, scope);
  const conditionOf = (branch: CaseBranch): string =>
    subjectValue === undefined
      ? translateCondition(branch.when, scope, 'CASE WHEN clause')
      : binary('=', subjectValue, translateExpression(branch.when, scope), branch.when.at).sql;
  const results = node.branches.map((branch) => translateExpression(branch.then, scope));
  const otherwise = node.otherwise === undefined ? undefined : translateExpression(node.otherwise, scope);
  const type = unifyTypes(otherwise === undefined ? results : [...results, otherwise], node.at);
  const branches = node.branches.map((branch, index) => {
    const result = results[index];
    return `WHEN ${conditionOf(branch)} THEN ${result === undefined ? 'NULL' : coerce(result, type)}`;
  });
  return {
    sql: `CASE ${branches.join(' ')} ELSE ${otherwise === undefined ? 'NULL' : coerce(otherwise, type)} END`,
    type,
  };
}

function unifyTypes(values: readonly Typed[], at: Position): SqlType {
  return values.reduce<SqlType>((type, value) => {
    const common = commonType(type, value.type);
    if (common === undefined)
      throw sqlError(at, `All results must be the same type: ${typeText(type)}, ${typeText(value.type)}`);
    return common;
  }, 'unknown');
}
