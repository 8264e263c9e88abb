import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { ConfigStore, ConfigTransaction } from '../../config-store/config-store.ts';
import type { DirectoryChange } from './directory-change.ts';
import type { DirectoryFeedStore, RefusedChange } from './directory-feed.ts';
import { ensureKnown, isKnownTerritory, lockDirectory, serveQueues } from './sql-memberships.ts';

/** Writes one entry. @returns whether it did: what is older than the entry changes nothing. */
async function upsert(transaction: ConfigTransaction, change: DirectoryChange): Promise<boolean> {
  const { territoryId, kind, id, at, fields } = change;
  const table = sql.table(kind);
  const retiredAt = fields.deleted === true ? at : null;
  const kept = (column: string, given: unknown): RawBuilder<unknown> =>
    given === undefined ? sql.ref(`entry.${column}`) : sql.ref(`excluded.${column}`);
  const { numAffectedRows } = await sql`insert into ${table} as entry
      (territory_id, id, name, unnamed, external_id, time_zone, changed_at, retired_at)
    values (${territoryId}::bigint, ${id}, ${fields.name ?? id}, ${fields.name === undefined}, ${fields.externalId ?? null},
      ${fields.timeZone ?? null}, ${at}, ${retiredAt})
    on conflict (territory_id, id) do update set
      name = ${kept('name', fields.name)}, unnamed = ${kept('unnamed', fields.name)},
      external_id = ${kept('external_id', fields.externalId)}, time_zone = ${kept('time_zone', fields.timeZone)},
      changed_at = excluded.changed_at, retired_at = excluded.retired_at
    where entry.changed_at is null or entry.changed_at <= excluded.changed_at`.execute(transaction);
  return (numAffectedRows ?? 0n) > 0n;
}

async function setTeam(transaction: ConfigTransaction, { territoryId, id, fields }: DirectoryChange): Promise<void> {
  const { teamId } = fields;
  if (teamId === undefined) return;
  if (teamId !== null) await ensureKnown(transaction, 'teams', territoryId, [teamId]);
  await sql`update agents set team_id = ${teamId} where territory_id = ${territoryId} and id = ${id}`.execute(
    transaction,
  );
}

async function setQueues(transaction: ConfigTransaction, change: DirectoryChange): Promise<void> {
  const { territoryId, id, at, fields } = change;
  const queueIds = fields.deleted === true ? [] : fields.queueIds;
  if (queueIds !== undefined) await serveQueues(transaction, territoryId, [{ agentId: id, queueIds }], at);
}

async function applyAll(
  transaction: ConfigTransaction,
  territoryId: number,
  changes: readonly DirectoryChange[],
): Promise<boolean> {
  if (!(await isKnownTerritory(transaction, territoryId))) return false;
  await lockDirectory(transaction, territoryId);
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
      (transaction) => applyAll(transaction, territoryId, changes),
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
