import type { MetricDefinition, MetricFormula } from './definition.ts';
import type { PartId } from './parts.ts';

/** Scale of a share shown in per cent. */
export const PER_CENT = 100;
/** Scale of milliseconds shown in seconds. */
export const MS_TO_S = 0.001;

/** What calls can be told apart by. */
export const CALL_DIMENSIONS = ['direction', 'queue_id', 'agent_id', 'outcome'] as const;
/** What queues can be told apart by. */
export const QUEUE_DIMENSIONS = ['queue_id'] as const;
/** What visits to a queue can be told apart by. */
export const VISIT_DIMENSIONS = ['queue_id', 'outcome', 'agent_id'] as const;
/** What contacts can be told apart by. */
export const HANDLE_DIMENSIONS = ['agent_id', 'team_id', 'queue_id'] as const;
/** What state time can be told apart by; queues by who served them. */
export const SLICE_DIMENSIONS = ['agent_id', 'team_id', 'queue_id'] as const;
/** What API samples can be told apart by. */
export const API_DIMENSIONS = ['service', 'route'] as const;

/** Source of definitions that follow Amazon Connect. */
export const CONNECT = 'Amazon Connect administrator guide, metric definitions';
/** Source of definitions of our own. */
export const LUMINA = 'Lumina';

/** A quotient of sums of parts. */
export function ratio(num: readonly PartId[], den: readonly PartId[], scale: number): MetricFormula {
  return { kind: 'ratio', num, den, scale };
}

/** A metric with one statistic of its own. */
export function single(
  definition: Omit<MetricDefinition, 'stats' | 'defaultStat' | 'version' | 'required'> & {
    readonly formula: MetricFormula;
    readonly required?: boolean;
  },
): MetricDefinition {
  const { formula, required = true, ...rest } = definition;
  const defaultStat = formula.kind === 'last' || formula.kind === 'oldest' ? 'now' : 'average';
  return { ...rest, stats: { [defaultStat]: formula }, defaultStat, version: 1, required };
}

/** Agents in some states: counted now from levels, on average from slices of time. */
export function agentCount(
  id: string,
  title: string,
  better: MetricDefinition['better'],
  states: { readonly slices: readonly PartId[]; readonly levels: readonly PartId[] },
  text: string,
  required: boolean,
): MetricDefinition {
  return {
    id,
    category: 'agent',
    title,
    unit: 'count',
    better,
    dimensions: SLICE_DIMENSIONS,
    stats: {
      average: { kind: 'perTime', parts: states.slices },
      now: { kind: 'last', parts: states.levels },
      peak: { kind: 'peak', parts: states.levels },
    },
    defaultStat: 'average',
    text,
    source: CONNECT,
    version: 1,
    required,
  };
}
