import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ConfigChange } from '@lumina/contracts';
import { openConfigStore } from '../../config-store/config-store.ts';
import type { ConfigStore } from '../../config-store/config-store.ts';
import { importSeed } from '../../config-store/import-seed.ts';
import { configEngines } from '../../testing/config-engines.ts';
import type { ConfigEngine } from '../../testing/config-engines.ts';
import { SEED } from '../../testing/fixtures.ts';
import { createDirectoryFeed } from './directory-feed.ts';
import type { DirectoryEntry, DirectoryKind } from './directory-store.ts';
import { createSqlDirectoryFeedStore } from './sql-directory-feed.ts';
import { createSqlDirectoryStore } from './sql-directory-store.ts';

const OURS = { territoryId: 101 };
const NOON_MS = Date.parse('2025-06-01T12:00:00Z');

function changeOf(entity: string, externalId: string, minute: number, change: ConfigChange['change']): ConfigChange {
  return {
    v: 1,
    id: `${entity}:${externalId}:${String(minute)}`,
    type: 'CONFIG_CHANGE',
    source: 'platform',
    time: new Date(NOON_MS + minute * 60_000).toISOString(),
    territoryId: 101,
    regionId: 1,
    entity,
    externalId,
    change,
  };
}

function contract(name: string, startEngine: () => Promise<ConfigEngine>): void {
  describe(`the directory's feed on ${name}`, () => {
    let engine: ConfigEngine;
    let store: ConfigStore;
    let sequence = 0;
    const refused: string[][] = [];

    const tell = async (...changes: readonly ConfigChange[]): Promise<void> => {
      const feed = createDirectoryFeed({
        store: createSqlDirectoryFeedStore(store),
        onRefused: (what, reason) => refused.push([what, reason]),
      });
      sequence += 1;
      const record = { v: 1, source: 's/0', seq: sequence, watermark: 0, facts: [], changes } as const;
      await feed.take({ shardId: 'shard-0', sequence: String(sequence), records: [record] });
    };
    const entry = async (kind: DirectoryKind, id: string): Promise<DirectoryEntry | undefined> =>
      (await createSqlDirectoryStore(store).list(OURS, kind, { limit: 100 })).find((one) => one.id === id);

    before(async () => {
      engine = await startEngine();
      store = openConfigStore(engine.config);
      await store.migrate();
      await importSeed(store, SEED);
    });
    after(async () => {
      await store.close();
      await engine.stop();
    });

    it('renames, adds and retires; what is not told stays', async () => {
      await tell(
        changeOf('queue', 'q_sales', 1, { name: 'Sales and upgrades' }),
        changeOf('agent', 'ag_1', 1, { externalId: '0055x' }),
        changeOf('trunk', 'tr_2', 1, { name: 'London two' }),
        changeOf('team', 't_b', 1, 'deleted'),
        changeOf('queue', 'q_new', 1, 'created'),
      );
      assert.deepEqual(await entry('queues', 'q_sales'), { id: 'q_sales', name: 'Sales and upgrades' });
      assert.deepEqual(await entry('agents', 'ag_1'), {
        id: 'ag_1',
        name: 'Amelia Ward',
        externalId: '0055x',
        teamId: 't_a',
        queueIds: ['q_sales', 'q_service'],
      });
      assert.deepEqual(await entry('trunks', 'tr_2'), { id: 'tr_2', name: 'London two' });
      assert.equal((await entry('teams', 't_b'))?.retired, true);
      assert.deepEqual(await entry('queues', 'q_new'), { id: 'q_new', name: 'q_new', unnamed: true });
    });

    it('takes the newest of what comes twice and out of order', async () => {
      const newer = changeOf('queue', 'q_service', 9, { name: 'Service' });
      await tell(newer);
      await tell(changeOf('queue', 'q_service', 8, { name: 'Too old' }), newer);
      assert.equal((await entry('queues', 'q_service'))?.name, 'Service');
    });

    it('moves an agent between teams and queues that nobody had named yet, and keeps the past of both', async () => {
      const move = changeOf('agent', 'ag_2', 2, { teamId: 't_new', queueIds: ['q_sales', 'q_fresh'] });
      await tell(move, move);
      const agent = await entry('agents', 'ag_2');
      assert.deepEqual([agent?.teamId, agent?.queueIds], ['t_new', ['q_fresh', 'q_sales']]);
      const past = await store.withTenant(OURS, (transaction) =>
        transaction
          .selectFrom('queue_members')
          .select(['queue_id', 'valid_to'])
          .where('agent_id', '=', 'ag_2')
          .where('valid_to', 'is not', null)
          .execute(),
      );
      assert.deepEqual(
        past.map(({ queue_id }) => queue_id),
        ['q_service'],
      );
      await tell(changeOf('agent', 'ag_2', 3, 'deleted'));
      assert.deepEqual((await entry('agents', 'ag_2'))?.queueIds, []);
      await tell(changeOf('agent', 'ag_2', 4, { queueIds: ['q_sales'] }));
      assert.deepEqual(await entry('agents', 'ag_2'), {
        id: 'ag_2',
        name: 'Ben Osei',
        teamId: 't_new',
        queueIds: ['q_sales'],
      });
    });

    it('refuses what does not fit and what belongs to nobody here, and applies the rest', async () => {
      refused.length = 0;
      await tell(
        changeOf('queue', 'q_x', 5, { name: 7 } as unknown as ConfigChange['change']),
        changeOf('policy', 'policy_1', 5, 'updated'),
        { ...changeOf('queue', 'q_y', 5, { name: 'Elsewhere' }), territoryId: 404 },
        changeOf('queue', 'q_z', 5, { name: 'Last' }),
      );
      assert.deepEqual(
        refused.map(([what]) => what),
        ['queue:q_x:5', 'territory 404'],
      );
      assert.equal((await entry('queues', 'q_z'))?.name, 'Last');
      assert.equal(await entry('queues', 'q_x'), undefined);
    });

    it('applies the rest of what the database refuses one of', async () => {
      refused.length = 0;
      await tell(
        changeOf('queue', 'q_before', 6, { name: 'Before' }),
        changeOf('queue', 'q_nul', 6, { name: 'a\u0000b' }),
        changeOf('queue', 'q_half', 6, { name: 'a\ud800b' }),
        changeOf('queue', 'q_html', 6, { name: `<b>'); drop table queues; --` }),
      );
      assert.equal(refused.length, 1, JSON.stringify(refused));
      assert.equal((await entry('queues', 'q_before'))?.name, 'Before');
      assert.equal((await entry('queues', 'q_html'))?.name, `<b>'); drop table queues; --`);
      assert.equal(await entry('queues', 'q_nul'), undefined);
    });

    it('touches no other territory', async () => {
      await tell({ ...changeOf('queue', 'q_sales', 20, { name: 'Ventes et plus' }), territoryId: 102 });
      assert.equal((await entry('queues', 'q_sales'))?.name, 'Sales and upgrades');
    });

    it('remembers how far it has come', async () => {
      const feed = createSqlDirectoryFeedStore(store);
      assert.deepEqual([...(await feed.positions())], [['shard-0', String(sequence)]]);
    });
  });
}

for (const [name, startEngine] of configEngines()) contract(name, startEngine);
