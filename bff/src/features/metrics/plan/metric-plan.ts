import type { FactId } from '@lumina/contracts';
import type { ServiceLevelOptions } from '../evaluate/service-level.ts';
import type { PartTable } from '../scans/parts.ts';
import type { RowSelection } from '../scans/scan.ts';
import type { ScanSet } from '../scans/scan-set.ts';
import type { Grid } from '../time/grid.ts';

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
