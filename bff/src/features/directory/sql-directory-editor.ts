import { sql } from 'kysely';
import type { AuditDetail } from '@lumina/contracts';
import type { ConfigStore, ConfigTransaction } from '../../config-store/config-store.ts';
import type { AuditActor, AuditTrail } from '../audit/audit-trail.ts';
import type {
  BulkOptions,
  DirectoryEditor,
  DirectoryItem,
  EntryOutcome,
  ItemOutcome,
  MemberInterval,
} from './directory-editor.ts';
import type { DirectoryKind } from './directory-store.ts';
import {
  endOthers,
  ensureKnown,
  isKnownTerritory,
  lockDirectory,
  replaceIntervals,
  serveQueues,
} from './sql-memberships.ts';
import { ERASED_NAME } from './unnamed.ts';

/** An entry as it is kept. */
interface Kept {
  readonly id: string;
  readonly name: string;
  readonly external_id: string | null;
  readonly time_zone: string | null;
  readonly team_id: string | null;
  readonly unnamed: boolean;
  readonly changed_at: Date | null;
  readonly retired_at: Date | null;
  /** Queues served now, in order. */
  readonly queue_ids: readonly string[];
}

async function readKept(transaction: ConfigTransaction, territoryId: number, kind: DirectoryKind): Promise<Kept[]> {
  const isOfAgents = kind === 'agents';
  const { rows } = await sql<Omit<Kept, 'queue_ids'>>`select entry.id, entry.name, entry.external_id, entry.time_zone,
      entry.unnamed, entry.changed_at, entry.retired_at, ${isOfAgents ? sql.ref('entry.team_id') : sql`null as team_id`}
    from ${sql.table(kind)} as entry where entry.territory_id = ${territoryId}`.execute(transaction);
  const served = isOfAgents ? await readServed(transaction, territoryId) : new Map<string, string[]>();
  return rows.map((row) => ({ ...row, queue_ids: served.get(row.id) ?? [] }));
}

/** The queues that each agent serves until further notice, in order. */
async function readServed(transaction: ConfigTransaction, territoryId: number): Promise<Map<string, string[]>> {
  const rows = await transaction
    .selectFrom('queue_members')
    .select(['agent_id', 'queue_id'])
    .where('territory_id', '=', territoryId)
    .where('valid_to', 'is', null)
    .execute();
  const ofAgent = Map.groupBy(rows, (row) => row.agent_id);
  return new Map([...ofAgent].map(([id, own]) => [id, own.map((row) => row.queue_id).toSorted()]));
}

/** What an entry is after an item was said of it. */
function merged(item: DirectoryItem, known: Kept | undefined, at: Date): Kept {
  const retiredAt = item.retired === true ? (known?.retired_at ?? at) : null;
  return {
    id: item.id,
    name: item.name ?? known?.name ?? item.id,
    external_id: item.externalId === undefined ? (known?.external_id ?? null) : item.externalId,
    time_zone: item.timeZone === undefined ? (known?.time_zone ?? null) : item.timeZone,
    team_id: item.teamId === undefined ? (known?.team_id ?? null) : item.teamId,
    unnamed: item.name === undefined && (known?.unnamed ?? true),
    changed_at: at,
    retired_at: retiredAt,
    queue_ids: item.retired === true ? [] : (item.queueIds?.toSorted() ?? known?.queue_ids ?? []),
  };
}

function visible(entry: Kept): string {
  const { name, external_id, time_zone, team_id, unnamed, retired_at, queue_ids } = entry;
  return JSON.stringify([name, external_id, time_zone, team_id, unnamed, retired_at, queue_ids]);
}

interface Plan {
  readonly outcomes: readonly EntryOutcome[];
  readonly entries: readonly Kept[];
  /** Whose queues were told. */
  readonly served: readonly Kept[];
}

function planOf(kept: readonly Kept[], items: readonly DirectoryItem[], { mode, at }: BulkOptions): Plan {
  const byId = new Map(kept.map((entry) => [entry.id, entry]));
  const named = new Set(items.map(({ id }) => id));
  const gone = mode === 'merge' ? [] : kept.filter(({ id, retired_at }) => !named.has(id) && retired_at === null);
  const statements = [...items, ...gone.map(({ id }): DirectoryItem => ({ id, retired: true }))];
  const outcomes: EntryOutcome[] = [];
  const entries: Kept[] = [];
  const served: Kept[] = [];
  for (const [index, item] of statements.entries()) {
    const known = byId.get(item.id);
    if ((known?.changed_at ?? at) > at) {
      outcomes.push({ id: item.id, outcome: 'superseded' });
      continue;
    }
    const entry = merged(item, known, at);
    const isSame = known !== undefined && visible(known) === visible(entry);
    const became = index >= items.length ? 'retired' : known === undefined ? 'created' : 'updated';
    outcomes.push({ id: item.id, outcome: isSame ? 'unchanged' : became });
    entries.push(entry);
    if (item.queueIds !== undefined || item.retired === true) served.push(entry);
  }
  return { outcomes, entries, served };
}

