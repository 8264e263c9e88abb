import { aggregateForm, isAggregateName, isWindowName } from './aggregates.ts';
import type { Call, Expression } from './ast.ts';
import { containsAggregate } from './ast-walk.ts';
import { findFunction } from './functions.ts';
import { conditionSql } from './operators.ts';
import { sqlError } from './position.ts';
import type { Scope } from './scope.ts';
import { unexpectedParameters } from './signature.ts';
import type { CallContext } from './signature.ts';
import { translateSortItem, translateWindow } from './translate-window.ts';
import type { Typed } from './types.ts';

/** Translates an expression. */
type Translate = (node: Expression, scope: Scope) => Typed;

const MAX_LOCALS = 10;
const IGNORING_NULLS = new Set(['first_value', 'last_value', 'nth_value', 'lag', 'lead']);

/** Translates the call of a scalar, aggregate or window function; `translate` is the translator of expressions. */
export function translateCall(call: Call, scope: Scope, translate: Translate): Typed {
  if (call.name === 'grouping') return translateGrouping(call, scope, translate);
  if (!isAggregateName(call.name) && !isWindowName(call.name)) return callFunction(call, scope, translate);
  if (call.over === undefined) checkAggregate(call, scope);
  else if (scope.aggregates === 'forbidden' || scope.locals.length > 0)
    throw sqlError(call.at, `Window function ${call.name} is not allowed here`);
  if (call.ignoreNulls && !IGNORING_NULLS.has(call.name))
    throw sqlError(call.at, `Function ${call.name} does not take IGNORE NULLS`);
  // Inside an aggregate the rows of the group are at hand; inside a window only what the group has.
  const inner: Scope = call.over === undefined ? { ...scope, groupKeys: undefined, aggregates: 'forbidden' } : scope;
  const form = aggregateForm(
    call,
    call.args.map((node) => translate(node, inner)),
  );
  const order =
    call.orderBy.length === 0
      ? (form.orderBy ?? '')
      : ` ORDER BY ${call.orderBy.map((item) => translateSortItem(item, translate(item.expression, inner).sql)).join(', ')}`;
  const conditions = [
    ...(form.where === undefined ? [] : [form.where]),
    ...(call.filter === undefined
      ? []
      : [conditionSql(translate(call.filter, inner), call.filter.at, 'FILTER clause')]),
  ];
  const filter = conditions.length === 0 ? '' : ` FILTER (WHERE ${conditions.join(' AND ')})`;
  const over = call.over === undefined ? '' : ` OVER (${translateWindow(call.over, scope, translate)})`;
  const args = `${form.args.join(', ')}${order}${call.ignoreNulls ? ' IGNORE NULLS' : ''}`;
  const sql = `${form.name}(${call.distinct ? 'DISTINCT ' : ''}${args})${filter}${over}`;
  return { sql: form.wrap === undefined ? sql : form.wrap(sql), type: form.type };
}

function checkAggregate(call: Call, scope: Scope): void {
  if (!isAggregateName(call.name)) throw sqlError(call.at, `Window function ${call.name} requires an OVER clause`);
  if (scope.locals.length > 0)
    throw sqlError(call.at, `Lambda expression cannot contain aggregations, window functions or grouping operations`);
  if (scope.aggregates === 'forbidden') throw sqlError(call.at, `Aggregate function ${call.name} is not allowed here`);
  if (call.args.some(containsAggregate))
    throw sqlError(call.at, `Cannot nest aggregations inside aggregation '${call.name}'`);
}

/** `grouping(a, b)`: which of the expressions this row is not grouped by, as bits. */
function translateGrouping(call: Call, scope: Scope, translate: Translate): Typed {
  const { groupKeys } = scope;
  const keys = call.args.map((node) => translate(node, { ...scope, groupKeys: undefined }).sql);
  if (groupKeys === undefined || keys.length === 0 || keys.some((key) => !groupKeys.has(key)))
    throw sqlError(call.at, 'The arguments of grouping must be expressions of the GROUP BY clause');
  return { sql: `CAST(grouping(${keys.join(', ')}) AS BIGINT)`, type: 'bigint' };
}

function callFunction(call: Call, scope: Scope, translate: Translate): Typed {
  const found = findFunction(call);
  if (call.star || call.distinct || call.filter !== undefined || call.over !== undefined || call.ignoreNulls)
    throw sqlError(call.at, `Function ${call.name} is not an aggregate or window function`);
  if (call.orderBy.length > 0) throw sqlError(call.at, `Function ${call.name} does not take ORDER BY`);
  if (call.name === 'try' && call.args.some(containsAggregate))
    throw sqlError(call.at, 'TRY cannot hold an aggregate here: put the aggregate into a subquery');
  const args = call.args.map((node, index): Typed =>
    node.kind === 'lambda' && found.lambdas.includes(index) ? { sql: '', type: 'unknown' } : translate(node, scope),
  );
  const isLambda = (index: number): boolean => call.args[index] === undefined || call.args[index].kind === 'lambda';
  if (!found.areLambdasOptional && !found.lambdas.every(isLambda)) throw unexpectedParameters(call, args);
  return found.build(call, args, contextOf(call, scope, translate));
}

function contextOf(call: Call, scope: Scope, translate: Translate): CallContext {
  const lambdaBody: CallContext['lambdaBody'] = (index, parameters) => {
    const node = call.args[index];
    if (node?.kind !== 'lambda' || node.parameters.length !== parameters.length)
      throw sqlError(node?.at ?? call.at, `Function ${call.name} takes a lambda of ${parameters.length} parameters`);
    // Some functions translate a body more than once, to find its type.
    if (scope.locals.length >= MAX_LOCALS) throw sqlError(node.at, 'Lambda expressions are nested too deeply');
    const locals = node.parameters.flatMap(({ text }, place) => {
      const value = parameters[place];
      return value === undefined ? [] : [{ name: text, value }];
    });
    return translate(node.body, { ...scope, locals: [...locals, ...scope.locals] });
  };
  return {
    nowNs: scope.statement.nowNs,
    lambdaBody,
    names: (count) => Array.from({ length: count }, (_, place) => `m${scope.locals.length}_${place}`),
    lambda: (index, types) => {
      const names = types.map((_, place) => `l${scope.locals.length + place}`);
      const body = lambdaBody(
        index,
        types.map((type, place) => ({ sql: names[place] ?? '', type })),
      );
      return { sql: `lambda ${names.join(', ')}: ${body.sql}`, type: body.type };
    },
  };
}
