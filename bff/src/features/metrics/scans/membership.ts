import { MISSING, factDefinition } from '@lumina/contracts';
import type { FactDefinition, FactId } from '@lumina/contracts';
import { call, column, isIn, text } from '../../../timestream/sql/ast.ts';
import type { Expr } from '../../../timestream/sql/ast.ts';

/** A filter of a query, as the API takes it. */
export interface Filter {
  readonly dim: string;
  readonly op: 'eq' | 'in' | 'ne';
  readonly values: readonly string[];
}

/** A column that must, or must not, have one of some values. The same meaning in SQL and here. */
export interface Membership {
  readonly column: string;
  /** Sorted, each once. */
  readonly values: readonly string[];
  readonly negated: boolean;
}

// Measures that identify one single thing; grouping or filtering by them is the business of row queries.
const IDENTITY_MEASURES = new Set(['eid', 'visit_id', 'call_id']);

/** Whether a fact can be filtered and grouped by a column: its dimensions (but the snapshot part) and textual measures. */
export function hasDimension(fact: FactId, name: string): boolean {
  const definition = factDefinition(fact);
  if (name === 'part') return false;
  if (definition.dimensions.includes(name)) return true;
  return definition.measures[name] === 'VARCHAR' && !IDENTITY_MEASURES.has(name);
}

export function membershipOf({ dim, op, values }: Filter): Membership {
  return { column: dim, values: [...new Set(values)].sort(), negated: op === 'ne' };
}

/** Whether a value (`-` where a row has none) meets a condition: what {@link membership} says in SQL. */
export function accepts({ values, negated }: Membership, value: string): boolean {
  return values.includes(value) !== negated;
}

/** The condition of a membership on a fact's rows. A textual measure can be absent, which reads as `-`. */
export function membership(definition: FactDefinition, item: Membership, of?: string): Expr {
  return isIn(textColumn(definition, item.column, of), item.values, item.negated);
}

/** A grouping or filtering column of a fact, never null. */
export function textColumn(definition: FactDefinition, name: string, of?: string): Expr {
  const plain = column(name, of);
  return definition.dimensions.includes(name) ? plain : call('coalesce', plain, text(MISSING));
}
