import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { Role, RowScope } from '@lumina/contracts';
import type { ConfigStore, ConfigTransaction } from '../../config-store/config-store.ts';
import type { AuditTrail } from '../audit/audit-trail.ts';
import type { InvitationStore, PendingInvitation } from './invitation-store.ts';
import { changeRights } from './sql-people-store.ts';

/** More than a territory has open; older ones have expired long since. */
const MAX_PENDING = 500;

interface InvitationRow {
  readonly id: string;
  readonly sub: string;
  readonly email: string | null;
  readonly roles: string[] | null;
  readonly scope: unknown;
  readonly invited_at: Date;
  readonly invited_by: string;
  readonly expires_at: Date;
}

function toInvitation(row: InvitationRow): PendingInvitation {
  return {
    id: row.id,
    sub: row.sub,
    ...(row.email === null ? {} : { email: row.email }),
    // Only checked grants are ever written.
    roles: (row.roles ?? []) as Role[],
    ...(row.scope === null ? {} : { scope: row.scope as RowScope }),
    invitedAt: row.invited_at,
    invitedBy: row.invited_by,
    expiresAt: row.expires_at,
  };
}

async function select(
  transaction: ConfigTransaction,
  territoryId: number,
  condition: RawBuilder<unknown>,
): Promise<readonly PendingInvitation[]> {
  const { rows } =
    await sql<InvitationRow>`select i.id, i.sub, p.email, g.roles, g.scope, i.invited_at, i.invited_by, i.expires_at
    from invitations i
    join people p on p.territory_id = i.territory_id and p.sub = i.sub
    left join access_grants g on g.territory_id = i.territory_id and g.sub = i.sub
    where i.territory_id = ${territoryId} and i.revoked_at is null and p.first_seen_at is null and p.erased_at is null
      and ${condition}
    order by i.invited_at desc, i.id limit ${MAX_PENDING}`.execute(transaction);
  return rows.map(toInvitation);
}

async function findIn(
  transaction: ConfigTransaction,
  territoryId: number,
  id: string,
): Promise<PendingInvitation | undefined> {
  const [invitation] = await select(transaction, territoryId, sql`i.id = ${id}`);
  return invitation;
}

/** Invitations in the configuration store. */
export function createSqlInvitationStore(store: ConfigStore, audit: AuditTrail): InvitationStore {
  return {
    pending: (tenant) => store.withTenant(tenant, (transaction) => select(transaction, tenant.territoryId, sql`true`)),
    find: (tenant, id) => store.withTenant(tenant, (transaction) => findIn(transaction, tenant.territoryId, id)),
    create: (actor, { sub, email, expiresAt }, decide) =>
      store.withTenant(actor, async (transaction) => {
        const newcomer = { source: 'invitation' as const, email };
        let id = '';
        const { change } = await changeRights(transaction, audit, actor, sub, decide, {
          newcomer,
          beforeAudit: async () => {
            const row = await transaction
              .insertInto('invitations')
              .values({
                territory_id: actor.territoryId,
                sub,
                invited_by: actor.sub,
                expires_at: expiresAt,
                revoked_at: null,
              })
              .returning('id')
              .executeTakeFirstOrThrow();
            id = row.id;
          },
        });
        const invitation = await findIn(transaction, actor.territoryId, id);
        if (invitation === undefined) throw new Error('An invitation that was just written cannot be read.');
        return { invitation, change };
      }),
    revoke: (actor, { id, sub }, decide) =>
      store.withTenant(actor, async (transaction) => {
        const row = await transaction
          .updateTable('invitations')
          .set({ revoked_at: sql<Date>`clock_timestamp()` })
          .where('territory_id', '=', actor.territoryId)
          .where('id', '=', id)
          .where('revoked_at', 'is', null)
          .returning('id')
          .executeTakeFirst();
        if (row === undefined) return undefined;
        const { change } = await changeRights(transaction, audit, actor, sub, decide);
        return change;
      }),
  };
}
