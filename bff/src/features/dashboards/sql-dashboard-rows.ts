import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { ConfigTransaction } from '../../config-store/config-store.ts';
import { allows, dashboardAccess, managesAll, rolesWithin } from './dashboard-access.ts';
import type { DashboardAccess, DashboardGrant, DashboardReader, GrantLevel, Visibility } from './dashboard-access.ts';
import type { DashboardSummary, Outcome, StoredDashboard } from './dashboard-store.ts';

/** How long a deletion can be taken back. */
export const RESTORABLE = sql`interval '30 days'`;

/** What is read of a dashboard, everything that decides about access included. */
export interface DashboardRow {
  readonly id: string;
  readonly title: string;
  readonly version: number;
  readonly updated_at: Date;
  readonly updated_by: string;
  readonly owner: string;
  readonly folder: string;
  readonly visibility: Visibility;
  readonly everyone_may: GrantLevel;
  readonly is_template: boolean;
  readonly deleted_at: Date | null;
  readonly grants: readonly DashboardGrant[];
}

/** With the JSON of the board. */
export type DashboardRowWithBody = DashboardRow & { readonly body: unknown };

/** Who reads, and the teams they belong to. */
export interface Reading {
  readonly reader: DashboardReader;
  readonly teams: readonly string[];
}

/** Columns of a dashboard `d`. */
export const SUMMARY_COLUMNS = sql`d.id, d.title, d.version, d.updated_at, d.updated_by,
  coalesce(d.owner_sub, d.updated_by) as owner, d.folder, d.visibility, d.everyone_may, d.is_template, d.deleted_at,
  coalesce((select json_agg(json_build_object('kind', g.grantee_kind, 'to', g.grantee, 'may', g.may)
    order by g.grantee_kind, g.grantee) from dashboard_grants g
    where g.territory_id = d.territory_id and g.dashboard_id = d.id), '[]'::json) as grants`;

/**
 * Teams of whoever reads: those that their scope names, and the team of the agent that they are, where the directory
 * knows the subject as an id, its own or another system's.
 */
export async function readingOf(transaction: ConfigTransaction, reader: DashboardReader): Promise<Reading> {
  const rows = await transaction
    .selectFrom('agents')
    .select('team_id')
    .where('territory_id', '=', reader.territoryId)
    .where('retired_at', 'is', null)
    .where((where) => where.or([where('id', '=', reader.sub), where('external_id', '=', reader.sub)]))
    .execute();
  const own = rows.flatMap(({ team_id: teamId }) => teamId ?? []);
  return { reader, teams: [...new Set([...(reader.scope?.teams ?? []), ...own])] };
}

/** The rule of `dashboardAccess()` for seeing a dashboard `d`, as a condition. */
export function visibleTo({ reader, teams }: Reading): RawBuilder<boolean> {
  if (!reader.permissions.includes('dashboards:read')) return sql<boolean>`false`;
  if (managesAll(reader)) return sql<boolean>`true`;
  return sql<boolean>`(coalesce(d.owner_sub, d.updated_by) = ${reader.sub} or d.visibility = 'territory'
    or (d.visibility = 'groups' and exists (select 1 from dashboard_grants g
      where g.territory_id = d.territory_id and g.dashboard_id = d.id
        and ((g.grantee_kind = 'user' and g.grantee = ${reader.sub})
          or (g.grantee_kind = 'team' and g.grantee = any(${[...teams]}::text[]))
          or (g.grantee_kind = 'role' and g.grantee = any(${[...rolesWithin(reader.roles)]}::text[]))))))`;
}

/** What a reader may do with a row. */
export function accessOf({ reader, teams }: Reading, row: DashboardRow): DashboardAccess {
  const { owner, visibility, everyone_may: everyoneMay, grants } = row;
  return dashboardAccess(reader, teams, { owner, visibility, everyoneMay, grants });
}

/** A row as its reader is shown it. */
export function toSummary(reading: Reading, row: DashboardRow): DashboardSummary {
  return {
    id: row.id,
    title: row.title,
    version: row.version,
    updatedAt: row.updated_at.toISOString(),
    updatedBy: row.updated_by,
    owner: row.owner,
    folder: row.folder,
    visibility: row.visibility,
    isTemplate: row.is_template,
    access: accessOf(reading, row),
    ...(row.deleted_at === null ? {} : { deletedAt: row.deleted_at.toISOString() }),
  };
}

/** A row with its body as its reader is shown it. */
export function toStored(reading: Reading, row: DashboardRowWithBody): StoredDashboard {
  return { ...toSummary(reading, row), body: row.body };
}

interface Wanted {
  readonly id: string;
  readonly isDeleted?: boolean;
  readonly isLocked?: boolean;
}

/** One dashboard, if the reader sees it: the condition and the rule in code each hold alone. */
export async function readDashboard(
  transaction: ConfigTransaction,
  reading: Reading,
  { id, isDeleted = false, isLocked = false }: Wanted,
): Promise<DashboardRowWithBody | undefined> {
  const { rows } = await sql<DashboardRowWithBody>`select ${SUMMARY_COLUMNS}, d.body from dashboards d
    where d.territory_id = ${reading.reader.territoryId} and d.id = ${id} and ${visibleTo(reading)}
      and ${isDeleted ? sql`d.deleted_at > now() - ${RESTORABLE}` : sql`d.deleted_at is null`}
    ${isLocked ? sql`for update of d` : sql``}`.execute(transaction);
  const [row] = rows;
  return row !== undefined && allows(accessOf(reading, row), 'view') ? row : undefined;
}

/** A dashboard that the reader wants to change, locked until the transaction ends. */
export async function claimDashboard(
  transaction: ConfigTransaction,
  reading: Reading,
  wanted: Omit<Wanted, 'isLocked'>,
  needed: DashboardAccess = 'edit',
): Promise<Outcome<DashboardRowWithBody>> {
  const row = await readDashboard(transaction, reading, { ...wanted, isLocked: true });
  if (row === undefined) return { kind: 'missing' };
  return allows(accessOf(reading, row), needed) ? { kind: 'done', value: row } : { kind: 'forbidden' };
}
