import type { FactId, MetricFormula } from '@lumina/contracts';
import type { ServiceLevelOptions } from '../evaluate/service-level.ts';
import type { ScanSet } from '../scans/scan-set.ts';
import type { RowSelection } from '../scans/sum-merge.ts';
import type { PartTable } from '../tables/part-table.ts';
import type { Grid } from '../time/grid.ts';

/** A formula of the catalogue, or one that a preset of definitions puts in its place. */
export type PlannedFormula =
  | MetricFormula
  /** Abandons of visits: out of all that ended or of those answered or abandoned, with or without the short ones. */
  | {
      readonly kind: 'abandonRate';
      readonly outOf: 'left' | 'answered_and_abandoned';
      readonly excludesShort: boolean;
    };

/** What planning one metric needs to know. */
export interface MetricPlan {
  readonly scans: ScanSet;
  readonly grid: Grid;
  /** The moment of asking. */
  readonly nowMs: number;
  readonly options: ServiceLevelOptions;
  /** Filters, scope and groups, per kind of fact. */
  readonly rowsOf: ReadonlyMap<FactId, RowSelection>;
  /** Levels that must be counted from open slices, since a scope cannot be expressed on them. */
  readonly fromSlices: boolean;
}

/** Reads what was planned. */
export type ReadParts = () => Promise<PartTable>;
