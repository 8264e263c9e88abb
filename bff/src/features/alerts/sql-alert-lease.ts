import { sql } from 'kysely';
import type { ConfigStore, ConfigTransaction } from '../../config-store/config-store.ts';
import type { AlertLease, EvaluationStore } from './evaluation-store.ts';

/** One lease for all of a region. */
const NAME = 'evaluation';

/**
 * Whether a lease is held, in the transaction of a write under it. Its row is locked until the commit: whoever takes the
 * lease next waits for that, and then sees what was written.
 */
export async function holdsLease(transaction: ConfigTransaction, { holder, fence }: AlertLease): Promise<boolean> {
  const { rows } = await sql`
    select fence from alert_leases
    where name = ${NAME} and holder = ${holder} and fence = ${fence} and expires_at > clock_timestamp()
    for share
  `.execute(transaction);
  return rows.length === 1;
}

/** Takes, renews and gives back the lease. The clock of the database decides, so that replicas need not agree on theirs. */
export function leaseKeeper(store: ConfigStore): Pick<EvaluationStore, 'take' | 'release'> {
  return {
    take: (holder, ttlMs) =>
      store.withRole('lumina_alerts', async (transaction) => {
        const expiry = sql`clock_timestamp() + ${ttlMs} * interval '1 millisecond'`;
        const { rows } = await sql<AlertLease>`
          insert into alert_leases (name, holder, fence, expires_at) values (${NAME}, ${holder}, 1, ${expiry})
          on conflict (name) do update set
            holder = excluded.holder,
            fence = alert_leases.fence + case when alert_leases.holder = excluded.holder then 0 else 1 end,
            expires_at = ${expiry}
          where alert_leases.holder = excluded.holder or alert_leases.expires_at <= clock_timestamp()
          returning holder, fence
        `.execute(transaction);
        return rows[0];
      }),
    release: ({ holder, fence }) =>
      store.withRole('lumina_alerts', async (transaction) => {
        await sql`
          update alert_leases set expires_at = clock_timestamp()
          where name = ${NAME} and holder = ${holder} and fence = ${fence}
        `.execute(transaction);
      }),
  };
}
