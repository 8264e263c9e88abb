import type { Tenant } from '../../config-store/tenant.ts';

/** A dashboard's row in a list. */
export interface DashboardSummary {
  readonly id: string;
  readonly title: string;
  readonly version: number;
  readonly updatedAt: string;
  readonly updatedBy: string;
}

/** A stored dashboard; `body` is dashboard JSON of contracts (any schemaVersion, upgraded on reading). */
export interface StoredDashboard extends DashboardSummary {
  readonly body: unknown;
}

/** What a writer gives. */
export interface DashboardDraft {
  readonly title: string;
  readonly body: unknown;
  readonly author: string;
}

/** The outcome of a guarded write: `stale` when the version was not the expected one. */
export type GuardedWrite =
  | { readonly kind: 'done'; readonly dashboard: StoredDashboard }
  | { readonly kind: 'stale' }
  | { readonly kind: 'missing' };

/** Dashboards of one territory and their former versions. */
export interface DashboardStore {
  list: (tenant: Tenant) => Promise<readonly DashboardSummary[]>;
  find: (tenant: Tenant, id: string) => Promise<StoredDashboard | undefined>;
  create: (tenant: Tenant, draft: DashboardDraft) => Promise<StoredDashboard>;
  /** Replaces the dashboard if its version is still `expectedVersion`. */
  replace: (tenant: Tenant, id: string, expectedVersion: number, draft: DashboardDraft) => Promise<GuardedWrite>;
  remove: (tenant: Tenant, id: string) => Promise<boolean>;
  versions: (tenant: Tenant, id: string) => Promise<readonly DashboardSummary[]>;
}