async function writeEntries(
  transaction: ConfigTransaction,
  territoryId: number,
  kind: DirectoryKind,
  entries: readonly Kept[],
): Promise<void> {
  if (entries.length === 0) return;
  const isOfAgents = kind === 'agents';
  if (isOfAgents)
    await ensureKnown(
      transaction,
      'teams',
      territoryId,
      entries.flatMap(({ team_id }) => team_id ?? []),
    );
  const columns = ['name', 'external_id', 'time_zone', 'unnamed', 'changed_at', 'retired_at'] as const;
  const lists = sql`${entries.map(({ id }) => id)}::text[], ${entries.map(({ name }) => name)}::text[],
    ${entries.map((entry) => entry.external_id)}::text[], ${entries.map((entry) => entry.time_zone)}::text[],
    ${entries.map(({ unnamed }) => unnamed)}::boolean[], ${entries.map((entry) => entry.changed_at)}::timestamptz[],
    ${entries.map((entry) => entry.retired_at)}::timestamptz[]`;
  const names = sql.join(['id', ...columns].map((name) => sql.ref(name)));
  const teams = sql`, ${entries.map((entry) => entry.team_id)}::text[]`;
  const updates = [...columns, ...(isOfAgents ? ['team_id'] : [])].map(
    (name) => sql`${sql.ref(name)} = excluded.${sql.ref(name)}`,
  );
  await sql`insert into ${sql.table(kind)} (territory_id, ${names} ${isOfAgents ? sql`, team_id` : sql``})
    select ${territoryId}::bigint, given.* from unnest(${lists} ${isOfAgents ? teams : sql``})
      as given (${names} ${isOfAgents ? sql`, team_id` : sql``})
    on conflict (territory_id, id) do update set ${sql.join(updates)}`.execute(transaction);
}

async function putEntries(
  transaction: ConfigTransaction,
  territoryId: number,
  { kind, plan, at }: { readonly kind: DirectoryKind; readonly plan: Plan; readonly at: Date },
): Promise<void> {
  await writeEntries(transaction, territoryId, kind, plan.entries);
  if (kind !== 'agents') return;
  const served = plan.served.map(({ id, queue_ids }) => ({ agentId: id, queueIds: queue_ids }));
  await serveQueues(transaction, territoryId, served, at);
}

function detailOf(kind: DirectoryKind, { mode }: BulkOptions, { outcomes }: Plan): AuditDetail {
  const count = (outcome: ItemOutcome): number => outcomes.filter((one) => one.outcome === outcome).length;
  const counts = { created: count('created'), updated: count('updated'), retired: count('retired') };
  return { kind, mode, ...counts, superseded: count('superseded') };
}

async function writeMembers(
  transaction: ConfigTransaction,
  territoryId: number,
  queueId: string,
  { members, mode, at }: { readonly members: readonly MemberInterval[] } & Pick<BulkOptions, 'mode' | 'at'>,
): Promise<boolean> {
  await lockDirectory(transaction, territoryId);
  const queue = await transaction
    .selectFrom('queues')
    .select('id')
    .where('territory_id', '=', territoryId)
    .where('id', '=', queueId)
    .executeTakeFirst();
  if (queue === undefined) return false;
  const agentIds = members.map(({ agentId }) => agentId);
  await ensureKnown(transaction, 'agents', territoryId, agentIds);
  await sql`update agents set members_changed_at = ${at}::timestamptz
    where territory_id = ${territoryId} and id = any(${agentIds}::text[])`.execute(transaction);
  const [from, to] = [members.map((member) => member.from), members.map((member) => member.to)];
  await replaceIntervals(transaction, territoryId, queueId, { agentIds, from, to });
  if (mode === 'replace') await endOthers(transaction, territoryId, queueId, { agentIds, at });
  return true;
}

async function forgetPerson(
  transaction: ConfigTransaction,
  territoryId: number,
  agentId: string,
  at: Date,
): Promise<boolean> {
  await lockDirectory(transaction, territoryId);
  const { numAffectedRows = 0n } =
    await sql`update agents set name = ${ERASED_NAME}, external_id = null, unnamed = false,
      erased_at = ${at}::timestamptz, changed_at = greatest(changed_at, ${at}::timestamptz)
    where territory_id = ${territoryId} and id = ${agentId}`.execute(transaction);
  return numAffectedRows > 0n;
}

/** Changes of the directory by people and their systems, in the configuration store. */
export function createSqlDirectoryEditor(store: ConfigStore, audit: Pick<AuditTrail, 'recordIn'>): DirectoryEditor {
  const within = <T>(actor: AuditActor, work: (transaction: ConfigTransaction) => Promise<T>): Promise<T> =>
    store.withTenant(actor, work, 'lumina_import');

  return {
    put: (actor, kind, items, options) =>
      within(actor, async (transaction) => {
        const { territoryId } = actor;
        if (!(await isKnownTerritory(transaction, territoryId))) return undefined;
        await lockDirectory(transaction, territoryId);
        const plan = planOf(await readKept(transaction, territoryId, kind), items, options);
        if (options.isDryRun) return plan.outcomes;
        await putEntries(transaction, territoryId, { kind, plan, at: options.at });
        await audit.recordIn(transaction, actor, {
          action: 'directory_changed',
          detail: detailOf(kind, options, plan),
        });
        return plan.outcomes;
      }),

    putMembers: (actor, queueId, members, { mode, at }) =>
      within(actor, async (transaction) => {
        const { territoryId } = actor;
        if (!(await isKnownTerritory(transaction, territoryId))) return false;
        if (!(await writeMembers(transaction, territoryId, queueId, { members, mode, at }))) return false;
        const target = { kind: 'queue', id: queueId };
        const detail = { kind: 'members', mode, intervals: members.length };
        await audit.recordIn(transaction, actor, { action: 'directory_changed', target, detail });
        return true;
      }),

    erasePerson: (actor, agentId, at) =>
      within(actor, async (transaction) => {
        const { territoryId } = actor;
        if (!(await isKnownTerritory(transaction, territoryId))) return false;
        if (!(await forgetPerson(transaction, territoryId, agentId, at))) return false;
        await audit.recordIn(transaction, actor, { action: 'person_erased', target: { kind: 'agent', id: agentId } });
        return true;
      }),
  };
}
