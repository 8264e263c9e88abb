import { sql } from 'kysely';
import type { ConfigTransaction } from '../../config-store/config-store.ts';
import { allows } from './dashboard-access.ts';
import type { DashboardGrant } from './dashboard-access.ts';
import type { DashboardSettings, Outcome } from './dashboard-store.ts';
import { accessOf, claimDashboard, readDashboard } from './sql-dashboard-rows.ts';
import type { DashboardRow, Reading } from './sql-dashboard-rows.ts';
import type { Writing } from './sql-dashboard-writes.ts';

function toSettings(row: DashboardRow): DashboardSettings {
  return {
    owner: row.owner,
    folder: row.folder,
    visibility: row.visibility,
    everyoneMay: row.everyone_may,
    grants: row.grants,
    isTemplate: row.is_template,
  };
}

/** Who may what with a dashboard, for whoever manages it. */
export async function readSettings(
  transaction: ConfigTransaction,
  reading: Reading,
  id: string,
): Promise<Outcome<DashboardSettings>> {
  const row = await readDashboard(transaction, reading, { id });
  if (row === undefined) return { kind: 'missing' };
  return allows(accessOf(reading, row), 'manage') ? { kind: 'done', value: toSettings(row) } : { kind: 'forbidden' };
}

async function replaceGrants(
  { transaction, reader }: Writing,
  id: string,
  grants: readonly DashboardGrant[],
): Promise<void> {
  await transaction
    .deleteFrom('dashboard_grants')
    .where('territory_id', '=', reader.territoryId)
    .where('dashboard_id', '=', id)
    .execute();
  if (grants.length === 0) return;
  await transaction
    .insertInto('dashboard_grants')
    .values(
      grants.map(({ kind, to, may }) => ({
        territory_id: reader.territoryId,
        dashboard_id: id,
        grantee_kind: kind,
        grantee: to,
        may,
      })),
    )
    .execute();
}

/** Changes who owns, sees and may change a dashboard; its body and version stay. */
export async function changeSettings(
  writing: Writing,
  id: string,
  changes: Partial<DashboardSettings>,
): Promise<Outcome<DashboardSettings>> {
  const { transaction, reader, record } = writing;
  const claimed = await claimDashboard(transaction, writing, { id }, 'manage');
  if (claimed.kind !== 'done') return claimed;
  const before = toSettings(claimed.value);
  const value = { ...before, ...changes };
  await transaction
    .updateTable('dashboards')
    .set({
      owner_sub: value.owner,
      folder: value.folder,
      visibility: value.visibility,
      everyone_may: value.everyoneMay,
      is_template: value.isTemplate,
    })
    .where('territory_id', '=', reader.territoryId)
    .where('id', '=', id)
    .where(sql<boolean>`deleted_at is null`)
    .execute();
  if (changes.grants !== undefined) await replaceGrants(writing, id, changes.grants);
  await record(
    {
      action: 'dashboard_shared',
      detail: {
        visibility: value.visibility,
        everyoneMay: value.everyoneMay,
        isTemplate: value.isTemplate,
        grants: value.grants.map(({ kind, to, may }) => `${may} ${kind} ${to}`),
        ...(value.owner === before.owner ? {} : { owner: value.owner, formerOwner: before.owner }),
      },
    },
    id,
  );
  return { kind: 'done', value };
}
