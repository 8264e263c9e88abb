import type { Webhook, WebhookDelivery, WebhookDraft } from '@lumina/contracts';
import type { Tenant } from '../../config-store/tenant.ts';
import type { AuditActor } from '../audit/audit-trail.ts';

/** The outcome of a guarded write. */
export type WebhookWrite =
  { readonly kind: 'done'; readonly webhook: Webhook } | { readonly kind: 'stale' } | { readonly kind: 'missing' };

/** The endpoints of one territory. Secrets go in and never come out; every change is audited together with it. */
export interface WebhookStore {
  list: (tenant: Tenant) => Promise<readonly Webhook[]>;
  find: (tenant: Tenant, id: string) => Promise<Webhook | undefined>;
  /** Undefined when the territory has as many as it may. */
  create: (actor: AuditActor, draft: WebhookDraft, secret: string) => Promise<Webhook | undefined>;
  replace: (actor: AuditActor, id: string, expectedVersion: number, draft: WebhookDraft) => Promise<WebhookWrite>;
  /** Replaces the secret; the one before signs beside it for `overlapMs`. */
  rotate: (actor: AuditActor, id: string, secret: string, overlapMs: number) => Promise<Webhook | undefined>;
  /** With all its messages. */
  remove: (actor: AuditActor, id: string) => Promise<boolean>;
  /** Newest first. */
  deliveries: (tenant: Tenant, id: string, limit: number) => Promise<readonly WebhookDelivery[]>;
  /** Puts a message that tells of nothing in line; undefined when there is no such endpoint or too much waits already. */
  enqueueTest: (actor: AuditActor, id: string) => Promise<WebhookDelivery | undefined>;
}
