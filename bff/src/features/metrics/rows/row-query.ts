import type {
  DataRow,
  MetricFilter,
  Permission,
  Role,
  RowKind,
  RowOrder,
  RowPosition,
  RowScope,
} from '@lumina/contracts';
import type { AgentDirectory, Territory } from '../plan/scope.ts';
import type { ScanReader } from '../scans/scan.ts';
import type { TenantReader } from '../scans/tenant-reader.ts';
import type { TimeRange } from '../time/range.ts';

/** Who asks for rows. */
export interface RowIdentity {
  readonly sub: string;
  readonly territoryId: number;
  readonly regionId: number;
  readonly permissions: readonly Permission[];
  readonly scope?: RowScope;
  /** Told to the audit, as is why a super_admin looks; rows of now are recorded for nobody and need neither. */
  readonly roles?: readonly Role[];
  readonly reason?: string;
}

/** A request for rows, checked. */
export interface RowQuery {
  readonly identity: RowIdentity;
  readonly filters: readonly MetricFilter[];
  readonly order: RowOrder;
  /** The last row of the page before: where this one begins. */
  readonly after: RowPosition | undefined;
  readonly limit: number;
  readonly range: TimeRange;
  readonly nowMs: number;
}

/** One page: the rows, and where the next page begins if there is one. */
export interface RowPage {
  readonly rows: readonly DataRow[];
  readonly next: RowPosition | undefined;
}

/** One person of the directory. */
export interface AgentEntry {
  readonly id: string;
  readonly name: string;
  readonly teamId?: string;
  readonly queueIds?: readonly string[];
}

/** The directory, as far as rows need it. */
export interface RowDirectory extends AgentDirectory {
  readonly timeZoneOf: (tenant: Territory) => Promise<string | undefined>;
  readonly list: (
    tenant: Territory,
    kind: 'agents',
    search: { readonly scope?: RowScope; readonly limit: number },
  ) => Promise<readonly AgentEntry[]>;
}

/** What reading rows takes, for one tenant and scope. */
export interface RowSources {
  readonly statements: TenantReader;
  readonly scans: ScanReader;
  readonly directory: RowDirectory;
}

/** How one kind of rows is read. */
export interface RowReader {
  readonly defaultOrder: RowOrder;
  /** Columns that may decide the order. */
  readonly orders: readonly string[];
  /** Columns that filters may name. */
  readonly filters: readonly string[];
  readonly permissions: readonly Permission[];
  readonly read: (query: RowQuery, sources: RowSources) => Promise<RowPage>;
}

/** The readers of all kinds. */
export type RowReaders = Readonly<Record<RowKind, RowReader>>;
