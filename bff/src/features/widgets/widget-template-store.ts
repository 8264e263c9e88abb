import type { Tenant } from '../../config-store/tenant.ts';
import type { AuditActor } from '../audit/audit-trail.ts';

/** A widget that an editor can start from. */
export interface WidgetTemplate {
  readonly id: string;
  readonly title: string;
  /** Widget JSON without a place on a grid. */
  readonly body: unknown;
  readonly version: number;
  /** Whether the platform offers it to all; then nobody in the territory changes it. */
  readonly isShared: boolean;
}

/** What a writer gives. */
export interface WidgetTemplateDraft {
  readonly title: string;
  readonly body: unknown;
}

/** The outcome of a change: `shared` templates are the platform's, `stale` ones have another version by now. */
export type TemplateWrite =
  | { readonly kind: 'done'; readonly template: WidgetTemplate }
  | { readonly kind: 'missing' }
  | { readonly kind: 'shared' }
  | { readonly kind: 'stale'; readonly current: WidgetTemplate };

/** Templates of a territory and those offered to all. */
export interface WidgetTemplateStore {
  list: (tenant: Tenant) => Promise<readonly WidgetTemplate[]>;
  create: (actor: AuditActor, draft: WidgetTemplateDraft) => Promise<WidgetTemplate>;
  /** Replaces a template of the territory if its version is still `expectedVersion`. */
  replace: (
    actor: AuditActor,
    id: string,
    expectedVersion: number,
    draft: WidgetTemplateDraft,
  ) => Promise<TemplateWrite>;
  remove: (actor: AuditActor, id: string) => Promise<TemplateWrite>;
}
