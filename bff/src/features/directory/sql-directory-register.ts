import { sql } from 'kysely';
import type { ConfigStore, ConfigTransaction } from '../../config-store/config-store.ts';
import type { DirectoryRegister, MetThing } from './directory-editor.ts';
import type { DirectoryKind } from './directory-store.ts';
import { isKnownTerritory, lockDirectory } from './sql-memberships.ts';

/** Most entries of a kind that only facts have named, in one territory: a source gone wild fills no database. */
const MOST_UNNAMED = 10_000;

async function registerKind(
  transaction: ConfigTransaction,
  territoryId: number,
  kind: DirectoryKind,
  things: readonly MetThing[],
): Promise<void> {
  if (things.length === 0) return;
  const isOfAgents = kind === 'agents';
  const lists = sql`${things.map(({ id }) => id)}::text[], ${things.map(({ teamId }) => teamId ?? null)}::text[]`;
  await sql`insert into ${sql.table(kind)} (territory_id, id, name, unnamed ${isOfAgents ? sql`, team_id` : sql``})
    select ${territoryId}::bigint, given.id, given.id, true ${isOfAgents ? sql`, team.id` : sql``}
    from unnest(${lists}) as given (id, team_id)
      left join teams team on team.territory_id = ${territoryId} and team.id = given.team_id
    where not exists (select 1 from ${sql.table(kind)} known
      where known.territory_id = ${territoryId} and known.id = given.id)
    limit greatest(0, ${MOST_UNNAMED} - (select count(*) from ${sql.table(kind)} known
      where known.territory_id = ${territoryId} and known.unnamed))
    on conflict do nothing`.execute(transaction);
}

/** What facts have named, in the configuration store. */
export function createSqlDirectoryRegister(store: ConfigStore): DirectoryRegister {
  return {
    register: (territoryId, things) =>
      store.withTenant(
        { territoryId },
        async (transaction) => {
          if (!(await isKnownTerritory(transaction, territoryId))) return;
          await lockDirectory(transaction, territoryId);
          // Teams first: agents refer to them.
          for (const kind of ['teams', 'queues', 'trunks', 'agents'] as const) {
            const ofKind = things.filter((thing) => thing.kind === kind);
            await registerKind(transaction, territoryId, kind, ofKind);
          }
        },
        'lumina_import',
      ),
  };
}
