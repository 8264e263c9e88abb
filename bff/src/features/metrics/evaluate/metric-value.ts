import type { PartId } from '@lumina/contracts';
import type { PlannedFormula } from '../plan/metric-plan.ts';
import type { Vector } from '../tables/part-table.ts';
import { abandonRate } from './abandon-rate.ts';
import { quantileOf } from './quantile.ts';
import { serviceLevel, serviceLevelCounts } from './service-level.ts';
import type { ServiceLevelOptions } from './service-level.ts';

/** A metric with what it was computed from: exact integers, but for quantiles, which have no such two. */
export interface MetricValue {
  readonly value: number | null;
  readonly num: number | null;
  readonly den: number | null;
}

export const UNKNOWN: MetricValue = { value: null, num: null, den: null };

/** The distinct parts of a quotient, in the order of its vector. */
export function quotientParts(num: readonly PartId[], den: readonly PartId[]): PartId[] {
  return [...new Set([...num, ...den])];
}

/** Computes a metric from its parts; the only place where something is divided. */
export function metricValue(formula: PlannedFormula, vector: Vector | null, options: ServiceLevelOptions): MetricValue {
  if (vector === null) return UNKNOWN;
  const [first = 0] = vector;
  switch (formula.kind) {
    case 'sum':
    case 'last':
    case 'peak':
    case 'max':
      return quotient(first, 1, 1);
    case 'oldest':
      return quotient(first, 1, formula.scale);
    case 'ratio':
    case 'stateRatio': {
      const parts = quotientParts(formula.num, formula.den);
      return quotient(sumOf(parts, vector, formula.num), sumOf(parts, vector, formula.den), formula.scale);
    }
    case 'perTime':
      return quotient(sumOf(formula.parts, vector, formula.parts), vector[formula.parts.length] ?? 0, 1);
    case 'stock':
      return quotient(first, vector[1] ?? 0, 1);
    case 'quantile':
      return { value: quantileOf(vector, formula.q), num: null, den: null };
    case 'abandonRate': {
      const { num, den } = abandonRate(vector, formula);
      return quotient(num, den, 100);
    }
    case 'serviceLevel': {
      const { num, den } = serviceLevel(serviceLevelCounts(vector), options.formula);
      return quotient(num, den, 100);
    }
  }
}

function sumOf(parts: readonly PartId[], vector: Vector, wanted: readonly PartId[]): number {
  return wanted.reduce((sum, part) => sum + (vector[parts.indexOf(part)] ?? 0), 0);
}

function quotient(num: number, den: number, scale: number): MetricValue {
  if (den === 0) return { value: null, num, den };
  // A scale below one is a division by a whole number: exact to the last digit that way round.
  const value = scale < 1 ? num / (den * Math.round(1 / scale)) : (num * scale) / den;
  return { value, num, den };
}
