import type { CustomMetric, CustomMetricDraft } from '@lumina/contracts';
import type { Tenant } from '../../config-store/tenant.ts';

/** The outcome of a guarded write: `stale` when the version was not the expected one. */
export type CustomMetricWrite =
  { readonly kind: 'done'; readonly metric: CustomMetric } | { readonly kind: 'stale' } | { readonly kind: 'missing' };

/** The metrics that one territory has defined for itself, and what they meant before. */
export interface CustomMetricStore {
  list: (tenant: Tenant) => Promise<readonly CustomMetric[]>;
  find: (tenant: Tenant, id: string) => Promise<CustomMetric | undefined>;
  create: (tenant: Tenant, draft: CustomMetricDraft, author: string) => Promise<CustomMetric>;
  /** Replaces the metric if its version is still `expectedVersion`. */
  replace: (
    tenant: Tenant,
    id: string,
    expectedVersion: number,
    draft: CustomMetricDraft,
    author: string,
  ) => Promise<CustomMetricWrite>;
  remove: (tenant: Tenant, id: string) => Promise<boolean>;
  /** Newest first. */
  versions: (tenant: Tenant, id: string) => Promise<readonly CustomMetric[]>;
}
