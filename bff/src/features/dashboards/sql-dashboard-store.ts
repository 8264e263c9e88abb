import { sql } from 'kysely';
import type { ConfigStore, ConfigTransaction } from '../../config-store/config-store.ts';
import type { AuditTrail } from '../audit/audit-trail.ts';
import { allows } from './dashboard-access.ts';
import type { DashboardReader } from './dashboard-access.ts';
import type { DashboardSearch, DashboardStore, DashboardSummary } from './dashboard-store.ts';
import { readDraft, readHistory, readVersion, removeDraft, restoreVersion } from './sql-dashboard-history.ts';
import {
  RESTORABLE,
  SUMMARY_COLUMNS,
  readDashboard,
  readingOf,
  toStored,
  toSummary,
  visibleTo,
} from './sql-dashboard-rows.ts';
import type { DashboardRow, Reading } from './sql-dashboard-rows.ts';
import { changeSettings, readSettings } from './sql-dashboard-settings.ts';
import {
  insertDashboard,
  removeDashboard,
  replaceDashboard,
  restoreDashboard,
  writingOf,
} from './sql-dashboard-writes.ts';
import type { Writing } from './sql-dashboard-writes.ts';

async function listDashboards(
  transaction: ConfigTransaction,
  reading: Reading,
  search: DashboardSearch,
): Promise<readonly DashboardSummary[]> {
  const { folder, text = '', isMine = false, isTemplate, isDeleted = false, limit, after } = search;
  const { territoryId, sub } = reading.reader;
  const pattern = `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
  const conditions = [
    // Row-level security says the same; each of the two holds alone.
    sql`d.territory_id = ${territoryId}`,
    visibleTo(reading),
    isDeleted ? sql`d.deleted_at > now() - ${RESTORABLE}` : sql`d.deleted_at is null`,
    ...(folder === undefined ? [] : [sql`d.folder = ${folder}`]),
    ...(text === '' ? [] : [sql`d.title ilike ${pattern}`]),
    ...(isMine ? [sql`coalesce(d.owner_sub, d.updated_by) = ${sub}`] : []),
    ...(isTemplate === undefined ? [] : [sql`d.is_template = ${isTemplate}`]),
    ...(after === undefined ? [] : [sql`(d.title, d.id) > (${after.title}, ${after.id})`]),
  ];
  const { rows } = await sql<DashboardRow>`select ${SUMMARY_COLUMNS} from dashboards d
    where ${sql.join(conditions, sql` and `)} order by d.title, d.id limit ${limit}`.execute(transaction);
  return rows.map((row) => toSummary(reading, row)).filter(({ access }) => allows(access, 'view'));
}

/** Dashboards in the configuration store; every version is kept, and every change recorded with it. */
export function createSqlDashboardStore(store: ConfigStore, audit: AuditTrail): DashboardStore {
  const read = <T>(
    reader: DashboardReader,
    work: (transaction: ConfigTransaction, reading: Reading) => Promise<T>,
  ): Promise<T> =>
    store.withTenant(reader, async (transaction) => work(transaction, await readingOf(transaction, reader)));
  const write = <T>(reader: DashboardReader, work: (writing: Writing) => Promise<T>): Promise<T> =>
    store.withTenant(reader, async (transaction) => work(await writingOf(transaction, reader, audit)));

  return {
    list: (reader, search) => read(reader, (transaction, reading) => listDashboards(transaction, reading, search)),
    find: (reader, id) =>
      read(reader, async (transaction, reading) => {
        const row = await readDashboard(transaction, reading, { id });
        return row === undefined ? undefined : toStored(reading, row);
      }),
    create: (reader, content, place) => write(reader, (writing) => insertDashboard(writing, content, place)),
    copy: (reader, id, place = {}) =>
      write(reader, async (writing) => {
        const source = await readDashboard(writing.transaction, writing, { id });
        if (source === undefined) return { kind: 'missing' };
        const title = place.title ?? source.title;
        const content = { title, body: { ...(source.body as object), title } };
        return { kind: 'done', value: await insertDashboard(writing, content, place, id) };
      }),
    replace: (reader, id, expectedVersion, content) =>
      write(reader, (writing) => replaceDashboard(writing, { id, expectedVersion, content })),
    remove: (reader, id, expectedVersion) => write(reader, (writing) => removeDashboard(writing, id, expectedVersion)),
    restore: (reader, id) => write(reader, (writing) => restoreDashboard(writing, id)),
    history: (reader, id) => read(reader, (transaction, reading) => readHistory(transaction, reading, id)),
    version: (reader, id, version) =>
      read(reader, (transaction, reading) => readVersion(transaction, reading, id, version)),
    restoreVersion: (reader, id, version, expectedVersion) =>
      write(reader, (writing) => restoreVersion(writing, { id, version, expectedVersion })),
    draft: (reader, id, draft) => read(reader, (transaction, reading) => readDraft(transaction, reading, id, draft)),
    removeDraft: (reader, id, draft) =>
      read(reader, (transaction, reading) => removeDraft(transaction, reading, id, draft)),
    settings: (reader, id) => read(reader, (transaction, reading) => readSettings(transaction, reading, id)),
    changeSettings: (reader, id, changes) => write(reader, (writing) => changeSettings(writing, id, changes)),
  };
}
