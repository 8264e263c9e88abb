import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
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
    where territory_id = ${territoryId} and id in (select unnest(${lists.map(({ agentId }) => agentId)}::text[]))
      and (members_changed_at is null or members_changed_at <= ${at}::timestamptz) returning id`.execute(transaction);
  const heard = new Set(rows.map(({ id }) => id));
  const wanted = new Map(
    lists.filter(({ agentId }) => heard.has(agentId)).map((list) => [list.agentId, list.queueIds]),
  );
  await ensureKnown(transaction, 'queues', territoryId, [...new Set([...wanted.values()].flat())]);
  // Compared here, since a list that is sent every night mostly changes nothing.
  const held = await readHeld(transaction, territoryId, { wanted, at });
  const isWanted = (one: Held): boolean => wanted.get(one.agent_id)?.includes(one.queue_id) === true;
  const hasBegun = (one: Held): boolean => one.valid_from <= at;
  const kept = held.filter((one) => hasBegun(one) && isWanted(one));
  const keyOf = (queueId: string, agentId: string): string => JSON.stringify([queueId, agentId]);
  const served = new Set(kept.map((one) => keyOf(one.queue_id, one.agent_id)));
  const missing = [...wanted].flatMap(([agentId, queueIds]) =>
    queueIds.filter((queueId) => !served.has(keyOf(queueId, agentId))).map((queueId) => [queueId, agentId] as const),
  );
  const those = (some: readonly Held[]): RawBuilder<unknown> => sql`m.territory_id = ${territoryId}
    and (m.queue_id, m.agent_id, m.valid_from) in (select * from unnest(${some.map(({ queue_id }) => queue_id)}::text[],
      ${some.map(({ agent_id }) => agent_id)}::text[], ${some.map(({ valid_from_text }) => valid_from_text)}::timestamptz[]))`;
  const planned = held.filter((one) => !hasBegun(one));
  const ending = held.filter((one) => hasBegun(one) && !isWanted(one));
  const ended = kept.filter(({ valid_to }) => valid_to !== null);
  if (planned.length > 0) await sql`delete from queue_members m where ${those(planned)}`.execute(transaction);
  if (ending.length > 0)
    await sql`update queue_members m set valid_to = ${at}::timestamptz where ${those(ending)}`.execute(transaction);
  if (ended.length > 0)
    await sql`update queue_members m set valid_to = null where ${those(ended)}`.execute(transaction);
  if (missing.length === 0) return;
  await sql`insert into queue_members (territory_id, queue_id, agent_id, valid_from)
    select distinct ${territoryId}::bigint, given.queue_id, given.agent_id, ${at}::timestamptz
    from unnest(${missing.map(([queueId]) => queueId)}::text[], ${missing.map(([, agentId]) => agentId)}::text[])
      as given (queue_id, agent_id)
    on conflict (territory_id, queue_id, agent_id, valid_from) do update set valid_to = null`.execute(transaction);
}

interface Held {
  readonly queue_id: string;
  readonly agent_id: string;
  readonly valid_from: Date;
  /** To its last microsecond, which a Date does not hold. */
  readonly valid_from_text: string;
  readonly valid_to: Date | null;
}

/** The memberships of some agents that hold at an instant, or are planned for later. */
async function readHeld(
  transaction: ConfigTransaction,
  territoryId: number,
  { wanted, at }: { readonly wanted: ReadonlyMap<string, unknown>; readonly at: Date },
): Promise<readonly Held[]> {
  const [only, ...others] = wanted.keys();
  // One agent is what the live tail tells of; of many all are read, which is one walk through the table.
  const ofOne = only !== undefined && others.length === 0 ? sql`and m.agent_id = ${only}` : sql``;
  const { rows } =
    await sql<Held>`select m.queue_id, m.agent_id, m.valid_from, m.valid_from::text as valid_from_text, m.valid_to
    from queue_members m where m.territory_id = ${territoryId} ${ofOne} and (m.valid_to is null or m.valid_to > ${at}::timestamptz)`.execute(
      transaction,
    );
  return rows.filter(({ agent_id }) => wanted.has(agent_id));
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
