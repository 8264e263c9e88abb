import type { CustomMetric, CustomMetricDraft } from '@lumina/contracts';
import type { Tenant } from '../../config-store/tenant.ts';
import type { AuditActor } from '../audit/audit-trail.ts';

/** The outcome of a guarded write: `stale` when the version was not the expected one. */
export type CustomMetricWrite =
  { readonly kind: 'done'; readonly metric: CustomMetric } | { readonly kind: 'stale' } | { readonly kind: 'missing' };

/** The metrics that one territory has defined for itself, and what they meant before. Changes are audited with them. */
export interface CustomMetricStore {
  list: (tenant: Tenant) => Promise<readonly CustomMetric[]>;
  find: (tenant: Tenant, id: string) => Promise<CustomMetric | undefined>;
  create: (actor: AuditActor, draft: CustomMetricDraft) => Promise<CustomMetric>;
  /** Replaces the metric if its version is still `expectedVersion`. */
  replace: (
    actor: AuditActor,
    id: string,
    expectedVersion: number,
    draft: CustomMetricDraft,
  ) => Promise<CustomMetricWrite>;
  remove: (actor: AuditActor, id: string) => Promise<boolean>;
  /** Newest first. */
  versions: (tenant: Tenant, id: string) => Promise<readonly CustomMetric[]>;
}
