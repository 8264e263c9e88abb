import { sql } from 'kysely';
import type { ConfigTransaction } from '../../config-store/config-store.ts';

/**
 * Locks a territory's directory until the commit: whoever changes it does so first, so that of two changes one sees what
 * the other did, and neither waits in a ring.
 */
export async function lockDirectory(transaction: ConfigTransaction, territoryId: number): Promise<void> {
  await sql`insert into directory_versions (territory_id, version) values (${territoryId}::bigint, 0)
    on conflict do nothing`.execute(transaction);
  await sql`select version from directory_versions where territory_id = ${territoryId} for update`.execute(transaction);
}

/** Whether a region knows a territory; nothing can be kept of another. */
export async function isKnownTerritory(transaction: ConfigTransaction, territoryId: number): Promise<boolean> {
  const row = await transaction
    .selectFrom('territories')
    .select('territory_id')
    .where('territory_id', '=', territoryId)
    .executeTakeFirst();
  return row !== undefined;
}

/** Things that others name before they have a name of their own. */
export async function ensureKnown(
  transaction: ConfigTransaction,
  kind: 'queues' | 'teams' | 'agents',
  territoryId: number,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  await sql`insert into ${sql.table(kind)} (territory_id, id, name, unnamed)
    select distinct ${territoryId}::bigint, given.id, given.id, true from unnest(${[...ids]}::text[]) as given (id)
    on conflict do nothing`.execute(transaction);
}

/** All the queues that an agent serves from an instant on. */
export interface ServedQueues {
  readonly agentId: string;
  readonly queueIds: readonly string[];
}

/**
 * Applies full lists of queues by agent, as of an instant. Who leaves a queue stays a member of its past; what was planned
 * for later is given up, since the list says what holds from now on. Agents of whom something newer was said stay as they are.
 */
export async function serveQueues(
  transaction: ConfigTransaction,
  territoryId: number,
  lists: readonly ServedQueues[],
  at: Date,
): Promise<void> {
  if (lists.length === 0) return;
  const { rows } = await sql<{ id: string }>`update agents set members_changed_at = ${at}::timestamptz
    where territory_id = ${territoryId} and id = any(${lists.map(({ agentId }) => agentId)}::text[])
      and (members_changed_at is null or members_changed_at <= ${at}::timestamptz) returning id`.execute(transaction);
  const heard = new Set(rows.map(({ id }) => id));
  const pairs = lists
    .filter(({ agentId }) => heard.has(agentId))
    .flatMap(({ agentId, queueIds }) => queueIds.map((queueId) => [queueId, agentId] as const));
  const queueIds = pairs.map(([queueId]) => queueId);
  await ensureKnown(transaction, 'queues', territoryId, queueIds);
  const given = sql`select * from unnest(${queueIds}::text[], ${pairs.map(([, agentId]) => agentId)}::text[])
    as given (queue_id, agent_id)`;
  const ofHeard = sql`m.territory_id = ${territoryId} and m.agent_id = any(${[...heard]}::text[])`;
  await sql`delete from queue_members m where ${ofHeard} and m.valid_from > ${at}::timestamptz`.execute(transaction);
  await sql`update queue_members m set valid_to = case when (m.queue_id, m.agent_id) in (${given}) then null
      else greatest(m.valid_from, ${at}::timestamptz) end
    where ${ofHeard} and (m.valid_to is null or m.valid_to > ${at}::timestamptz)`.execute(transaction);
  await sql`insert into queue_members (territory_id, queue_id, agent_id, valid_from)
    select distinct ${territoryId}::bigint, given.queue_id, given.agent_id, ${at}::timestamptz from (${given}) as given
    where not exists (select 1 from queue_members m where m.territory_id = ${territoryId}
      and m.agent_id = given.agent_id and m.queue_id = given.queue_id and m.valid_to is null)
    on conflict (territory_id, queue_id, agent_id, valid_from) do update set valid_to = null`.execute(transaction);
}

/** The intervals of some agents in one queue, all lists of one length. */
export interface IntervalLists {
  readonly agentIds: readonly string[];
  readonly from: readonly Date[];
  readonly to: readonly (Date | null)[];
}

/** Of each agent the intervals hold from the earliest of them on; what was before is cut there and stays. */
export async function replaceIntervals(
  transaction: ConfigTransaction,
  territoryId: number,
  queueId: string,
  { agentIds, from, to }: IntervalLists,
): Promise<void> {
  const given = sql`select * from unnest(${[...agentIds]}::text[], ${[...from]}::timestamptz[], ${[...to]}::timestamptz[])
    as given (agent_id, valid_from, valid_to)`;
  const firsts = sql`select given.agent_id, min(given.valid_from) as at from (${given}) as given group by given.agent_id`;
  await sql`delete from queue_members m using (${firsts}) as first
    where m.territory_id = ${territoryId} and m.queue_id = ${queueId} and m.agent_id = first.agent_id
      and m.valid_from >= first.at`.execute(transaction);
  await sql`update queue_members m set valid_to = first.at from (${firsts}) as first
    where m.territory_id = ${territoryId} and m.queue_id = ${queueId} and m.agent_id = first.agent_id
      and (m.valid_to is null or m.valid_to > first.at)`.execute(transaction);
  await sql`insert into queue_members (territory_id, queue_id, agent_id, valid_from, valid_to)
    select ${territoryId}::bigint, ${queueId}, given.agent_id, given.valid_from, given.valid_to
    from (${given}) as given`.execute(transaction);
}

/** Whoever is not among some agents leaves a queue now. */
export async function endOthers(
  transaction: ConfigTransaction,
  territoryId: number,
  queueId: string,
  { agentIds, at }: { readonly agentIds: readonly string[]; readonly at: Date },
): Promise<void> {
  const others = sql`m.territory_id = ${territoryId} and m.queue_id = ${queueId}
    and m.agent_id <> all(${[...agentIds]}::text[])`;
  await sql`update agents set members_changed_at = ${at}::timestamptz where territory_id = ${territoryId}
    and id in (select m.agent_id from queue_members m where ${others}
      and (m.valid_to is null or m.valid_to > ${at}::timestamptz))`.execute(transaction);
  await sql`delete from queue_members m where ${others} and m.valid_from > ${at}::timestamptz`.execute(transaction);
  await sql`update queue_members m set valid_to = ${at}::timestamptz where ${others}
    and (m.valid_to is null or m.valid_to > ${at}::timestamptz)`.execute(transaction);
}
