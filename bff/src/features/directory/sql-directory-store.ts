import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import { MAGNETIC_RETENTION_DAYS } from '@lumina/contracts';
import type { RowScope } from '@lumina/contracts';
import type { ConfigStore, ConfigTransaction } from '../../config-store/config-store.ts';
import type { Tenant } from '../../config-store/tenant.ts';
import {
  HOLDS_NOW,
  agentConditions,
  among,
  queueCondition,
  scopeConditions,
  textCondition,
} from './directory-scope.ts';
import type {
  DirectoryEntry,
  DirectoryKind,
  DirectoryPage,
  DirectorySearch,
  DirectoryStore,
  QueueMember,
} from './directory-store.ts';
import { ERASED_NAME, labelOfUnnamed } from './unnamed.ts';

interface EntryRow {
  readonly id: string;
  readonly name: string;
  readonly external_id: string | null;
  readonly time_zone: string | null;
  readonly unnamed: boolean;
  readonly retired_at: Date | null;
  readonly team_id?: string | null;
  readonly queue_ids?: readonly string[];
  readonly erased_at?: Date | null;
}

interface MemberRow {
  readonly queue_id: string;
  readonly agent_id: string;
  readonly valid_from: Date;
  readonly valid_to: Date | null;
}

function toEntry(kind: DirectoryKind, row: EntryRow): DirectoryEntry {
  const isErased = row.erased_at !== undefined && row.erased_at !== null && row.name === ERASED_NAME;
  return {
    id: row.id,
    name: row.unnamed ? labelOfUnnamed(kind, row.id) : row.name,
    ...(row.external_id === null ? {} : { externalId: row.external_id }),
    ...(row.time_zone === null ? {} : { timeZone: row.time_zone }),
    ...(row.team_id === undefined || row.team_id === null ? {} : { teamId: row.team_id }),
    ...(row.queue_ids === undefined ? {} : { queueIds: row.queue_ids }),
    ...(row.retired_at === null ? {} : { retired: true }),
    ...(row.unnamed ? { unnamed: true } : {}),
    ...(isErased ? { erased: true } : {}),
  };
}

function toMember({ queue_id, agent_id, valid_from, valid_to }: MemberRow): QueueMember {
  return { queueId: queue_id, agentId: agent_id, fromMs: valid_from.getTime(), toMs: valid_to?.getTime() ?? null };
}

function listQuery(territoryId: number, kind: DirectoryKind, search: DirectorySearch): RawBuilder<EntryRow> {
  const { scope, text, textId, after } = search;
  const conditions = [
    // Row-level security says the same; each of the two holds alone.
    sql<boolean>`entry.territory_id = ${territoryId}`,
    ...(scope === undefined ? [] : scopeConditions(kind, scope)),
    ...(text === undefined || text === '' ? [] : [textCondition(text, textId)]),
    ...(after === undefined ? [] : [sql<boolean>`(entry.name, entry.id) > (${after.name}, ${after.id})`]),
  ];
  const ofAgents = sql`, entry.team_id, entry.erased_at, array(select distinct m.queue_id from queue_members m
    where m.territory_id = entry.territory_id and m.agent_id = entry.id and ${HOLDS_NOW} and ${queueCondition(scope)}
    order by m.queue_id) as queue_ids`;
  return sql<EntryRow>`select entry.id, entry.name, entry.external_id, entry.time_zone, entry.unnamed, entry.retired_at
      ${kind === 'agents' ? ofAgents : sql``}
    from ${sql.table(kind)} as entry where ${sql.join(conditions, sql` and `)} order by entry.name, entry.id limit ${search.limit}`;
}

async function readVersion(transaction: ConfigTransaction, territoryId: number): Promise<number> {
  const row = await transaction
    .selectFrom('directory_versions')
    .select('version')
    .where('territory_id', '=', territoryId)
    .executeTakeFirst();
  return row?.version ?? 0;
}

/** Counted changes, and the newest instant at which a membership began or ended by itself. */
async function readState(transaction: ConfigTransaction, territoryId: number): Promise<string> {
  const version = await readVersion(transaction, territoryId);
  const { rows } = await sql<{ turned_at: Date | null }>`select greatest(
      max(m.valid_from) filter (where m.valid_from <= now()), max(m.valid_to) filter (where m.valid_to <= now())) as turned_at
    from queue_members m where m.territory_id = ${territoryId}`.execute(transaction);
  return `${String(version)}-${String(rows[0]?.turned_at?.getTime() ?? 0)}`;
}

