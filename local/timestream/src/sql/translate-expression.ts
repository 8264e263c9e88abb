import type { CaseBranch, Expression } from './ast.ts';
import { containsAggregate } from './ast-walk.ts';
import { castTo } from './casts.ts';
import { binary, conditionSql } from './operators.ts';
import { sqlError } from './position.ts';
import type { Position } from './position.ts';
import { resolveColumn, sameName } from './scope.ts';
import type { Scope } from './scope.ts';
import { translateCall } from './translate-call.ts';
import { translateLiteral } from './translate-literal.ts';
import { alignTypes, translatePredicate } from './translate-predicate.ts';
import {
  coerce,
  commonType,
  fieldSql,
  fieldsOf,
  isWhole,
  itemOf,
  once,
  raiseSql,
  structSql,
  typeSize,
  typeText,
} from './types.ts';
import type { SqlType, Typed } from './types.ts';

const MAX_TYPE_SIZE = 4000;

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
    case 'binary': {
      const [left, right] = alignTypes(node.left, node.right, scope, translateExpression);
      return binary(node.operator, left, right, node.at);
    }
    case 'logical':
    case 'not':
    case 'isNull':
    case 'distinctFrom':
    case 'between':
    case 'in':
    case 'inQuery':
    case 'quantified':
    case 'like':
    case 'exists':
      return translatePredicate(node, scope, translateExpression);
    case 'case':
      return translateCase(node, scope);
    case 'cast':
      return castTo(translateExpression(node.operand, scope), node.type, node.isTry, node.at);
    case 'call':
      return translateCall(node.call, scope, translateExpression);
    case 'lambda':
      throw sqlError(node.at, 'A lambda expression is only allowed as an argument of a function that takes one');
    case 'parameter':
      return translateParameter(node, scope);
    default:
      return translateNested(node, scope);
  }
}

/** Expressions that hold or take apart arrays, rows and queries. */
function translateNested(
  node: Extract<Expression, { kind: 'subquery' | 'array' | 'row' | 'subscript' | 'field' }>,
  scope: Scope,
): Typed {
  switch (node.kind) {
    case 'subquery':
      return translateScalarQuery(node, scope);
    case 'array': {
      const items = node.items.map((item) => translateExpression(item, scope));
      const item = unifyTypes(items, node.at);
      return bounded(
        { sql: `[${items.map((value) => coerce(value, item)).join(', ')}]`, type: { array: item } },
        node.at,
      );
    }
    case 'row': {
      const items = node.items.map((item) => translateExpression(item, scope));
      const row = items.map(({ type }) => ({ name: undefined, type }));
      return bounded({ sql: structSql(items.map((item) => item.sql)), type: { row } }, node.at);
    }
    case 'subscript':
      return translateSubscript(node, scope);
    case 'field':
      return fieldOf(translateExpression(node.operand, scope), node.name);
  }
}

/** Types are written out in SQL; one could hold another twice, and that again. */
function bounded(value: Typed, at: Position): Typed {
  if (typeSize(value.type) > MAX_TYPE_SIZE) throw sqlError(at, 'The type of the value has too many parts');
  return value;
}

function fieldOf(value: Typed, name: { text: string; at: Position }): Typed {
  const fields = fieldsOf(value.type);
  const index = fields?.findIndex((field) => field.name !== undefined && sameName(field.name, name.text)) ?? -1;
  const field = fields?.[index];
  if (field === undefined) throw sqlError(name.at, `${typeText(value.type)} has no field '${name.text}'`);
  return { sql: fieldSql(value.sql, index), type: field.type };
}

function translateParameter(node: Extract<Expression, { kind: 'parameter' }>, scope: Scope): Typed {
  const { parameters } = scope.statement;
  if (parameters === undefined) throw sqlError(node.at, `Parameter '@${node.name}' has no value`);
  if (!parameters.has(node.name)) parameters.set(node.name, 'unknown');
  return { sql: 'NULL', type: parameters.get(node.name) ?? 'unknown' };
}

