import { sql } from 'kysely';
import { Compile } from 'typebox/compile';
import type { TerritorySettings } from '@lumina/contracts';
import type { ConfigStore, ConfigTransaction } from './config-store.ts';
import { SeedSchema } from './seed.ts';
import type { Seed } from './seed.ts';

const seedValidator = Compile(SeedSchema);
const MAX_FAULTS_TOLD = 10;
const AUTHOR = 'import';

/** Checks a parsed seed file; throws with what is wrong in it. */
export function parseSeed(json: unknown): Seed {
  if (seedValidator.Check(json)) return json;
  const faults = [...seedValidator.Errors(json)].slice(0, MAX_FAULTS_TOLD);
  throw new Error(
    `The file does not fit:\n${faults.map((fault) => `  ${fault.instancePath} ${fault.message}`).join('\n')}`,
  );
}

function ofTerritory<T extends { readonly territoryId: number }>(
  items: readonly T[] | undefined,
  territoryId: number,
): T[] {
  return (items ?? []).filter((item) => item.territoryId === territoryId);
}

interface NamedItem {
  readonly id: string;
  readonly name: string;
  readonly externalId?: string;
}

function namedRows(
  items: readonly NamedItem[],
  territoryId: number,
): { territory_id: number; id: string; name: string; external_id: string | null }[] {
  return items.map(({ id, name, externalId }) => ({
    territory_id: territoryId,
    id,
    name,
    external_id: externalId ?? null,
  }));
}

async function upsertNamed(
  transaction: ConfigTransaction,
  table: 'queues' | 'teams' | 'trunks',
  rows: ReturnType<typeof namedRows>,
): Promise<void> {
  if (rows.length === 0) return;
  await transaction
    .insertInto(table)
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(['territory_id', 'id'])
        .doUpdateSet({ name: sql`excluded.name`, external_id: sql`excluded.external_id`, unnamed: false }),
    )
    .execute();
}

async function upsertAgents(transaction: ConfigTransaction, seed: Seed, territoryId: number): Promise<void> {
  const agents = ofTerritory(seed.agents, territoryId);
  if (agents.length === 0) return;
  const rows = namedRows(agents, territoryId).map((row, index) => ({ ...row, team_id: agents[index]?.teamId ?? null }));
  await transaction
    .insertInto('agents')
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(['territory_id', 'id']).doUpdateSet({
        // A file says nothing of when it was written: it never brings back the name of a person who was erased.
        name: sql`case when agents.erased_at is null then excluded.name else agents.name end`,
        external_id: sql`case when agents.erased_at is null then excluded.external_id end`,
        team_id: sql`excluded.team_id`,
        unnamed: false,
      }),
    )
    .execute();
}

/**
 * The file names all present members; whoever is missing has left, and stays a member of the past. The first file says
 * nothing of when it began to be so: its members count for all of the past, so that what was before has a queue too.
 */
async function setMembers(transaction: ConfigTransaction, seed: Seed, territoryId: number): Promise<void> {
  if (seed.queueMembers === undefined) return;
  const members = ofTerritory(seed.queueMembers, territoryId);
  const queueIds = members.map((member) => member.queueId);
  const agentIds = members.map((member) => member.agentId);
  const given = sql`select * from unnest(${queueIds}::text[], ${agentIds}::text[]) as given (queue_id, agent_id)`;
  await sql`update queue_members m set valid_to = now() where m.territory_id = ${territoryId} and m.valid_to is null
    and (m.queue_id, m.agent_id) not in (${given})`.execute(transaction);
  await sql`insert into queue_members (territory_id, queue_id, agent_id, valid_from)
    select distinct ${territoryId}::bigint, given.queue_id, given.agent_id,
      case when exists (select 1 from queue_members m where m.territory_id = ${territoryId}) then now() else to_timestamp(0) end
    from (${given}) as given
    where not exists (select 1 from queue_members m where m.territory_id = ${territoryId}
      and m.queue_id = given.queue_id and m.agent_id = given.agent_id and m.valid_to is null)`.execute(transaction);
}

async function insertKeys(transaction: ConfigTransaction, seed: Seed, territoryId: number): Promise<void> {
  const keys = ofTerritory(seed.ingestKeys, territoryId);
  if (keys.length === 0) return;
  await transaction
    .insertInto('ingest_keys')
    .values(keys.map(({ hash, label }) => ({ hash, label, territory_id: territoryId })))
    .onConflict((conflict) => conflict.column('hash').doNothing())
    .execute();
}

