import { aggregateForm, isAggregateName, isWindowName } from './aggregates.ts';
import type { Call, Expression, FrameBound, SortItem, WindowSpec } from './ast.ts';
import { containsAggregate } from './ast-walk.ts';
import { callFunction } from './functions.ts';
import { conditionSql } from './operators.ts';
import { sqlError } from './position.ts';
import type { Scope } from './scope.ts';
import type { Typed } from './types.ts';

/** Translates an expression. */
type Translate = (node: Expression, scope: Scope) => Typed;

/** Translates the call of a scalar, aggregate or window function; `translate` is the translator of expressions. */
export function translateCall(call: Call, scope: Scope, translate: Translate): Typed {
  const isAggregate = isAggregateName(call.name);
  if (!isAggregate && !isWindowName(call.name)) {
    const args = call.args.map((node) => translate(node, scope));
    return callFunction(call, args, scope.statement.nowNs);
  }
  if (call.over === undefined) {
    if (!isAggregate) throw sqlError(call.at, `Window function ${call.name} requires an OVER clause`);
    if (scope.aggregates === 'forbidden')
      throw sqlError(call.at, `Aggregate function ${call.name} is not allowed here`);
    if (call.args.some(containsAggregate))
      throw sqlError(call.at, `Cannot nest aggregations inside aggregation '${call.name}'`);
  }
  // Inside an aggregate the rows of the group are at hand; inside a window only what the group has.
  const inner: Scope = call.over === undefined ? { ...scope, groupKeys: undefined, aggregates: 'forbidden' } : scope;
  const form = aggregateForm(
    call,
    call.args.map((node) => translate(node, inner)),
  );
  const filter =
    call.filter === undefined
      ? ''
      : ` FILTER (WHERE ${conditionSql(translate(call.filter, inner), call.filter.at, 'FILTER clause')})`;
  const over = call.over === undefined ? '' : ` OVER (${translateWindow(call.over, scope, translate)})`;
  const sql = `${form.name}(${call.distinct ? 'DISTINCT ' : ''}${form.args.join(', ')})${filter}${over}`;
  return { sql: form.castTo === undefined ? sql : `CAST(${sql} AS ${form.castTo})`, type: form.type };
}

function translateWindow(window: WindowSpec, scope: Scope, translate: Translate): string {
  const parts: string[] = [];
  if (window.partitionBy.length > 0) {
    parts.push(`PARTITION BY ${window.partitionBy.map((node) => translate(node, scope).sql).join(', ')}`);
  }
  if (window.orderBy.length > 0) {
    parts.push(
      `ORDER BY ${window.orderBy.map((item) => translateSortItem(item, translate(item.expression, scope).sql)).join(', ')}`,
    );
  }
  if (window.frame !== undefined) {
    const { unit, start, end } = window.frame;
    parts.push(
      `${unit.toUpperCase()} BETWEEN ${translateBound(start, scope, translate)} AND ${translateBound(end, scope, translate)}`,
    );
  }
  return parts.join(' ');
}

function translateBound(bound: FrameBound, scope: Scope, translate: Translate): string {
  if (bound.kind === 'current') return 'CURRENT ROW';
  const amount = bound.offset === undefined ? 'UNBOUNDED' : translate(bound.offset, scope).sql;
  return `${amount} ${bound.direction.toUpperCase()}`;
}

/** ORDER BY items; NULLs are last unless the query says otherwise. */
export function translateSortItem(item: SortItem, sql: string): string {
  return `${sql} ${item.descending ? 'DESC' : 'ASC'} NULLS ${item.nulls === 'first' ? 'FIRST' : 'LAST'}`;
}
