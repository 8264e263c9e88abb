import { MISSING } from '@lumina/contracts';
import type { FactDefinition } from '@lumina/contracts';
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

/** A filter as a condition. */
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
