import type { MetricFilter, MetricQueryOptions } from '../../schemas/index.ts';
import type { MetricId } from '../catalogue.ts';
import type { MetricUnit } from '../definition.ts';
import type { PartId } from '../parts.ts';
import type { FormulaSpan } from './formula-error.ts';

/** What a value in a formula is: something counted, a time, or a quotient of like things. */
export type FormulaType = 'count' | 'ms' | 'ratio';

/** What a formula reads: a part, or a metric with options, both with filters of their own. */
export interface FormulaLeaf {
  readonly target: { readonly kind: 'part'; readonly id: PartId } | { readonly kind: 'metric'; readonly id: MetricId };
  readonly options: MetricQueryOptions;
  readonly filters: readonly MetricFilter[];
}

/** A function over values. `coalesce` is the first that is known; the others are unknown if any is. */
export type FormulaFunction = 'min' | 'max' | 'abs' | 'coalesce';

/** One step of a formula. */
export type FormulaNode =
  | { readonly kind: 'number'; readonly value: number; readonly at: FormulaSpan }
  | { readonly kind: 'duration'; readonly ms: number; readonly at: FormulaSpan }
  /** Length of the bucket, or of the range, in ms. */
  | { readonly kind: 'elapsed'; readonly at: FormulaSpan }
  /** A place in {@link Formula.leaves}. */
  | { readonly kind: 'leaf'; readonly leaf: number; readonly at: FormulaSpan }
  | { readonly kind: 'negate'; readonly of: FormulaNode; readonly at: FormulaSpan }
  | {
      readonly kind: 'binary';
      readonly op: '+' | '-' | '*' | '/';
      readonly left: FormulaNode;
      readonly right: FormulaNode;
      readonly at: FormulaSpan;
    }
  | {
      readonly kind: 'call';
      readonly name: FormulaFunction;
      readonly args: readonly FormulaNode[];
      readonly at: FormulaSpan;
    };

/** A formula that was read. */
export interface Formula {
  readonly text: string;
  readonly root: FormulaNode;
  /** What it reads, each once. */
  readonly leaves: readonly FormulaLeaf[];
}

/** A formula that was found to mean something in a unit. */
export interface CheckedFormula extends Formula {
  readonly type: FormulaType;
  readonly unit: MetricUnit;
}