async function readMembersOf(
  transaction: ConfigTransaction,
  territoryId: number,
  queueId: string,
  scope: RowScope | undefined,
): Promise<QueueMember[] | undefined> {
  const queue =
    await sql`select 1 from queues as entry where entry.territory_id = ${territoryId} and entry.id = ${queueId}
    and ${sql.join([sql`true`, ...(scope === undefined ? [] : scopeConditions('queues', scope))], sql` and `)}`.execute(
      transaction,
    );
  if (queue.rows.length === 0) return undefined;
  const { queues: _ofTheQueue, ...ofPeople } = scope ?? {};
  const { rows } = await sql<MemberRow>`select m.queue_id, m.agent_id, m.valid_from, m.valid_to
    from queue_members m join agents as entry on entry.territory_id = m.territory_id and entry.id = m.agent_id
    where m.territory_id = ${territoryId} and m.queue_id = ${queueId}
      and ${sql.join([sql`true`, ...agentConditions(ofPeople)], sql` and `)}
    order by m.agent_id, m.valid_from`.execute(transaction);
  return rows.map(toMember);
}

/** Territories whose members are remembered; each costs one reading to come back. */
const MOST_TERRITORIES = 1_000;

/** Reads everybody's membership, once per version of the directory. */
function memberReader(store: ConfigStore): DirectoryStore['queueMembers'] {
  const known = new Map<number, { readonly version: number; readonly members: readonly QueueMember[] }>();
  return (tenant: Tenant) =>
    store.withTenant(tenant, async (transaction) => {
      const { territoryId } = tenant;
      // The version first: what changes in between is read too early, never too late.
      const version = await readVersion(transaction, territoryId);
      const remembered = known.get(territoryId);
      if (remembered?.version === version) return remembered.members;
      const { rows } = await sql<MemberRow>`select m.queue_id, m.agent_id, m.valid_from, m.valid_to
        from queue_members m where m.territory_id = ${territoryId}
          and (m.valid_to is null or (m.valid_to > m.valid_from
            and m.valid_to > now() - make_interval(days => ${MAGNETIC_RETENTION_DAYS}::int)))
        order by m.queue_id, m.agent_id, m.valid_from`.execute(transaction);
      if (known.size >= MOST_TERRITORIES) known.clear();
      const members = rows.map(toMember);
      known.set(territoryId, { version, members });
      return members;
    });
}

/** The directory in the configuration store. */
export function createSqlDirectoryStore(store: ConfigStore): DirectoryStore {
  const territoryOf: DirectoryStore['territoryOf'] = ({ territoryId }) =>
    store.withTenant({ territoryId }, async (transaction) => {
      const row = await transaction
        .selectFrom('territories')
        .select(['name', 'time_zone'])
        .where('territory_id', '=', territoryId)
        .executeTakeFirst();
      return row === undefined ? undefined : { name: row.name, timeZone: row.time_zone };
    });

  async function page(tenant: Tenant, kind: DirectoryKind, search: DirectorySearch): Promise<DirectoryPage> {
    const { rows } = await store.withTenant(tenant, (transaction) =>
      // One more than asked for tells whether there are others.
      listQuery(tenant.territoryId, kind, { ...search, limit: search.limit + 1 }).execute(transaction),
    );
    const shown = rows.slice(0, search.limit);
    const last = rows.length > search.limit ? shown.at(-1) : undefined;
    const items = shown.map((row) => toEntry(kind, row));
    return last === undefined ? { items } : { items, next: { name: last.name, id: last.id } };
  }

  return {
    territoryOf,
    timeZoneOf: async (tenant) => (await territoryOf(tenant))?.timeZone,
    page,
    list: async (tenant, kind, search) => (await page(tenant, kind, search)).items,
    versionOf: (tenant) => store.withTenant(tenant, (transaction) => readState(transaction, tenant.territoryId)),
    agentsOfTeams: (tenant, teamIds) =>
      store.withTenant(tenant, async (transaction) => {
        const rows = await transaction
          .selectFrom('agents')
          .select('id')
          .where('territory_id', '=', tenant.territoryId)
          .where(among('team_id', teamIds))
          .orderBy('id')
          .execute();
        return rows.map((row) => row.id);
      }),
    agentsOfQueues: (tenant, queueIds) =>
      store.withTenant(tenant, async (transaction) => {
        const { rows } = await sql<{ agent_id: string }>`select distinct m.agent_id from queue_members m
          where m.territory_id = ${tenant.territoryId} and ${HOLDS_NOW} and ${among('m.queue_id', queueIds)}
          order by m.agent_id`.execute(transaction);
        return rows.map((row) => row.agent_id);
      }),
    queueMembers: memberReader(store),
    membersOf: (tenant, queueId, scope) =>
      store.withTenant(tenant, (transaction) => readMembersOf(transaction, tenant.territoryId, queueId, scope)),
  };
}
