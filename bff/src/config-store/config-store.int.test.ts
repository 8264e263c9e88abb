import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { sql } from 'kysely';
import { createSqlAuditTrail } from '../features/audit/sql-audit-trail.ts';
import { createSqlDirectoryStore } from '../features/directory/sql-directory-store.ts';
import { createSqlIngestKeyStore } from '../features/ingest-keys/sql-ingest-key-store.ts';
import { createSqlWidgetTemplateStore } from '../features/widgets/sql-widget-template-store.ts';
import { SEED } from '../testing/fixtures.ts';
import { configEngines, embeddedEngine } from '../testing/config-engines.ts';
import type { ConfigEngine } from '../testing/config-engines.ts';
import { openConfigStore } from './config-store.ts';
import type { ConfigStore } from './config-store.ts';
import { FolderLockedError } from './folder-lock.ts';
import { importSeed } from './import-seed.ts';

const OURS = { territoryId: 101 };
const THEIRS = { territoryId: 102 };

function sqlStateOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/** The promises of the store; they hold on every engine. */
function contract(name: string, startEngine: () => Promise<ConfigEngine>): void {
  describe(`configuration store on ${name}`, () => {
    let engine: ConfigEngine;
    let store: ConfigStore;

    before(async () => {
      engine = await startEngine();
      store = openConfigStore(engine.config);
      assert.deepEqual((await store.migrate()).slice(0, 4), [
        '0001_config',
        '0002_directory_feed',
        '0003_custom_metrics',
        '0004_audit',
      ]);
      await importSeed(store, SEED);
    });
    after(async () => {
      await store.close();
      await engine.stop();
    });

    it('is migrated once', async () => {
      assert.deepEqual(await store.migrate(), []);
      await store.ping();
    });

    it('shows each territory only its own rows, even to a query that asks for all', async () => {
      for (const table of [
        'territories',
        'queues',
        'teams',
        'agents',
        'trunks',
        'queue_members',
        'ingest_keys',
        'dashboards',
        'dashboard_versions',
      ] as const) {
        const ids = await store.withTenant(OURS, (transaction) =>
          transaction.selectFrom(table).select('territory_id').distinct().execute(),
        );
        assert.deepEqual(ids, [{ territory_id: 101 }], table);
      }
    });

    it('shows nothing when no territory is set, and forgets it with the transaction', async () => {
      const rows = await store.withRole('lumina_app', (transaction) =>
        transaction.selectFrom('queues').selectAll().execute(),
      );
      assert.deepEqual(rows, []);
      await store.withTenant(OURS, (transaction) => transaction.selectFrom('queues').select('id').execute());
      const afterwards = await store.withRole('lumina_app', (transaction) =>
        transaction.selectFrom('queues').select('id').execute(),
      );
      assert.deepEqual(afterwards, []);
    });

    it('refuses to write for another territory', async () => {
      const insert = store.withTenant(OURS, (transaction) =>
        transaction
          .insertInto('dashboards')
          .values({ territory_id: 102, id: 'x', title: 'x', body: '{}', updated_by: 'u' })
          .execute(),
      );
      await assert.rejects(insert, (error) => sqlStateOf(error) === '42501');
      const changed = await store.withTenant(OURS, (transaction) =>
        transaction
          .updateTable('dashboards')
          .set({ title: 'taken' })
          .where('territory_id', '=', 102)
          .executeTakeFirst(),
      );
      assert.equal(changed.numUpdatedRows, 0n);
    });

    it('lets the application make and revoke keys of its territory, and bring none back', async () => {
      const insert = (territory_id: number, hash: string): Promise<unknown> =>
        store.withTenant(OURS, (transaction) =>
          transaction.insertInto('ingest_keys').values({ territory_id, hash, label: 'x' }).execute(),
        );
      await assert.rejects(insert(102, 'c'.repeat(64)), (error) => sqlStateOf(error) === '42501');
      await insert(101, 'd'.repeat(64));
      const change = (revoked_at: Date | null): Promise<bigint> =>
        store.withTenant(OURS, async (transaction) => {
          const changed = await transaction
            .updateTable('ingest_keys')
            .set({ revoked_at })
            .where('hash', '=', 'd'.repeat(64))
            .executeTakeFirst();
          return changed.numUpdatedRows;
        });
      assert.equal(await change(new Date(0)), 1n);
      assert.equal(await change(null), 0n);
      assert.equal(await change(new Date()), 0n);
      const rename = store.withTenant(OURS, (transaction) =>
        transaction.updateTable('ingest_keys').set({ label: 'y' }).execute(),
      );
      await assert.rejects(rename, (error) => sqlStateOf(error) === '42501');
    });

    it('lets the key reader see keys of all territories and nothing else', async () => {
      assert.deepEqual(await createSqlIngestKeyStore(store).listValid(), [
        { hash: 'a'.repeat(64), territoryId: 101, regionId: 1 },
        { hash: 'b'.repeat(64), territoryId: 102, regionId: 1 },
      ]);
      const names = store.withRole('lumina_keys', (transaction) =>
        transaction.selectFrom('territories').select('name').execute(),
      );
      await assert.rejects(names, (error) => sqlStateOf(error) === '42501');
    });

    it('keeps concurrent transactions of different territories apart', async () => {
      const results = await Promise.all(
        Array.from({ length: 40 }, (_value, index) => {
          const tenant = index % 2 === 0 ? OURS : THEIRS;
          return store.withTenant(tenant, async (transaction) => {
            await sql`select 1`.execute(transaction);
            const rows = await transaction.selectFrom('territories').select('territory_id').execute();
            return [tenant.territoryId, rows.map((row) => row.territory_id)];
          });
        }),
      );
      for (const [expected, seen] of results) assert.deepEqual(seen, [expected]);
    });

    it('rolls a failed transaction back and goes on', async () => {
      const boards = (): Promise<unknown> =>
        store.withTenant(OURS, (transaction) => transaction.selectFrom('dashboards').select('id').execute());
      const before = await boards();
      const failing = store.withTenant(OURS, async (transaction) => {
        await transaction.deleteFrom('dashboards').execute();
        throw new Error('changed my mind');
      });
      await assert.rejects(failing, /changed my mind/);
      await assert.rejects(store.withTenant(OURS, (transaction) => sql`select 1/0`.execute(transaction)));
      assert.deepEqual(await boards(), before);
    });

    it('lists the directory by name, text and scope', async () => {
      const directory = createSqlDirectoryStore(store);
      const ids = async (kind: 'queues' | 'agents' | 'teams' | 'trunks', search: object): Promise<string[]> =>
        (await directory.list(OURS, kind, { limit: 100, ...search })).map((entry) => entry.id);
      assert.deepEqual(await ids('queues', {}), ['q_service', 'q_sales']);
      assert.deepEqual(await ids('queues', { text: 'SAL' }), ['q_sales']);
      assert.deepEqual(await ids('queues', { text: '%' }), ['q_service']);
      assert.deepEqual(await ids('queues', { text: "' or true --" }), []);
      assert.deepEqual(await ids('queues', { scope: { queues: [] } }), []);
      assert.deepEqual(await ids('agents', { scope: { queues: ['q_sales'] } }), ['ag_1']);
      assert.deepEqual(await ids('agents', { scope: { teams: ['t_b'], queues: ['q_sales'] } }), []);
      assert.deepEqual(await ids('teams', { scope: { teams: ['t_b'] } }), ['t_b']);
      assert.deepEqual(await ids('trunks', { scope: { queues: ['q_sales'] } }), []);
      assert.deepEqual(await directory.list(OURS, 'agents', { limit: 1 }), [
        { id: 'ag_1', name: 'Amelia Ward', externalId: '0055g', teamId: 't_a', queueIds: ['q_sales', 'q_service'] },
      ]);
      assert.equal(await directory.timeZoneOf(THEIRS), 'Europe/Paris');
      assert.equal(await directory.timeZoneOf({ territoryId: 999 }), undefined);
      assert.deepEqual(await directory.agentsOfTeams(OURS, ['t_a', 't_b']), ['ag_1', 'ag_2']);
      assert.deepEqual(await directory.agentsOfQueues(OURS, ['q_service']), ['ag_1', 'ag_2']);
      assert.deepEqual(await directory.agentsOfQueues(THEIRS, ['q_service']), []);
    });

    it('offers templates of the territory and those of all', async () => {
      const widgets = createSqlWidgetTemplateStore(store, createSqlAuditTrail(store));
      assert.deepEqual(
        (await widgets.list(OURS)).map((widget) => widget.id),
        ['w_all'],
      );
      assert.deepEqual(
        (await widgets.list(THEIRS)).map((widget) => widget.id),
        ['w_all', 'w_102'],
      );
    });

    it('imports again without a change, and keeps what people have edited', async () => {
      await store.withTenant(OURS, (transaction) =>
        transaction.updateTable('dashboards').set({ title: 'Edited' }).where('id', '=', 'board').execute(),
      );
      const dump = (): Promise<unknown> =>
        store.withTenant(OURS, async (transaction) => [
          await transaction.selectFrom('queues').selectAll().orderBy('id').execute(),
          await transaction.selectFrom('queue_members').selectAll().orderBy('queue_id').orderBy('agent_id').execute(),
          await transaction.selectFrom('dashboards').selectAll().orderBy('id').execute(),
          await transaction.selectFrom('ingest_keys').selectAll().orderBy('hash').execute(),
        ]);
      const first = await dump();
      await importSeed(store, SEED);
      assert.deepEqual(await dump(), first);
      const boards = await store.withTenant(OURS, (transaction) =>
        transaction.selectFrom('dashboards').select('title').execute(),
      );
      assert.deepEqual(boards, [{ title: 'Edited' }]);
    });

    it('ends a membership that an import no longer names, and keeps its past', async () => {
      const directory = createSqlDirectoryStore(store);
      const members = (SEED.queueMembers ?? []).filter((member) => member.agentId !== 'ag_2');
      await importSeed(store, { ...SEED, queueMembers: members });
      assert.deepEqual(await directory.agentsOfQueues(OURS, ['q_service']), ['ag_1']);
      const past = await store.withTenant(OURS, (transaction) =>
        transaction.selectFrom('queue_members').selectAll().where('agent_id', '=', 'ag_2').execute(),
      );
      assert.equal(past.length, 1);
      assert.notEqual(past[0]?.valid_to, null);
    });
  });
}

for (const [name, startEngine] of configEngines({ isEmpty: true })) contract(name, startEngine);

describe('the embedded store', () => {
  it('refuses a folder that another store holds, and takes it after', async () => {
    const { config, stop } = await embeddedEngine();
    const first = openConfigStore(config);
    await first.migrate();
    assert.throws(() => openConfigStore(config), FolderLockedError);
    await first.close();
    const second = openConfigStore(config);
    await second.ping();
    await second.close();
    await stop();
  });
});
