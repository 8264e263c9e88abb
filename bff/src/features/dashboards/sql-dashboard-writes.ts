import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { ConfigTransaction } from '../../config-store/config-store.ts';
import type { AuditEvent, AuditTrail } from '../audit/audit-trail.ts';
import type { DashboardReader } from './dashboard-access.ts';
import type { DashboardContent, DashboardPlace, GuardedWrite, Outcome, StoredDashboard } from './dashboard-store.ts';
import { RESTORABLE, claimDashboard, readDashboard, readingOf, toStored } from './sql-dashboard-rows.ts';
import type { DashboardRowWithBody, Reading } from './sql-dashboard-rows.ts';

/** Refused drafts that one author keeps of one dashboard. */
const MAX_DRAFTS = 10;

/** Whose transaction it is, and where what they do is recorded. */
export interface Writing extends Reading {
  readonly transaction: ConfigTransaction;
  readonly record: (event: Omit<AuditEvent, 'target'>, id: string) => Promise<void>;
}

/** A transaction of a reader who is about to change something. */
export async function writingOf(
  transaction: ConfigTransaction,
  reader: DashboardReader,
  audit: AuditTrail,
): Promise<Writing> {
  const reading = await readingOf(transaction, reader);
  return {
    ...reading,
    transaction,
    record: (event, id) => audit.recordIn(transaction, reader, { ...event, target: { kind: 'dashboard', id } }),
  };
}

async function keepVersion({ transaction, reader }: Writing, id: string): Promise<void> {
  await sql`insert into dashboard_versions (territory_id, dashboard_id, version, title, body, updated_at, updated_by)
    select territory_id, id, version, title, body, updated_at, updated_by from dashboards
    where territory_id = ${reader.territoryId} and id = ${id}`.execute(transaction);
}

/** As it stands now, for a writer who has just written it. */
async function written(writing: Writing, id: string): Promise<StoredDashboard> {
  const row = await readDashboard(writing.transaction, writing, { id });
  if (row === undefined) throw new Error('A dashboard is not to be seen by whoever has just written it.');
  return toStored(writing, row);
}

/** Adds a dashboard of the writer's own. */
export async function insertDashboard(
  writing: Writing,
  { title, body }: DashboardContent,
  { folder = '', visibility = 'territory' }: DashboardPlace = {},
  copiedFrom?: string,
): Promise<StoredDashboard> {
  const { transaction, reader, record } = writing;
  const id = randomUUID();
  await transaction
    .insertInto('dashboards')
    .values({
      territory_id: reader.territoryId,
      id,
      title,
      body: JSON.stringify(body),
      updated_by: reader.sub,
      owner_sub: reader.sub,
      folder,
      visibility,
    })
    .execute();
  await keepVersion(writing, id);
  const dashboard = await written(writing, id);
  const detail = { visibility, ...(copiedFrom === undefined ? {} : { copiedFrom }) };
  await record({ action: 'dashboard_created', detail }, id);
  return dashboard;
}

/** Keeps what a conflict refused, for its author alone; the oldest of too many go. */
async function keepDraft(
  writing: Writing,
  id: string,
  baseVersion: number,
  content: DashboardContent,
): Promise<string> {
  const { transaction, reader } = writing;
  const draft = randomUUID();
  await transaction
    .insertInto('dashboard_drafts')
    .values({
      territory_id: reader.territoryId,
      dashboard_id: id,
      id: draft,
      base_version: baseVersion,
      title: content.title,
      body: JSON.stringify(content.body),
      author: reader.sub,
    })
    .execute();
  await sql`delete from dashboard_drafts where territory_id = ${reader.territoryId} and dashboard_id = ${id}
    and author = ${reader.sub} and id not in (select id from dashboard_drafts
      where territory_id = ${reader.territoryId} and dashboard_id = ${id} and author = ${reader.sub}
      order by created_at desc, id limit ${MAX_DRAFTS})`.execute(transaction);
  return draft;
}

interface Replacement {
  readonly id: string;
  readonly expectedVersion: number;
  readonly content: DashboardContent;
}

/** Replaces a dashboard; a conflict keeps what was refused. */
export async function replaceDashboard(
  writing: Writing,
  { id, expectedVersion, content }: Replacement,
): Promise<GuardedWrite> {
  const claimed = await claimDashboard(writing.transaction, writing, { id });
  if (claimed.kind !== 'done') return claimed;
  const { value: row } = claimed;
  if (row.version !== expectedVersion) {
    const draft = await keepDraft(writing, id, expectedVersion, content);
    await writing.record({ action: 'dashboard_changed', detail: { isRefused: true, expectedVersion } }, id);
    return { kind: 'stale', current: toStored(writing, row), draft };
  }
  const value = await saveAs(writing, row, content);
  await writing.record({ action: 'dashboard_changed', detail: { version: value.version } }, id);
  return { kind: 'done', value };
}

/** Makes content the next version of a claimed dashboard. */
export async function saveAs(
  writing: Writing,
  { id, version }: DashboardRowWithBody,
  { title, body }: DashboardContent,
): Promise<StoredDashboard> {
  const { transaction, reader } = writing;
  await transaction
    .updateTable('dashboards')
    .set({
      title,
      body: JSON.stringify(body),
      version: version + 1,
      updated_at: sql<Date>`now()`,
      updated_by: reader.sub,
      // Before it is overwritten: who saved last owns what nobody owns.
      owner_sub: sql<string>`coalesce(owner_sub, updated_by)`,
    })
    .where('territory_id', '=', reader.territoryId)
    .where('id', '=', id)
    .where('version', '=', version)
    .execute();
  await keepVersion(writing, id);
  return written(writing, id);
}

/** Deletes a dashboard so that it can be restored, and for good what was deleted too long ago. */
export async function removeDashboard(writing: Writing, id: string, expectedVersion?: number): Promise<GuardedWrite> {
  const { transaction, reader, record } = writing;
  const claimed = await claimDashboard(transaction, writing, { id });
  if (claimed.kind !== 'done') return claimed;
  const { value: row } = claimed;
  if (expectedVersion !== undefined && row.version !== expectedVersion)
    return { kind: 'stale', current: toStored(writing, row) };
  await sql`delete from dashboards where territory_id = ${reader.territoryId}
    and deleted_at <= now() - ${RESTORABLE}`.execute(transaction);
  await transaction
    .updateTable('dashboards')
    .set({ deleted_at: sql<Date>`now()`, deleted_by: reader.sub })
    .where('territory_id', '=', reader.territoryId)
    .where('id', '=', id)
    .execute();
  await record({ action: 'dashboard_deleted', detail: { version: row.version } }, id);
  return { kind: 'done', value: toStored(writing, row) };
}

/** Takes a deletion back. */
export async function restoreDashboard(writing: Writing, id: string): Promise<Outcome<StoredDashboard>> {
  const { transaction, reader, record } = writing;
  const claimed = await claimDashboard(transaction, writing, { id, isDeleted: true });
  if (claimed.kind !== 'done') return claimed;
  await transaction
    .updateTable('dashboards')
    .set({ deleted_at: null, deleted_by: null })
    .where('territory_id', '=', reader.territoryId)
    .where('id', '=', id)
    .execute();
  const value = await written(writing, id);
  await record({ action: 'dashboard_restored', detail: { version: value.version } }, id);
  return { kind: 'done', value };
}
