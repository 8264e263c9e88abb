import type { AuditAction, AuditEntry } from '@lumina/contracts';
import type { ConfigStore } from '../../config-store/config-store.ts';
import type { AuditLog } from './audit-log.ts';

const COLUMNS = [
  'sequence',
  'id',
  'at',
  'action',
  'actor_sub',
  'actor_roles',
  'reason',
  'target_kind',
  'target_id',
  'detail',
] as const;

interface AuditRow {
  readonly id: string;
  readonly at: Date;
  readonly action: string;
  readonly actor_sub: string;
  readonly actor_roles: readonly string[];
  readonly reason: string | null;
  readonly target_kind: string | null;
  readonly target_id: string | null;
  readonly detail: unknown;
}

function toEntry(row: AuditRow): AuditEntry {
  const { target_kind: kind, target_id: id } = row;
  return {
    id: row.id,
    at: row.at.toISOString(),
    // Only this release's actions are ever written; those of a newer one pass as they are.
    action: row.action as AuditAction,
    actor: { sub: row.actor_sub, roles: [...row.actor_roles] },
    reason: row.reason,
    target: kind === null || id === null ? null : { kind, id },
    detail: row.detail as AuditEntry['detail'],
  };
}

/** The audit trail in the configuration store, as far as the territory's own. */
export function createSqlAuditLog(store: ConfigStore): AuditLog {
  return {
    page: (tenant, { action, actor, target, from, to }, { before, limit }) =>
      store.withTenant(tenant, async (transaction) => {
        let query = transaction
          .selectFrom('audit_events')
          .select(COLUMNS)
          .where('territory_id', '=', tenant.territoryId)
          .orderBy('sequence', 'desc')
          .limit(limit + 1);
        if (action !== undefined) query = query.where('action', '=', action);
        if (actor !== undefined) query = query.where('actor_sub', '=', actor);
        if (target !== undefined) query = query.where('target_id', '=', target);
        if (from !== undefined) query = query.where('at', '>=', from);
        if (to !== undefined) query = query.where('at', '<', to);
        if (before !== undefined) query = query.where('sequence', '<', before);
        const rows = await query.execute();
        const items = rows.slice(0, limit);
        return { items: items.map(toEntry), next: rows.length > limit ? items.at(-1)?.sequence : undefined };
      }),
  };
}
