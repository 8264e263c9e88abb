import { DEFAULT_SERVICE_LEVEL_FORMULA, DEFAULT_SHORT_ABANDON_S, DEFAULT_THRESHOLD_S } from '@lumina/contracts';
import type { ServiceLevelFormula } from '@lumina/contracts';
import type { Condition, Term } from '../scans/scan.ts';

export interface ServiceLevelOptions {
  readonly formula: ServiceLevelFormula;
  readonly thresholdMs: number;
  readonly shortAbandonMs: number;
}

/** The counts behind every service level formula. `T` is the threshold, `S` the limit of short abandons. */
export interface ServiceLevelCounts {
  readonly answered: number;
  readonly answeredInT: number;
  readonly abandoned: number;
  readonly abandonedInT: number;
  readonly abandonedInS: number;
  readonly flowout: number;
  readonly callbackInT: number;
}

export function serviceLevelOptions(options: {
  readonly formula?: ServiceLevelFormula | undefined;
  readonly thresholdS?: number | undefined;
  readonly shortAbandonS?: number | undefined;
}): ServiceLevelOptions {
  return {
    formula: options.formula ?? DEFAULT_SERVICE_LEVEL_FORMULA,
    thresholdMs: Math.round((options.thresholdS ?? DEFAULT_THRESHOLD_S) * 1000),
    shortAbandonMs: Math.round((options.shortAbandonS ?? DEFAULT_SHORT_ABANDON_S) * 1000),
  };
}

/** Conditional counts of raw waits, in the order that `serviceLevelCounts` reads. A wait of exactly T is within T. */
export function serviceLevelTerms({ thresholdMs, shortAbandonMs }: ServiceLevelOptions): Term[] {
  const within = (ms: number): Condition => ({ column: 'wait_ms', op: '<=', value: ms });
  const count = (name: string, ...where: Condition[]): Term => ({ aggregate: 'sum', column: name, where });
  return [
    count('answered'),
    count('answered', within(thresholdMs)),
    count('abandoned'),
    count('abandoned', within(thresholdMs)),
    count('abandoned', within(shortAbandonMs)),
    count('flowout'),
    count('flowout', { column: 'outcome', op: '=', value: 'callback' }, within(thresholdMs)),
  ];
}

export function serviceLevelCounts(vector: readonly number[]): ServiceLevelCounts {
  const [
    answered = 0,
    answeredInT = 0,
    abandoned = 0,
    abandonedInT = 0,
    abandonedInS = 0,
    flowout = 0,
    callbackInT = 0,
  ] = vector;
  return { answered, answeredInT, abandoned, abandonedInT, abandonedInS, flowout, callbackInT };
}

/** Numerator and denominator of a service level formula. */
export function serviceLevel(counts: ServiceLevelCounts, formula: ServiceLevelFormula): { num: number; den: number } {
  const {
    answered: a,
    answeredInT: aT,
    abandoned: b,
    abandonedInT: bT,
    abandonedInS: bS,
    flowout: f,
    callbackInT: cT,
  } = counts;
  switch (formula) {
    case 'SL1':
      return { num: aT + bT + cT, den: a + b + f };
    case 'SL2':
      return { num: aT, den: a };
    case 'SL3':
      return { num: aT, den: a + b };
    case 'SL4':
      return { num: aT, den: a + b - bT };
    case 'SL5':
      return { num: aT + bS, den: a + b };
    case 'SL6':
      return { num: aT, den: a + b - bS };
    case 'SL7':
      return { num: aT, den: a + b + f };
  }
}
