import type { FactId, MetricFormula } from '@lumina/contracts';
import type { ServiceLevelOptions } from '../evaluate/service-level.ts';
import type { ScanSet } from '../scans/scan-set.ts';
import type { PartTable } from '../tables/part-table.ts';
import type { SliceSelection } from '../tables/slice-groups.ts';
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
  readonly rowsOf: ReadonlyMap<FactId, SliceSelection>;
  /** Levels that must be counted from open slices, since levels know no agents and no queues. */
  readonly fromSlices: boolean;
}

/** Reads what was planned. */
export type ReadParts = () => Promise<PartTable>;
