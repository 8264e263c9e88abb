import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { sql } from 'kysely';
import { openConfigStore } from '../../config-store/config-store.ts';
import type { ConfigStore, OwnedConfigStore } from '../../config-store/config-store.ts';
import { importSeed } from '../../config-store/import-seed.ts';
import { configEngines } from '../../testing/config-engines.ts';
import type { ConfigEngine } from '../../testing/config-engines.ts';
import { SEED } from '../../testing/fixtures.ts';
import { createSqlAuditTrail } from '../audit/sql-audit-trail.ts';
import { dashboardAccess } from './dashboard-access.ts';
import type { DashboardReader, DashboardSharing } from './dashboard-access.ts';
import type { DashboardStore, GuardedWrite, Outcome, StoredDashboard } from './dashboard-store.ts';
import { readingOf, visibleTo } from './sql-dashboard-rows.ts';
import { createSqlDashboardStore } from './sql-dashboard-store.ts';
import { readerOf, readers, sharings } from './testing/readers.ts';

const ADA = readerOf('ada');
const BEN = readerOf('ben');
const VIEWER = readerOf('vic', 'viewer');
const ADMIN = readerOf('root', 'admin');
const FOREIGN = readerOf('root', 'admin', { territoryId: 102 });
const BODY = { schemaVersion: 1, title: 'Board', widgets: [] };
const MANY = { limit: 100 };

function done<T>(outcome: Outcome<T>): T {
  if (outcome.kind !== 'done') throw new Error(`It was refused: ${outcome.kind}.`);
  return outcome.value;
}

function stale(outcome: GuardedWrite): Extract<GuardedWrite, { kind: 'stale' }> {
  if (outcome.kind !== 'stale') throw new Error(`There was no conflict, but ${outcome.kind}.`);
  return outcome;
}

