import { sql } from 'kysely';
import type { ConfigStore, ConfigTransaction } from '../../config-store/config-store.ts';
import type { WebhookEvent } from '@lumina/contracts';
import type { EvaluationStore } from './evaluation-store.ts';
import { holdsLease } from './sql-alert-lease.ts';

interface HeadRow {
  readonly territory_id: number;
  readonly id: string;
  readonly endpoint_id: string;
  readonly event: WebhookEvent;
  readonly body: string;
  readonly attempts: number;
  readonly url: string;
  readonly secret: string;
  readonly former_secret: string | null;
}

async function countBacklog(transaction: ConfigTransaction): Promise<{ pending: number; dead: number }> {
  // The policy of the role keeps what waits and what is young.
  await sql`delete from webhook_deliveries where status <> 'pending' and created_at < now() - interval '30 days'`.execute(
    transaction,
  );
  const { rows } = await sql<{ pending: number; dead: number }>`
    select count(*) filter (where status = 'pending') as pending, count(*) filter (where status = 'dead') as dead
    from webhook_deliveries where status <> 'delivered'
  `.execute(transaction);
  return rows[0] ?? { pending: 0, dead: 0 };
}

/** The outbox: what waits of each endpoint in order, and what became of it. */
export function deliveryQueue(store: ConfigStore): Pick<EvaluationStore, 'due' | 'settle' | 'backlog'> {
  return {
    due: () =>
      store.withRole('lumina_alerts', async (transaction) => {
        const { rows } = await sql<HeadRow>`
          select head.territory_id, head.id, head.endpoint_id, head.event, head.body, head.attempts,
            endpoint.url, endpoint.secret,
            case when endpoint.former_until > clock_timestamp() then endpoint.former_secret end as former_secret
          from (
            select distinct on (territory_id, endpoint_id) *
            from webhook_deliveries where status = 'pending'
            order by territory_id, endpoint_id, position
          ) head
          join webhook_endpoints endpoint
            on endpoint.territory_id = head.territory_id and endpoint.id = head.endpoint_id
          where head.next_attempt_at <= clock_timestamp()
        `.execute(transaction);
        return rows.map((row) => ({
          territoryId: row.territory_id,
          id: row.id,
          endpointId: row.endpoint_id,
          event: row.event,
          body: row.body,
          attempts: row.attempts,
          url: row.url,
          secrets: row.former_secret === null ? [row.secret] : [row.secret, row.former_secret],
        }));
      }),
    settle: (lease, { territoryId, id }, outcome) =>
      store.withTenant(
        { territoryId },
        async (transaction) => {
          if (!(await holdsLease(transaction, lease))) return false;
          const retryInMs = outcome.status === 'pending' ? outcome.retryInMs : 0;
          await transaction
            .updateTable('webhook_deliveries')
            .set({
              status: outcome.status,
              attempts: sql<number>`attempts + 1`,
              next_attempt_at: sql<Date>`clock_timestamp() + ${retryInMs} * interval '1 millisecond'`,
              error: outcome.status === 'delivered' ? null : outcome.error,
            })
            .where('territory_id', '=', territoryId)
            .where('id', '=', id)
            .execute();
          return true;
        },
        'lumina_alerts',
      ),
    backlog: () => store.withRole('lumina_alerts', countBacklog),
  };
}
