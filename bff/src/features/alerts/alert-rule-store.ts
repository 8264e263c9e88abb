import type { AlertRuleDraft, AlertStateReport, AlertTransition, RowScope } from '@lumina/contracts';
import type { Tenant } from '../../config-store/tenant.ts';
import type { AuditActor } from '../audit/audit-trail.ts';

/** Who saves a rule; the rule sees what they see. */
export type RuleAuthor = AuditActor & { readonly scope?: RowScope };

/** A rule as it is stored. */
export interface StoredRule {
  readonly id: string;
  readonly version: number;
  readonly draft: AlertRuleDraft;
  /** The rows it is evaluated over; undefined is the whole territory. */
  readonly scope: RowScope | undefined;
  readonly updatedAt: string;
  readonly updatedBy: string;
}

/** The outcome of a guarded write: `stale` when the version was not the expected one. */
export type RuleWrite =
  { readonly kind: 'done'; readonly rule: StoredRule } | { readonly kind: 'stale' } | { readonly kind: 'missing' };

/** The alert rules of one territory and what became of them. Every change is audited together with it. */
export interface AlertRuleStore {
  list: (tenant: Tenant) => Promise<readonly StoredRule[]>;
  find: (tenant: Tenant, id: string) => Promise<StoredRule | undefined>;
  /** Undefined when the territory has as many as it may. */
  create: (author: RuleAuthor, draft: AlertRuleDraft) => Promise<StoredRule | undefined>;
  /** Replaces the rule if its version is still `expectedVersion`. */
  replace: (author: RuleAuthor, id: string, expectedVersion: number, draft: AlertRuleDraft) => Promise<RuleWrite>;
  remove: (author: RuleAuthor, id: string) => Promise<boolean>;
  /** Newest first. */
  history: (tenant: Tenant, id: string, limit: number) => Promise<readonly AlertTransition[]>;
  /** Of every rule that was evaluated. */
  states: (tenant: Tenant) => Promise<readonly AlertStateReport[]>;
}
