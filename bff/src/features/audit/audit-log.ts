import type { AuditAction, AuditEntry } from '@lumina/contracts';
import type { Tenant } from '../../config-store/tenant.ts';

/** Which acts are asked for; what is absent limits nothing. */
export interface AuditFilter {
  readonly action?: AuditAction;
  /** The subject of the token of whoever acted. */
  readonly actor?: string;
  /** The id of what was acted upon. */
  readonly target?: string;
  /** Inclusive. */
  readonly from?: Date;
  /** Exclusive. */
  readonly to?: Date;
}

/** Part of the trail, newest first. */
export interface AuditLogPage {
  readonly items: readonly AuditEntry[];
  /** The place of its last act, if older ones follow. */
  readonly next: number | undefined;
}

/** Reads what was recorded of a territory. */
export interface AuditLog {
  /** The acts that are older than the place `before`, or the newest. */
  page: (
    tenant: Tenant,
    filter: AuditFilter,
    cut: { readonly before?: number | undefined; readonly limit: number },
  ) => Promise<AuditLogPage>;
}
