import type { Term } from '../scans/scan.ts';
import type { ServiceLevelOptions } from './service-level.ts';

/** The counts behind abandon rates, in the order that {@link abandonRate} reads. */
export function abandonTerms({ shortAbandonMs }: Pick<ServiceLevelOptions, 'shortAbandonMs'>): Term[] {
  const sum = (column: string, ...where: Term['where'][number][]): Term => ({ aggregate: 'sum', column, where });
  return [
    sum('abandoned'),
    sum('abandoned', { column: 'wait_ms', op: '<=', value: shortAbandonMs }),
    sum('answered'),
    sum('n', { column: 'resumed', op: '=', value: 0 }),
  ];
}

/** Numerator and denominator of an abandon rate by the rules of a preset. */
export function abandonRate(
  vector: readonly number[],
  rules: { readonly outOf: 'left' | 'answered_and_abandoned'; readonly excludesShort: boolean },
): { num: number; den: number } {
  const [abandoned = 0, short = 0, answered = 0, left = 0] = vector;
  const without = rules.excludesShort ? short : 0;
  const all = rules.outOf === 'left' ? left : answered + abandoned;
  return { num: abandoned - without, den: all - without };
}