function contract(name: string, startEngine: () => Promise<ConfigEngine>): void {
  describe(`dashboards on ${name}`, () => {
    let engine: ConfigEngine;
    let store: OwnedConfigStore;
    let dashboards: DashboardStore;

    before(async () => {
      engine = await startEngine();
      store = openConfigStore(engine.config);
      await store.migrate();
      await importSeed(store, SEED);
      dashboards = createSqlDashboardStore(store, createSqlAuditTrail(store));
    });
    after(async () => {
      await store.close();
      await engine.stop();
    });

    const create = (reader: DashboardReader, title = 'Board', visibility?: DashboardSharing['visibility']) =>
      dashboards.create(reader, { title, body: { ...BODY, title } }, visibility === undefined ? {} : { visibility });

    const actions = (id: string): Promise<readonly string[]> =>
      store.withTenant(ADA, async (transaction) => {
        const rows = await transaction
          .selectFrom('audit_events')
          .select('action')
          .where('target_id', '=', id)
          .orderBy('sequence')
          .execute();
        return rows.map(({ action }) => action);
      });

    it('keeps boards from before: everyone sees them, editors change them, who saved last owns them', async () => {
      const board = await dashboards.find(BEN, 'board');
      assert.deepEqual([board?.access, board?.owner, board?.visibility], ['edit', 'import', 'territory']);
      assert.equal((await dashboards.find(VIEWER, 'board'))?.access, 'view');
      const saved = done(await outcomeOf(dashboards.replace(BEN, 'board', 1, { title: 'Ours', body: BODY })));
      assert.deepEqual([saved.owner, saved.updatedBy, saved.version], ['import', 'ben', 2]);
    });

    it('shows and lists exactly what the rule says, whoever asks', async () => {
      const made: (DashboardSharing & { readonly id: string })[] = [];
      for (const sharing of fc.sample(sharings, { numRuns: 14, seed: 7 })) {
        const { id } = await create(ADMIN, 'Ruled');
        done(await dashboards.changeSettings(ADMIN, id, sharing));
        made.push({ ...sharing, id });
      }
      for (const reader of fc.sample(readers, { numRuns: 14, seed: 8 })) {
        const expected = made.flatMap(({ id, ...sharing }) => {
          const access = dashboardAccess(reader, reader.scope?.teams ?? [], sharing);
          return access === 'none' ? [] : [[id, access]];
        });
        // The condition alone, without the rule in code that judges its rows once more.
        const byCondition = await store.withTenant(reader, async (transaction) => {
          const condition = visibleTo(await readingOf(transaction, reader));
          const { rows } = await sql<{ id: string }>`select d.id from dashboards d
            where d.title = 'Ruled' and ${condition}`.execute(transaction);
          return rows.map(({ id }) => id);
        });
        assert.deepEqual(byCondition.toSorted(), expected.map(([id = '']) => id).toSorted());
        const listed = await dashboards.list(reader, { ...MANY, text: 'ruled' });
        assert.deepEqual(
          new Map(listed.map(({ id, access }) => [id, access])),
          new Map(expected as [string, string][]),
        );
        const hidden = made.find(({ id }) => !listed.some((one) => one.id === id));
        if (hidden === undefined) continue;
        const { id } = hidden;
        assert.equal(await dashboards.find(reader, id), undefined);
        assert.equal(await dashboards.history(reader, id), undefined);
        assert.equal(await dashboards.version(reader, id, 1), undefined);
        const writes = [
          dashboards.replace(reader, id, 1, { title: 'x', body: BODY }),
          dashboards.remove(reader, id),
          dashboards.restoreVersion(reader, id, 1, 1),
          dashboards.changeSettings(reader, id, { owner: reader.sub }),
          dashboards.copy(reader, id),
        ];
        for (const write of writes) assert.deepEqual(await write, { kind: 'missing' });
      }
    });

    it('knows the team of an agent whom the directory has under the subject', async () => {
      const { id } = await create(ADA, 'Team A only');
      const grants = [{ kind: 'team', to: 't_a', may: 'view' } as const];
      done(await dashboards.changeSettings(ADA, id, { visibility: 'groups', grants }));
      assert.equal((await dashboards.find(readerOf('ag_1'), id))?.access, 'view');
      assert.equal((await dashboards.find(readerOf('0055g'), id))?.access, 'view');
      assert.equal(await dashboards.find(readerOf('ag_2'), id), undefined);
      assert.deepEqual(await dashboards.replace(readerOf('ag_1'), id, 1, { title: 'x', body: BODY }), {
        kind: 'forbidden',
      });
    });

    it('gives two editors of one version a winner and a draft, and takes both up again', async () => {
      const { id } = await create(ADA);
      const outcomes = await Promise.all(
        [ADA, BEN].map((one) => dashboards.replace(one, id, 1, { title: `By ${one.sub}`, body: { by: one.sub } })),
      );
      assert.deepEqual(outcomes.map(({ kind }) => kind).toSorted(), ['done', 'stale']);
      const [winner, loser] = outcomes[0]?.kind === 'done' ? [ADA, BEN] : [BEN, ADA];
      const conflict = stale(outcomes.find(({ kind }) => kind === 'stale') ?? { kind: 'missing' });
      assert.deepEqual([conflict.current.version, conflict.current.body], [2, { by: winner.sub }]);

      const history = await dashboards.history(loser, id);
      assert.ok(history !== undefined);
      assert.deepEqual(
        history.items.map(({ version, updatedBy }) => [version, updatedBy]),
        [
          [2, winner.sub],
          [1, 'ada'],
        ],
      );
      assert.deepEqual(
        history.drafts.map(({ draft, baseVersion }) => [draft, baseVersion]),
        [[conflict.draft, 1]],
      );
      const draft = await dashboards.draft(loser, id, conflict.draft ?? '');
      assert.ok(draft !== undefined);
      assert.deepEqual(draft.body, { by: loser.sub });
      // Nobody else's, not even an admin's: it was never saved.
      for (const other of [winner, ADMIN, FOREIGN]) {
        assert.equal(await dashboards.draft(other, id, conflict.draft ?? ''), undefined);
        assert.equal(await dashboards.removeDraft(other, id, conflict.draft ?? ''), false);
      }
      const taken = await outcomeOf(dashboards.replace(loser, id, 2, { title: draft.title, body: draft.body }));
      assert.equal(done(taken).version, 3);
      const restored = done(await outcomeOf(dashboards.restoreVersion(winner, id, 2, 3)));
      assert.deepEqual([restored.version, restored.title, restored.body], [4, `By ${winner.sub}`, { by: winner.sub }]);
      assert.deepEqual((await dashboards.version(VIEWER, id, 3))?.body, { by: loser.sub });
      assert.equal(stale(await dashboards.restoreVersion(winner, id, 1, 3)).current.version, 4);
      assert.deepEqual(await dashboards.restoreVersion(winner, id, 99, 4), { kind: 'missing' });
      assert.equal(await dashboards.removeDraft(loser, id, conflict.draft ?? ''), true);
      assert.deepEqual((await actions(id)).toSorted(), [
        'dashboard_changed',
        'dashboard_changed',
        'dashboard_changed',
        'dashboard_created',
        'dashboard_restored',
      ]);
    });

    it('keeps the newest ten drafts of an author', async () => {
      const { id } = await create(ADA);
      await dashboards.replace(ADA, id, 1, { title: 'Two', body: BODY });
      for (let at = 0; at < 12; at += 1) await dashboards.replace(BEN, id, 1, { title: `D${String(at)}`, body: BODY });
      const drafts = (await dashboards.history(BEN, id))?.drafts.map(({ title }) => title);
      assert.deepEqual(
        drafts,
        Array.from({ length: 10 }, (_value, index) => `D${String(11 - index)}`),
      );
    });

    it('deletes so that it can be restored, and for good after thirty days', async () => {
      const { id } = await create(ADA, 'Gone');
      assert.equal(stale(await dashboards.remove(ADA, id, 7)).draft, undefined);
      assert.deepEqual(await dashboards.remove(VIEWER, id), { kind: 'forbidden' });
      done(await outcomeOf(dashboards.remove(BEN, id, 1)));
      assert.equal(await dashboards.find(ADA, id), undefined);
      assert.deepEqual(await dashboards.remove(ADA, id), { kind: 'missing' });
      assert.deepEqual(await dashboards.list(ADA, { ...MANY, text: 'Gone' }), []);
      const deleted = await dashboards.list(ADA, { ...MANY, text: 'Gone', isDeleted: true });
      assert.deepEqual(
        deleted.map((one) => [one.id, typeof one.deletedAt]),
        [[id, 'string']],
      );
      assert.deepEqual(await dashboards.restore(VIEWER, id), { kind: 'forbidden' });
      assert.deepEqual(await dashboards.restore(FOREIGN, id), { kind: 'missing' });
      assert.equal(done(await dashboards.restore(ADA, id)).version, 1);
      assert.equal((await dashboards.find(ADA, id))?.title, 'Gone');

      await dashboards.remove(ADA, id);
      await store.withTenant(ADA, (transaction) =>
        sql`update dashboards set deleted_at = now() - interval '31 days' where id = ${id}`.execute(transaction),
      );
      assert.deepEqual(await dashboards.restore(ADA, id), { kind: 'missing' });
      assert.deepEqual(await dashboards.list(ADA, { ...MANY, text: 'Gone', isDeleted: true }), []);
      const { id: another } = await create(ADA, 'Another');
      await dashboards.remove(ADA, another);
      const left = await store.withTenant(ADA, (transaction) =>
        transaction.selectFrom('dashboards').select('id').where('id', 'in', [id, another]).execute(),
      );
      assert.deepEqual(left, [{ id: another }]);
      assert.deepEqual(await actions(id), [
        'dashboard_created',
        'dashboard_deleted',
        'dashboard_restored',
        'dashboard_deleted',
      ]);
    });

    it('lets an admin take a private board over, in the record of the territory', async () => {
      const { id } = await create(ADA, 'Mine alone', 'private');
      assert.equal(await dashboards.find(BEN, id), undefined);
      assert.deepEqual(await dashboards.settings(BEN, id), { kind: 'missing' });
      assert.equal(done(await dashboards.changeSettings(ADMIN, id, { owner: 'root', folder: 'Floor' })).owner, 'root');
      assert.equal(await dashboards.find(ADA, id), undefined);
      const [shared] = await store.withTenant(ADA, (transaction) =>
        transaction
          .selectFrom('audit_events')
          .select(['actor_sub', 'detail'])
          .where('target_id', '=', id)
          .where('action', '=', 'dashboard_shared')
          .execute(),
      );
      const detail = shared?.detail as Record<string, unknown>;
      assert.deepEqual([shared?.actor_sub, detail['owner'], detail['formerOwner']], ['root', 'root', 'ada']);
    });

    it('lists by folder, owner, template and text, page by page', async () => {
      for (const title of ['C', 'A', 'B', 'B']) {
        const { id } = await create(BEN, `Paged ${title}`);
        done(await dashboards.changeSettings(BEN, id, { folder: 'Paged/Deep', isTemplate: title === 'A' }));
      }
      const titles = async (search: object): Promise<string[]> =>
        (await dashboards.list(ADA, { ...MANY, ...search })).map(({ title }) => title.slice(-1));
      assert.deepEqual(await titles({ folder: 'Paged/Deep' }), ['A', 'B', 'B', 'C']);
      assert.deepEqual(await titles({ folder: 'Paged', text: 'paged' }), []);
      assert.deepEqual(await titles({ text: 'paged', isMine: true }), []);
      assert.deepEqual(await titles({ text: 'paged', isTemplate: true }), ['A']);
      assert.deepEqual(await titles({ text: '%' }), []);
      assert.deepEqual(await titles({ text: "' or true --" }), []);
      const seen: string[] = [];
      let [last] = await dashboards.list(ADA, { limit: 1, folder: 'Paged/Deep' });
      while (last !== undefined) {
        seen.push(last.id);
        [last] = await dashboards.list(ADA, { limit: 1, folder: 'Paged/Deep', after: last });
      }
      assert.deepEqual([seen.length, new Set(seen).size], [4, 4]);
    });

    it('copies what is seen into a board of one’s own', async () => {
      const source = await create(ADA, 'Template', 'private');
      assert.deepEqual(await dashboards.copy(BEN, source.id), { kind: 'missing' });
      done(await dashboards.changeSettings(ADA, source.id, { visibility: 'territory', everyoneMay: 'view' }));
      const copy = done(await dashboards.copy(BEN, source.id, { title: 'Copy', visibility: 'private' }));
      assert.deepEqual(
        [copy.owner, copy.access, copy.version, copy.body],
        ['ben', 'manage', 1, { ...BODY, title: 'Copy' }],
      );
    });

    it('is held to the territory by the database alone, and by its statements alone', async () => {
      const { id } = await create(ADA, 'Ours', 'territory');
      for (const table of ['dashboard_grants', 'dashboard_drafts', 'preferences'] as const) {
        const foreign = await store.withTenant(FOREIGN, (transaction) =>
          transaction.selectFrom(table).selectAll().execute(),
        );
        assert.ok(
          foreign.every((row) => row.territory_id === 102),
          table,
        );
      }
      const intrusion = store.withTenant(FOREIGN, (transaction) =>
        transaction
          .insertInto('dashboard_grants')
          .values({ territory_id: 101, dashboard_id: id, grantee_kind: 'user', grantee: 'x', may: 'edit' })
          .execute(),
      );
      await assert.rejects(intrusion, (error: Error & { code?: string }) => error.code === '42501');
      // The same statements where row-level security shows another territory: the reader's own is in each of them.
      const astray: ConfigStore = {
        ...store,
        withTenant: (tenant, work, role) =>
          store.withTenant({ territoryId: tenant.territoryId === 101 ? 102 : 101 }, work, role),
      };
      const lost = createSqlDashboardStore(astray, createSqlAuditTrail(astray));
      assert.equal(await lost.find(ADMIN, 'theirs'), undefined);
      assert.deepEqual(await lost.list(ADMIN, MANY), []);
      assert.deepEqual(await lost.remove(ADMIN, 'theirs'), { kind: 'missing' });
    });

    it('changes nothing that it cannot record', async () => {
      const { id } = await create(ADA, 'Recorded');
      const failing = createSqlDashboardStore(store, {
        record: () => Promise.reject(new Error('the trail is full')),
        recordIn: () => Promise.reject(new Error('the trail is full')),
      });
      await assert.rejects(failing.replace(ADA, id, 1, { title: 'x', body: BODY }), /trail is full/);
      await assert.rejects(failing.remove(ADA, id), /trail is full/);
      await assert.rejects(failing.changeSettings(ADA, id, { visibility: 'private' }), /trail is full/);
      const board = await dashboards.find(BEN, id);
      assert.deepEqual([board?.version, board?.visibility], [1, 'territory']);
    });
  });
}

async function outcomeOf(write: Promise<GuardedWrite>): Promise<Outcome<StoredDashboard>> {
  const outcome = await write;
  if (outcome.kind === 'stale') throw new Error('Somebody else had saved.');
  return outcome;
}

for (const [name, start] of configEngines()) contract(name, start);
