import { sql } from 'kysely';
import type { ConfigStore, ConfigTransaction } from '../../config-store/config-store.ts';
import type { Identity } from '../../auth/identity.ts';
import type { AuditTrail } from '../audit/audit-trail.ts';
import { sessionOf } from './people-store.ts';
import type { SightingStore } from './people-store.ts';

/** Longer than any session lasts. */
const SESSIONS_KEPT_DAYS = 40;

/** @returns false for someone who is erased, of whom nothing is kept. */
async function writePerson(transaction: ConfigTransaction, identity: Identity): Promise<boolean> {
  const { territoryId, sub, roles, scope, profile } = identity;
  const { rows } = await sql`insert into people as known
      (territory_id, sub, source, first_seen_at, last_seen_at, last_sign_in_at, token_roles, token_scope, name, email)
    values (${territoryId}, ${sub}, 'token', now(), now(), to_timestamp(${sessionOf(identity)}::float8), ${[...roles]}::text[],
      ${scope === undefined ? null : JSON.stringify(scope)}::jsonb, ${profile?.name ?? null}, ${profile?.email ?? null})
    on conflict (territory_id, sub) do update set
      first_seen_at = coalesce(known.first_seen_at, now()),
      last_seen_at = now(),
      last_sign_in_at = greatest(known.last_sign_in_at, excluded.last_sign_in_at),
      -- A device that still holds an older token says nothing of what the newest one allows.
      token_roles = case when excluded.last_sign_in_at < known.last_sign_in_at then known.token_roles else excluded.token_roles end,
      token_scope = case when excluded.last_sign_in_at < known.last_sign_in_at then known.token_scope else excluded.token_scope end,
      name = coalesce(excluded.name, known.name),
      email = coalesce(excluded.email, known.email)
    where known.erased_at is null
    returning sub`.execute(transaction);
  return rows.length > 0;
}

async function isNewSession(transaction: ConfigTransaction, identity: Identity): Promise<boolean> {
  const { territoryId, sub } = identity;
  const { rows } = await sql`insert into person_sessions (territory_id, sub, signed_in_at)
    values (${territoryId}, ${sub}, to_timestamp(${sessionOf(identity)}::float8))
    on conflict do nothing returning sub`.execute(transaction);
  if (rows.length === 0) return false;
  await transaction
    .deleteFrom('person_sessions')
    .where('territory_id', '=', territoryId)
    .where('sub', '=', sub)
    .where('signed_in_at', '<', sql<Date>`now() - make_interval(days => ${SESSIONS_KEPT_DAYS})`)
    .execute();
  return true;
}

/** Sightings in the configuration store. */
export function createSqlSightingStore(store: ConfigStore, audit: AuditTrail): SightingStore {
  return {
    record: ({ identity }) =>
      store.withTenant(identity, async (transaction) => {
        if (!(await writePerson(transaction, identity))) return;
        if (await isNewSession(transaction, identity))
          await audit.recordIn(transaction, identity, { action: 'sign_in' });
      }),
  };
}