function translateScalarQuery(node: Extract<Expression, { kind: 'subquery' }>, scope: Scope): Typed {
  const query = subqueryOf(node, scope);
  const [only] = query.columns;
  if (only === undefined || query.columns.length !== 1)
    throw sqlError(node.at, 'A scalar subquery must have one column.');
  return { sql: `(${query.sql})`, type: only.type };
}

function subqueryOf(
  node: Extract<Expression, { kind: 'subquery' }>,
  scope: Scope,
): ReturnType<Scope['statement']['translateQuery']> {
  if (scope.locals.length > 0) throw sqlError(node.at, 'Lambda expression cannot contain subqueries');
  return scope.statement.translateQuery(node.query, scope, scope.commonTables);
}

function translateSubscript(node: Extract<Expression, { kind: 'subscript' }>, scope: Scope): Typed {
  const operand = translateExpression(node.operand, scope);
  const index = translateExpression(node.index, scope);
  const item = itemOf(operand.type);
  if (item !== undefined && isWhole(index.type)) {
    const sql = once([operand.sql, index.sql], (array, place) => {
      const range = `WHEN ${place} < 1 THEN ${raiseSql('SQL array indices start at 1', item)} WHEN ${place} > len(${array}) THEN ${raiseSql('Array subscript is out of bounds', item)}`;
      return `CASE ${range} ELSE ${array}[${place}] END`;
    });
    return { sql, type: item };
  }
  const fields = fieldsOf(operand.type);
  const position = node.index.kind === 'integer' ? Number(node.index.value) - 1 : -1;
  const field = fields?.[position];
  if (field === undefined)
    throw sqlError(node.at, `'[]' cannot be applied to ${typeText(operand.type)}, ${typeText(index.type)}`);
  return { sql: fieldSql(operand.sql, position), type: field.type };
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
  return found.fields.reduce<Typed>(fieldOf, { sql: found.sql, type: found.type });
}

function translateUnary(operator: '-' | '+', operand: Typed, at: Position): Typed {
  const allowed: readonly SqlType[] = [
    'integer',
    'bigint',
    'double',
    'interval_day_to_second',
    'interval_year_to_month',
    'unknown',
  ];
  if (!allowed.includes(operand.type))
    throw sqlError(at, `'${operator}' cannot be applied to ${typeText(operand.type)}`);
  return operator === '+' ? operand : { sql: `(-${operand.sql})`, type: operand.type };
}

function translateCase(node: Extract<Expression, { kind: 'case' }>, scope: Scope): Typed {
  const { subject } = node;
  const results = node.branches.map((branch) => translateExpression(branch.then, scope));
  const otherwise = node.otherwise === undefined ? undefined : translateExpression(node.otherwise, scope);
  const type = unifyTypes(otherwise === undefined ? results : [...results, otherwise], node.at);
  const last = otherwise === undefined ? 'NULL' : coerce(otherwise, type);
  const branchSql = (condition: (branch: CaseBranch) => string): string =>
    node.branches
      .map((branch, index) => {
        const result = results[index];
        return `WHEN ${condition(branch)} THEN ${result === undefined ? 'NULL' : coerce(result, type)}`;
      })
      .join(' ');
  if (subject === undefined) {
    const whens = branchSql((branch) => translateCondition(branch.when, scope, 'CASE WHEN clause'));
    return { sql: `CASE ${whens} ELSE ${last} END`, type };
  }
  const keys = [subject, ...node.branches.map((branch) => branch.when)].map((key) => translateExpression(key, scope));
  const keyType = unifyTypes(keys, node.at);
  const [first = 'NULL', ...others] = keys.map((key) => coerce(key, keyType));
  const byKey = new Map(node.branches.map((branch, index) => [branch, others[index] ?? 'NULL']));
  return { sql: `CASE ${first} ${branchSql((branch) => byKey.get(branch) ?? 'NULL')} ELSE ${last} END`, type };
}

function unifyTypes(values: readonly Typed[], at: Position): SqlType {
  return values.reduce<SqlType>((type, value) => {
    const common = commonType(type, value.type);
    if (common === undefined)
      throw sqlError(at, `All results must be the same type: ${typeText(type)}, ${typeText(value.type)}`);
    return common;
  }, 'unknown');
}
