import type { ConfigTransaction } from '../../config-store/config-store.ts';
import type { DashboardHistory, DashboardVersion, GuardedWrite, StoredDraft } from './dashboard-store.ts';
import { claimDashboard, readDashboard, toStored } from './sql-dashboard-rows.ts';
import type { Reading } from './sql-dashboard-rows.ts';
import { saveAs } from './sql-dashboard-writes.ts';
import type { Writing } from './sql-dashboard-writes.ts';

const VERSION_COLUMNS = ['dashboard_id as id', 'title', 'version', 'updated_at', 'updated_by'] as const;
const DRAFT_COLUMNS = ['id', 'title', 'base_version', 'created_at'] as const;

interface VersionRow {
  readonly id: string;
  readonly title: string;
  readonly version: number;
  readonly updated_at: Date;
  readonly updated_by: string;
}

interface DraftRow {
  readonly id: string;
  readonly title: string;
  readonly base_version: number;
  readonly created_at: Date;
}

function toVersion({ id, title, version, updated_at: at, updated_by: updatedBy }: VersionRow): DashboardVersion {
  return { id, title, version, updatedAt: at.toISOString(), updatedBy };
}

function toDraft({ id, title, base_version: baseVersion, created_at: at }: DraftRow): DashboardHistory['drafts'][0] {
  return { draft: id, title, baseVersion, createdAt: at.toISOString() };
}

/** The versions of a dashboard that the reader sees, and their own refused drafts. */
export async function readHistory(
  transaction: ConfigTransaction,
  reading: Reading,
  id: string,
): Promise<DashboardHistory | undefined> {
  if ((await readDashboard(transaction, reading, { id })) === undefined) return undefined;
  const { territoryId, sub } = reading.reader;
  const versions = await transaction
    .selectFrom('dashboard_versions')
    .select(VERSION_COLUMNS)
    .where('territory_id', '=', territoryId)
    .where('dashboard_id', '=', id)
    .orderBy('version', 'desc')
    .execute();
  const drafts = await transaction
    .selectFrom('dashboard_drafts')
    .select(DRAFT_COLUMNS)
    .where('territory_id', '=', territoryId)
    .where('dashboard_id', '=', id)
    .where('author', '=', sub)
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .execute();
  return { items: versions.map(toVersion), drafts: drafts.map(toDraft) };
}

/** One version of a dashboard that the reader sees. */
export async function readVersion(
  transaction: ConfigTransaction,
  reading: Reading,
  id: string,
  version: number,
): Promise<(DashboardVersion & { readonly body: unknown }) | undefined> {
  if ((await readDashboard(transaction, reading, { id })) === undefined) return undefined;
  const row = await transaction
    .selectFrom('dashboard_versions')
    .select([...VERSION_COLUMNS, 'body'])
    .where('territory_id', '=', reading.reader.territoryId)
    .where('dashboard_id', '=', id)
    .where('version', '=', version)
    .executeTakeFirst();
  return row === undefined ? undefined : { ...toVersion(row), body: row.body };
}

interface Restoring {
  readonly id: string;
  readonly version: number;
  readonly expectedVersion: number;
}

/** Makes a former version the newest one. */
export async function restoreVersion(
  writing: Writing,
  { id, version, expectedVersion }: Restoring,
): Promise<GuardedWrite> {
  const { transaction, record } = writing;
  const claimed = await claimDashboard(transaction, writing, { id });
  if (claimed.kind !== 'done') return claimed;
  const { value: row } = claimed;
  if (row.version !== expectedVersion) return { kind: 'stale', current: toStored(writing, row) };
  const former = await readVersion(transaction, writing, id, version);
  if (former === undefined) return { kind: 'missing' };
  const value = await saveAs(writing, row, former);
  await record({ action: 'dashboard_restored', detail: { version: value.version, formerVersion: version } }, id);
  return { kind: 'done', value };
}

/** A draft of the reader's own. */
export async function readDraft(
  transaction: ConfigTransaction,
  reading: Reading,
  id: string,
  draft: string,
): Promise<StoredDraft | undefined> {
  if ((await readDashboard(transaction, reading, { id })) === undefined) return undefined;
  const row = await transaction
    .selectFrom('dashboard_drafts')
    .select([...DRAFT_COLUMNS, 'body'])
    .where('territory_id', '=', reading.reader.territoryId)
    .where('dashboard_id', '=', id)
    .where('author', '=', reading.reader.sub)
    .where('id', '=', draft)
    .executeTakeFirst();
  return row === undefined ? undefined : { ...toDraft(row), body: row.body };
}

/** Forgets a draft of the reader's own. @returns whether there was one. */
export async function removeDraft(
  transaction: ConfigTransaction,
  { reader }: Reading,
  id: string,
  draft: string,
): Promise<boolean> {
  const { numDeletedRows } = await transaction
    .deleteFrom('dashboard_drafts')
    .where('territory_id', '=', reader.territoryId)
    .where('dashboard_id', '=', id)
    .where('author', '=', reader.sub)
    .where('id', '=', draft)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}
