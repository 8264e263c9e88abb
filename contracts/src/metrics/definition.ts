import type { PartId } from './parts.ts';

/** Units of metric values. Percentages run from 0 to 100. */
export const METRIC_UNITS = ['count', 's', 'ms', '%'] as const;
/** Unit of a metric's values. */
export type MetricUnit = (typeof METRIC_UNITS)[number];
/** The statistics a metric may offer; `average` is the default where it exists. */
export type MetricStat = 'average' | 'now' | 'peak' | 'avg' | 'p50' | 'p95' | 'p99';
/** Ids of the service level formulas; see {@link SERVICE_LEVEL_FORMULAS}. */
export type ServiceLevelFormula = 'SL1' | 'SL2' | 'SL3' | 'SL4' | 'SL5' | 'SL6' | 'SL7';

/**
 * How a metric is computed from parts. Over time and space parts combine as their kind says and in no other way; an
 * empty denominator gives null.
 * - `sum`: the sum of a part.
 * - `ratio`: scale * sum of `num` / sum of `den`; a mean is one.
 * - `perTime`: slices clipped to the bin, summed, over the elapsed time of the bin.
 * - `stateRatio`: clipped time in some states over clipped time in others.
 * - `stock`: integral of a level rebuilt per UTC minute from flows and the level, over elapsed time.
 * - `last`: sampled levels at the bin's last beat, summed over series and parts.
 * - `peak`: the largest per-slot sum of sampled levels.
 * - `oldest`: age of the oldest at the last beat.
 * - `max`: the largest value of a part.
 * - `quantile`: from merged latency buckets.
 * - `serviceLevel`: one of SL1 to SL7 from raw waits.
 */
export type MetricFormula =
  | { readonly kind: 'sum'; readonly part: PartId }
  | { readonly kind: 'ratio'; readonly num: readonly PartId[]; readonly den: readonly PartId[]; readonly scale: number }
  | { readonly kind: 'perTime'; readonly parts: readonly PartId[] }
  | {
      readonly kind: 'stateRatio';
      readonly num: readonly PartId[];
      readonly den: readonly PartId[];
      readonly scale: number;
    }
  | {
      readonly kind: 'stock';
      readonly inflows: readonly PartId[];
      readonly outflows: readonly PartId[];
      readonly level: PartId;
    }
  | { readonly kind: 'last'; readonly parts: readonly PartId[] }
  | { readonly kind: 'peak'; readonly parts: readonly PartId[] }
  | { readonly kind: 'oldest'; readonly part: PartId; readonly scale: number }
  | { readonly kind: 'max'; readonly part: PartId }
  | { readonly kind: 'quantile'; readonly fact: 'system_metrics.api'; readonly q: number }
  | { readonly kind: 'serviceLevel'; readonly fact: 'queue_metrics.visit' };

/** A metric of the catalogue. */
export interface MetricDefinition {
  readonly id: string;
  readonly category: 'call' | 'queue' | 'agent' | 'system';
  readonly title: string;
  readonly unit: MetricUnit;
  /** Which way is good news; decides the colour of a comparison. */
  readonly better: 'higher' | 'lower' | 'neutral';
  /** What it can be grouped and filtered by: those columns every one of its parts has. */
  readonly dimensions: readonly string[];
  readonly stats: Readonly<Partial<Record<MetricStat, MetricFormula>>>;
  readonly defaultStat: MetricStat;
  /** The definition shown to people. */
  readonly text: string;
  /** Where the definition comes from. */
  readonly source: string;
  /** Rises when the definition changes its value. */
  readonly version: number;
  /** Named by the product as one of its core metrics. */
  readonly required: boolean;
}

/** What each service level formula says. A_T, B_T: answered, abandoned within T; B_S: abandoned within S. */
export const SERVICE_LEVEL_FORMULAS: Readonly<Record<ServiceLevelFormula, { text: string; source: string }>> = {
  SL1: { text: '(A_T + B_T + callbacks within T) / offered', source: 'Amazon Connect: contacts removed within T' },
  SL2: { text: 'A_T / A', source: 'ICMI variant: answered calls only' },
  SL3: { text: 'A_T / (A + B)', source: 'ICMI variant: every abandon counts against' },
  SL4: { text: 'A_T / (A + B - B_T)', source: 'ICMI variant: abandons within T excluded; Bright Pattern' },
  SL5: { text: '(A_T + B_S) / (A + B)', source: 'ICMI variant: short abandons credited' },
  SL6: { text: 'A_T / (A + B - B_S)', source: 'Talkdesk, RingCentral: short abandons excluded' },
  SL7: { text: 'A_T / (A + B + F)', source: 'Genesys with flow-outs' },
};
/** Threshold T when a query gives none, seconds. */
export const DEFAULT_THRESHOLD_S = 20;
/** Short-abandon limit S when a query gives none, seconds. */
export const DEFAULT_SHORT_ABANDON_S = 5;
/** Service level formula when a query gives none. */
export const DEFAULT_SERVICE_LEVEL_FORMULA: ServiceLevelFormula = 'SL6';
