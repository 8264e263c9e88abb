import { partDefinition } from '@lumina/contracts';
import type { FactId, MetricFormula, PartId } from '@lumina/contracts';

/** Every part that a formula names. */
export function partsOf(formula: MetricFormula): readonly PartId[] {
  switch (formula.kind) {
    case 'sum':
    case 'oldest':
    case 'max':
      return [formula.part];
    case 'ratio':
    case 'stateRatio':
      return [...new Set([...formula.num, ...formula.den])];
    case 'perTime':
    case 'last':
    case 'peak':
      return formula.parts;
    case 'stock':
      return [...formula.inflows, ...formula.outflows, formula.level];
    case 'quantile':
    case 'serviceLevel':
      return [];
  }
}

/** Every kind of fact that a formula reads. */
export function factsOf(formula: MetricFormula): FactId[] {
  if (formula.kind === 'quantile' || formula.kind === 'serviceLevel') return [formula.fact];
  return [...new Set(partsOf(formula).map((part) => partDefinition(part).fact))];
}
