import type { ConfigStore, ConfigTransaction } from '../../config-store/config-store.ts';
import type { AuditActor, AuditEvent, AuditTrail } from './audit-trail.ts';

async function recordIn(
  transaction: ConfigTransaction,
  { territoryId, sub, roles, reason }: AuditActor,
  { action, target, detail = {} }: AuditEvent,
): Promise<void> {
  await transaction
    .insertInto('audit_events')
    .values({
      territory_id: territoryId,
      action,
      actor_sub: sub,
      actor_roles: [...roles],
      reason: reason ?? null,
      target_kind: target?.kind ?? null,
      target_id: target?.id ?? null,
      detail: JSON.stringify(detail),
    })
    .execute();
}

/** The audit trail in the configuration store. */
export function createSqlAuditTrail(store: ConfigStore): AuditTrail {
  return {
    record: (actor, event) => store.withTenant(actor, (transaction) => recordIn(transaction, actor, event)),
    recordIn,
  };
}
