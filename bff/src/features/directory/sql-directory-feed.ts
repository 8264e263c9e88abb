import { sql } from 'kysely';
import type { ConfigStore, ConfigTransaction } from '../../config-store/config-store.ts';
import type { DirectoryChange } from './directory-change.ts';
import type { DirectoryFeedStore, RefusedChange } from './directory-feed.ts';

/** Things that others name before they have a name of their own. */
async function ensureNamed(
  transaction: ConfigTransaction,
  kind: 'queues' | 'teams',
  territoryId: number,
  ids: readonly string[],
): Promise<void> {
  await sql`insert into ${sql.table(kind)} (territory_id, id, name)
    select ${territoryId}::bigint, given.id, given.id from unnest(${[...ids]}::text[]) as given (id)
    on conflict do nothing`.execute(transaction);
}

/** Writes one entry. @returns whether it did: what is older than the entry changes nothing. */
async function upsert(transaction: ConfigTransaction, change: DirectoryChange): Promise<boolean> {
  const { territoryId, kind, id, at, fields } = change;
  const table = sql.table(kind);
  const retiredAt = fields.deleted === true ? at : null;
  const { numAffectedRows } = await sql`insert into ${table} as entry
      (territory_id, id, name, external_id, changed_at, retired_at)
    values (${territoryId}::bigint, ${id}, ${fields.name ?? id}, ${fields.externalId ?? null}, ${at}, ${retiredAt})
    on conflict (territory_id, id) do update set
      name = ${fields.name === undefined ? sql.ref('entry.name') : sql`excluded.name`},
      external_id = ${fields.externalId === undefined ? sql.ref('entry.external_id') : sql`excluded.external_id`},
      changed_at = excluded.changed_at, retired_at = excluded.retired_at
    where entry.changed_at is null or entry.changed_at <= excluded.changed_at`.execute(transaction);
  return (numAffectedRows ?? 0n) > 0n;
}

async function setTeam(transaction: ConfigTransaction, { territoryId, id, fields }: DirectoryChange): Promise<void> {
  const { teamId } = fields;
  if (teamId === undefined) return;
  if (teamId !== null) await ensureNamed(transaction, 'teams', territoryId, [teamId]);
  await sql`update agents set team_id = ${teamId} where territory_id = ${territoryId} and id = ${id}`.execute(
    transaction,
  );
}

/** Who leaves a queue stays a member of its past. */
async function setQueues(transaction: ConfigTransaction, change: DirectoryChange): Promise<void> {
  const { territoryId, id, at, fields } = change;
  const queueIds = fields.deleted === true ? [] : fields.queueIds;
  if (queueIds === undefined) return;
  await ensureNamed(transaction, 'queues', territoryId, queueIds);
  await sql`update queue_members set valid_to = greatest(valid_from, ${at}::timestamptz)
    where territory_id = ${territoryId} and agent_id = ${id} and valid_to is null
      and queue_id <> all(${[...queueIds]}::text[])`.execute(transaction);
  await sql`insert into queue_members (territory_id, queue_id, agent_id, valid_from)
    select distinct ${territoryId}::bigint, given.queue_id, ${id}, ${at}::timestamptz
    from unnest(${[...queueIds]}::text[]) as given (queue_id)
    where not exists (select 1 from queue_members m where m.territory_id = ${territoryId}
      and m.agent_id = ${id} and m.queue_id = given.queue_id and m.valid_to is null)
    on conflict (territory_id, queue_id, agent_id, valid_from) do update set valid_to = null`.execute(transaction);
}

async function applyAll(transaction: ConfigTransaction, changes: readonly DirectoryChange[]): Promise<boolean> {
  const known = await transaction.selectFrom('territories').select('territory_id').executeTakeFirst();
  if (known === undefined) return false;
  for (const change of changes) {
    if (!(await upsert(transaction, change)) || change.kind !== 'agents') continue;
    await setTeam(transaction, change);
    await setQueues(transaction, change);
  }
  return true;
}

/** Classes of SQL states that speak of the data: trying again changes nothing. */
const DATA_ERROR = /^2[23]...$/;

function isDataError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && DATA_ERROR.test(String(error.code));
}

/** Applies the changes of one territory: all at once, or, when the database refuses one of them, each by itself. */
async function applyOwn(
  store: ConfigStore,
  territoryId: number,
  changes: readonly DirectoryChange[],
): Promise<readonly RefusedChange[]> {
  try {
    const isKnown = await store.withTenant(
      { territoryId },
      (transaction) => applyAll(transaction, changes),
      'lumina_import',
    );
    if (isKnown) return [];
    const reason = 'The territory is not known in this region; import it first.';
    return [{ what: `territory ${String(territoryId)}`, reason }];
  } catch (error) {
    if (!isDataError(error)) throw error;
    const [only, ...others] = changes;
    if (only !== undefined && others.length === 0)
      return [{ what: `a change of ${only.kind} at ${only.at.toISOString()}`, reason: error.message }];
    const refused: RefusedChange[] = [];
    for (const change of changes) refused.push(...(await applyOwn(store, territoryId, [change])));
    return refused;
  }
}

/** The directory's side of the live tail, in the configuration store. */
export function createSqlDirectoryFeedStore(store: ConfigStore): DirectoryFeedStore {
  return {
    apply: async (changes) => {
      const refused: RefusedChange[] = [];
      for (const [territoryId, own] of Map.groupBy(changes, (change) => change.territoryId))
        refused.push(...(await applyOwn(store, territoryId, own)));
      return refused;
    },
    positions: () =>
      store.withRole('lumina_import', async (transaction) => {
        const rows = await transaction.selectFrom('feed_positions').select(['shard_id', 'sequence']).execute();
        return new Map(rows.map(({ shard_id, sequence }) => [shard_id, sequence]));
      }),
    savePosition: (shardId, sequence) =>
      store.withRole('lumina_import', async (transaction) => {
        await sql`insert into feed_positions (shard_id, sequence) values (${shardId}, ${sequence})
          on conflict (shard_id) do update set sequence = excluded.sequence, updated_at = now()`.execute(transaction);
      }),
  };
}