/** Boards that exist are left alone: people may have changed them since. */
async function insertDashboards(transaction: ConfigTransaction, seed: Seed, territoryId: number): Promise<void> {
  for (const { id, title, body } of ofTerritory(seed.dashboards, territoryId)) {
    const row = await transaction
      .insertInto('dashboards')
      .values({ territory_id: territoryId, id, title, body: JSON.stringify(body), updated_by: AUTHOR })
      .onConflict((conflict) => conflict.columns(['territory_id', 'id']).doNothing())
      .returning(['version', 'updated_at'])
      .executeTakeFirst();
    if (row === undefined) continue;
    await transaction
      .insertInto('dashboard_versions')
      .values({
        territory_id: territoryId,
        dashboard_id: id,
        version: row.version,
        title,
        body: JSON.stringify(body),
        updated_at: row.updated_at,
        updated_by: AUTHOR,
      })
      .execute();
  }
}

/** Whether settings give any metric another meaning than the product does. */
function decidesMeanings({ preset, serviceLevel }: TerritorySettings): boolean {
  return preset !== 'lumina' || Object.keys(serviceLevel).length > 0;
}

/** Settings that exist are left alone: people may have changed them since. */
async function insertSettings(transaction: ConfigTransaction, seed: Seed, territoryId: number): Promise<void> {
  const [settings] = ofTerritory(seed.settings, territoryId);
  if (settings === undefined) return;
  const values = {
    territory_id: territoryId,
    version: 1,
    definitions_version: decidesMeanings(settings.body) ? 1 : 0,
    body: JSON.stringify(settings.body),
    updated_by: AUTHOR,
  };
  const row = await transaction
    .insertInto('settings')
    .values(values)
    .onConflict((conflict) => conflict.column('territory_id').doNothing())
    .returning('updated_at')
    .executeTakeFirst();
  if (row === undefined) return;
  await transaction
    .insertInto('settings_versions')
    .values({ ...values, updated_at: row.updated_at })
    .execute();
  await transaction
    .updateTable('territories')
    .set({ time_zone: settings.body.timeZone })
    .where('territory_id', '=', territoryId)
    .execute();
}

async function upsertWidgets(
  transaction: ConfigTransaction,
  seed: Seed,
  territoryId: number | undefined,
): Promise<void> {
  const widgets = (seed.widgets ?? []).filter((widget) => widget.territoryId === territoryId);
  for (const { id, title, body } of widgets) {
    await transaction
      .insertInto('widget_templates')
      .values({ id, title, body: JSON.stringify(body), territory_id: territoryId ?? null })
      .onConflict((conflict) =>
        conflict.column('id').doUpdateSet({ title: sql`excluded.title`, body: sql`excluded.body` }),
      )
      .execute();
  }
}

async function importTerritory(
  transaction: ConfigTransaction,
  seed: Seed,
  territory: Seed['territories'][number],
): Promise<void> {
  const territoryId = territory.id;
  await transaction
    .insertInto('territories')
    .values({
      territory_id: territoryId,
      region_id: territory.regionId,
      name: territory.name,
      time_zone: territory.timeZone,
    })
    .onConflict((conflict) =>
      conflict.column('territory_id').doUpdateSet({
        region_id: sql`excluded.region_id`,
        name: sql`excluded.name`,
        // Once a territory has settings, its zone is theirs.
        time_zone: sql`case when exists (select 1 from settings s where s.territory_id = territories.territory_id)
          then territories.time_zone else excluded.time_zone end`,
      }),
    )
    .execute();
  await upsertNamed(transaction, 'queues', namedRows(ofTerritory(seed.queues, territoryId), territoryId));
  await upsertNamed(transaction, 'teams', namedRows(ofTerritory(seed.teams, territoryId), territoryId));
  await upsertNamed(transaction, 'trunks', namedRows(ofTerritory(seed.trunks, territoryId), territoryId));
  await upsertAgents(transaction, seed, territoryId);
  await setMembers(transaction, seed, territoryId);
  await insertKeys(transaction, seed, territoryId);
  await insertDashboards(transaction, seed, territoryId);
  await insertSettings(transaction, seed, territoryId);
  await upsertWidgets(transaction, seed, territoryId);
}

/** Brings a seed into the store, one transaction per territory; running it again changes nothing. */
export async function importSeed(store: ConfigStore, seed: Seed): Promise<void> {
  for (const territory of seed.territories) {
    await store.withTenant(
      { territoryId: territory.id },
      (transaction) => importTerritory(transaction, seed, territory),
      'lumina_import',
    );
  }
  await store.withRole('lumina_import', (transaction) => upsertWidgets(transaction, seed, undefined));
}
