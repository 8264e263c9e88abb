import { partDefinition } from '@lumina/contracts';
import type { FactId, PartId } from '@lumina/contracts';
import type { PlannedFormula } from './metric-plan.ts';

/** Every part that a formula names. */
export function partsOf(formula: PlannedFormula): readonly PartId[] {
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
    case 'abandonRate':
      return [];
  }
}

/** Every kind of fact that a formula reads. */
export function factsOf(formula: PlannedFormula): FactId[] {
  if (formula.kind === 'abandonRate') return ['queue_metrics.visit'];
  if (formula.kind === 'quantile' || formula.kind === 'serviceLevel') return [formula.fact];
  return [...new Set(partsOf(formula).map((part) => partDefinition(part).fact))];
}
