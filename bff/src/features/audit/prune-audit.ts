import { sql } from 'kysely';
import type { ConfigStore } from '../../config-store/config-store.ts';
import type { AuditTrail } from './audit-trail.ts';

/** The database removes nothing younger, whoever asks. */
export const MIN_AUDIT_DAYS = 90;
/** As long as the facts that people looked at are kept. */
export const DEFAULT_AUDIT_DAYS = 400;

const OPERATOR = 'operator';

/** What was removed of one territory. */
export interface PrunedTerritory {
  readonly territoryId: number;
  readonly count: number;
}

/**
 * Removes acts that are older than so many days, territory by territory, and records that it did. Needs a login that may
 * take the pruning role: the owner, not a server.
 */
export async function pruneAudit(
  store: ConfigStore,
  audit: AuditTrail,
  { olderThanDays }: { readonly olderThanDays: number },
): Promise<readonly PrunedTerritory[]> {
  if (olderThanDays < MIN_AUDIT_DAYS) {
    throw new RangeError(`Acts of the last ${String(MIN_AUDIT_DAYS)} days are always kept.`);
  }
  const before = sql<Date>`now() - make_interval(days => ${olderThanDays}::int)`;
  const territories = await store.withRole('lumina_prune', (transaction) =>
    transaction
      .selectFrom('audit_events')
      .select('territory_id')
      .distinct()
      .where('at', '<', before)
      .orderBy('territory_id')
      .execute(),
  );
  const pruned: PrunedTerritory[] = [];
  for (const { territory_id: territoryId } of territories) {
    const count = await store.withTenant(
      { territoryId },
      async (transaction) => {
        const { numDeletedRows } = await transaction
          .deleteFrom('audit_events')
          .where('territory_id', '=', territoryId)
          .where('at', '<', before)
          .executeTakeFirst();
        const detail = { olderThanDays, count: Number(numDeletedRows) };
        await audit.recordIn(
          transaction,
          { territoryId, sub: OPERATOR, roles: [] },
          { action: 'audit_pruned', detail },
        );
        return detail.count;
      },
      'lumina_prune',
    );
    pruned.push({ territoryId, count });
  }
  return pruned;
}
