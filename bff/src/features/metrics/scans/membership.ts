import { MISSING } from '@lumina/contracts';
import type { FactDefinition } from '@lumina/contracts';
import { all, any, binary, call, column, isIn, text, time } from '../../../timestream/sql/ast.ts';
import type { Expr } from '../../../timestream/sql/ast.ts';
import type { TimeRange } from '../time/range.ts';

/** A filter of a query, as the API takes it. */
export interface Filter {
  readonly dim: string;
  readonly op: 'eq' | 'in' | 'ne';
  readonly values: readonly string[];
}

/** Some values that count for rows from one instant (included) to another (excluded; null: without end). Epoch ms. */
export interface ValueSpan {
  readonly fromMs: number;
  readonly toMs: number | null;
  /** Sorted, each once. */
  readonly values: readonly string[];
}

/** A column that must, or must not, have one of some values. The same meaning in SQL and here. */
export interface Membership {
  readonly column: string;
  /** Sorted, each once. */
  readonly values: readonly string[];
  readonly negated: boolean;
  /** Further values that count only for rows of some time, by the time of the row. Only of facts whose time is exact. */
  readonly spans?: readonly ValueSpan[];
}

/** A filter as a condition. */
export function membershipOf({ dim, op, values }: Filter): Membership {
  return { column: dim, values: [...new Set(values)].sort(), negated: op === 'ne' };
}

/** Whether a value (`-` where a row has none) of a row of some time meets a condition: what {@link membership} says in SQL. */
export function accepts(item: Membership, value: string, timeMs?: number): boolean {
  const { values, negated, spans } = item;
  return (values.includes(value) || (spans !== undefined && isSpanned(item, value, timeMs))) !== negated;
}

type Interval = Pick<ValueSpan, 'fromMs' | 'toMs'>;

// Conditions never change, and are held against every row.
const intervalsOf = new WeakMap<Membership, Map<string, Interval[]>>();

function isSpanned(item: Membership, value: string, timeMs: number | undefined): boolean {
  if (timeMs === undefined) throw new TypeError(`Whether ${item.column} counts depends on the time of the row.`);
  let byValue = intervalsOf.get(item);
  if (byValue === undefined) {
    byValue = new Map();
    for (const { fromMs, toMs, values } of item.spans ?? [])
      for (const one of values) byValue.set(one, [...(byValue.get(one) ?? []), { fromMs, toMs }]);
    intervalsOf.set(item, byValue);
  }
  return (byValue.get(value) ?? []).some(({ fromMs, toMs }) => timeMs >= fromMs && (toMs === null || timeMs < toMs));
}

/**
 * The condition of a membership on a fact's rows. A textual measure can be absent, which reads as `-`. `hull` is a range that
 * holds all rows that are asked for: what does not change within it needs no instants.
 */
export function membership(definition: FactDefinition, item: Membership, of?: string, hull?: TimeRange): Expr {
  const name = textColumn(definition, item.column, of);
  if (item.spans === undefined) return isIn(name, item.values, item.negated);
  const always = new Set(item.values);
  const changing: ValueSpan[] = [];
  for (const span of item.spans) {
    const endMs = span.toMs ?? Number.POSITIVE_INFINITY;
    if (hull !== undefined && (span.fromMs >= hull.toMs || endMs <= hull.fromMs)) continue;
    if (hull !== undefined && span.fromMs <= hull.fromMs && endMs >= hull.toMs)
      for (const value of span.values) always.add(value);
    else changing.push(span);
  }
  const at = column('time', of);
  const unchanging = isIn(name, [...always].sort(), item.negated);
  const parts = changing.map(({ fromMs, toMs, values }) =>
    item.negated
      ? any(
          isIn(name, values, true),
          binary('<', at, time(fromMs)),
          ...(toMs === null ? [] : [binary('>=', at, time(toMs))]),
        )
      : all(
          isIn(name, values, false),
          binary('>=', at, time(fromMs)),
          ...(toMs === null ? [] : [binary('<', at, time(toMs))]),
        ),
  );
  if (parts.length === 0) return unchanging;
  return item.negated ? all(unchanging, ...parts) : any(unchanging, ...parts);
}

/** A grouping or filtering column of a fact, never null. */
export function textColumn(definition: FactDefinition, name: string, of?: string): Expr {
  const plain = column(name, of);
  return definition.dimensions.includes(name) ? plain : call('coalesce', plain, text(MISSING));
}
