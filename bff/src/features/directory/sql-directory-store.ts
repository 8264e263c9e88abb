import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { RowScope } from '@lumina/contracts';
import type { ConfigStore } from '../../config-store/config-store.ts';
import type { DirectoryEntry, DirectoryKind, DirectorySearch, DirectoryStore } from './directory-store.ts';

interface EntryRow {
  readonly id: string;
  readonly name: string;
  readonly external_id: string | null;
  readonly retired_at: Date | null;
  readonly team_id?: string | null;
  readonly queue_ids?: readonly string[];
}

type Condition = RawBuilder<boolean>;

function toEntry(row: EntryRow): DirectoryEntry {
  return {
    id: row.id,
    name: row.name,
    ...(row.external_id === null ? {} : { externalId: row.external_id }),
    ...(row.team_id === undefined || row.team_id === null ? {} : { teamId: row.team_id }),
    ...(row.queue_ids === undefined ? {} : { queueIds: row.queue_ids }),
    ...(row.retired_at === null ? {} : { retired: true }),
  };
}

function among(column: string, ids: readonly string[]): Condition {
  return sql<boolean>`${sql.ref(column)} = any(${[...ids]}::text[])`;
}

/** The keys of a scope are independent and all hold: who is limited to a queue sees the agents who serve it. */
function agentConditions(scope: RowScope): Condition[] {
  const conditions: Condition[] = [];
  if (scope.agents !== undefined) conditions.push(among('entry.id', scope.agents));
  if (scope.teams !== undefined) conditions.push(among('entry.team_id', scope.teams));
  if (scope.queues !== undefined) {
    conditions.push(sql<boolean>`exists (select 1 from queue_members m
      where m.territory_id = entry.territory_id and m.agent_id = entry.id and m.valid_to is null and ${among('m.queue_id', scope.queues)})`);
  }
  return conditions;
}

function scopeConditions(kind: DirectoryKind, scope: RowScope): Condition[] {
  const isLimited = scope.queues !== undefined || scope.teams !== undefined || scope.agents !== undefined;
  switch (kind) {
    case 'queues':
      return scope.queues === undefined ? [] : [among('entry.id', scope.queues)];
    case 'teams':
      return scope.teams === undefined ? [] : [among('entry.id', scope.teams)];
    case 'agents':
      return agentConditions(scope);
    case 'trunks':
      // Trunk figures are out of scope for a limited identity, and so are their names.
      return isLimited ? [sql<boolean>`false`] : [];
  }
}

function textCondition(text: string): Condition {
  const pattern = `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;
  return sql<boolean>`(entry.name ilike ${pattern} or entry.id ilike ${pattern})`;
}

function listQuery(territoryId: number, kind: DirectoryKind, search: DirectorySearch): RawBuilder<EntryRow> {
  const conditions = [
    // Row-level security says the same; each of the two holds alone.
    sql<boolean>`entry.territory_id = ${territoryId}`,
    ...(search.scope === undefined ? [] : scopeConditions(kind, search.scope)),
    ...(search.text === undefined || search.text === '' ? [] : [textCondition(search.text)]),
  ];
  const ofAgents = sql`, entry.team_id, array(select m.queue_id from queue_members m
    where m.territory_id = entry.territory_id and m.agent_id = entry.id and m.valid_to is null order by m.queue_id) as queue_ids`;
  return sql<EntryRow>`select entry.id, entry.name, entry.external_id, entry.retired_at ${kind === 'agents' ? ofAgents : sql``}
    from ${sql.table(kind)} as entry where ${sql.join(conditions, sql` and `)} order by entry.name, entry.id limit ${search.limit}`;
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

  return {
    territoryOf,
    timeZoneOf: async (tenant) => (await territoryOf(tenant))?.timeZone,
    list: (tenant, kind, search) =>
      store.withTenant(tenant, async (transaction) => {
        const { rows } = await listQuery(tenant.territoryId, kind, search).execute(transaction);
        return rows.map(toEntry);
      }),
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
        const rows = await transaction
          .selectFrom('queue_members')
          .select('agent_id')
          .distinct()
          .where('territory_id', '=', tenant.territoryId)
          .where('valid_to', 'is', null)
          .where(among('queue_id', queueIds))
          .orderBy('agent_id')
          .execute();
        return rows.map((row) => row.agent_id);
      }),
  };
}
