import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Kysely, sql } from 'kysely';
import { runCli } from '../cli/run.ts';
import { configEngines, embeddedEngine } from '../testing/config-engines.ts';
import type { ConfigEngine } from '../testing/config-engines.ts';
import { openConfigStore } from './config-store.ts';
import { startEmbeddedClient } from './embedded-client.ts';
import { embeddedDialect } from './embedded-dialect.ts';
import { migrateToLatest, ownMigrations, pendingMigrations } from './migrate.ts';
import { migratingDialect } from './postgres-dialect.ts';
import type { ConfigSchema } from './schema.ts';
import { assertServable } from './servable.ts';
import { SchemaOutdatedError } from './store-errors.ts';
import { databaseOf } from './testing/database-of.ts';

/** Rows as a process of that release would have written them; what later releases add has no say yet. */
const DATA: Readonly<Record<string, string>> = {
  '0001_config': `
    insert into territories values (1, 1, 'One', 'Europe/London'), (2, 1, 'Two', 'Europe/Paris');
    insert into queues (territory_id, id, name) values (1, 'q', 'Sales'), (2, 'q', 'Ventes');
    insert into teams (territory_id, id, name) values (1, 't', 'Team');
    insert into agents (territory_id, id, name, team_id) values (1, 'a', 'Amelia Ward', 't');
    insert into queue_members (territory_id, queue_id, agent_id) values (1, 'q', 'a');
    insert into ingest_keys (hash, territory_id, label) values (repeat('a', 64), 1, 'one'), (repeat('b', 64), 2, 'two');
    insert into dashboards (territory_id, id, title, body, updated_by) values (1, 'd', 'Board', '{"schemaVersion":1}', 'u');
    insert into dashboard_versions select territory_id, id, version, title, body, updated_at, updated_by from dashboards;
    insert into widget_templates (id, title, body) values ('w', 'Widget', '{}')`,
  '0002_directory_feed': `insert into feed_positions (shard_id, sequence) values ('s', '1')`,
  '0003_custom_metrics': `insert into custom_metrics (territory_id, id, body, updated_by) values (1, 'custom:a', '{}', 'u')`,
  '0004_audit': `
    select set_config('app.territory_id', '1', false);
    insert into audit_events (territory_id, action, actor_sub, actor_roles) values (1, 'sign_in', 'u', '{viewer}');
    select set_config('app.territory_id', '', false)`,
};

/** What must still be there, whatever ran since. */
const KEPT_SQL = `select
  (select string_agg(name, ',' order by territory_id) from queues) as queues,
  (select name from agents) as agent,
  (select count(*)::int from queue_members where valid_to is null) as members,
  (select string_agg(distinct label, ',' order by label) from ingest_keys where revoked_at is null) as keys,
  (select title from dashboards) as board, (select title from dashboard_versions) as version,
  (select title from widget_templates) as widget`;
const KEPT = {
  queues: 'Sales,Ventes',
  agent: 'Amelia Ward',
  members: 1,
  keys: 'one,two',
  board: 'Board',
  version: 'Board',
  widget: 'Widget',
};

async function run(database: Kysely<ConfigSchema>, text: string | undefined): Promise<readonly unknown[]> {
  return text === undefined ? [] : (await sql.raw(text).execute(database)).rows;
}

const startPostgres = configEngines({ isEmpty: true }).get('PostgreSQL');

describe('migrations on the embedded engine', () => {
  it('run one by one over the data of each release before', async () => {
    const { config, stop } = await embeddedEngine({ isEmpty: true });
    assert.ok(config.kind === 'embedded');
    const database = new Kysely<ConfigSchema>({ dialect: embeddedDialect(startEmbeddedClient(config.directory)) });
    const all = await ownMigrations();
    for (const [index, { name }] of all.entries()) {
      assert.deepEqual(await migrateToLatest(database, all.slice(0, index + 1)), [name]);
      await run(database, DATA[name]);
    }
    assert.deepEqual(await run(database, KEPT_SQL), [KEPT]);
    assert.deepEqual(await pendingMigrations(database), []);
    await database.destroy();
    await stop();
  });

  it('are shown by a dry run, which changes nothing; a server refuses to serve until they ran', async () => {
    const { config, stop } = await embeddedEngine({ isEmpty: true });
    assert.ok(config.kind === 'embedded');
    const environment = { LUMINA_CONFIG_DIR: config.directory };
    const told: string[] = [];
    const world = { environment, say: (text: string) => told.push(text), complain: (text: string) => told.push(text) };
    const names = (await ownMigrations()).map(({ name }) => name);
    assert.equal(await runCli(['migrate', '--dry-run'], world), 0);
    for (const name of names) assert.ok(told.some((text) => text.startsWith(`\n${name}\n  `)));
    const store = openConfigStore(config);
    const refused: unknown = await assertServable(store, (text) => told.push(text)).catch((error: unknown) => error);
    await store.close();
    assert.ok(refused instanceof SchemaOutdatedError);
    assert.deepEqual(refused.missing, names);
    assert.equal(await runCli(['migrate'], world), 0);
    assert.equal(told.at(-1), `Migrated: ${names.join(', ')}.`);
    assert.equal(await runCli(['migrate', 'now'], world), 2);
    assert.equal(await runCli(['prune-audit', '--older-than-days', '30'], world), 2);
    assert.equal(await runCli(['migrate'], { ...world, environment: {} }), 2);
    await stop();
  });
});

if (startPostgres !== undefined) {
  describe('migrations on PostgreSQL', () => {
    let engine: ConfigEngine;
    before(async () => {
      engine = await startPostgres();
    });
    after(() => engine.stop());

    it('run from every earlier release upwards, with its data', async () => {
      const all = await ownMigrations();
      for (let count = 1; count < all.length; count += 1) {
        const { url } = await databaseOf(engine.config, `from_${String(count)}`);
        const database = new Kysely<ConfigSchema>({ dialect: migratingDialect(url) });
        await migrateToLatest(database, all.slice(0, count));
        for (const { name } of all.slice(0, count)) await run(database, DATA[name]);
        assert.deepEqual(
          await migrateToLatest(database),
          all.slice(count).map(({ name }) => name),
        );
        assert.deepEqual(await run(database, KEPT_SQL), [KEPT], `from ${String(count)}`);
        await database.destroy();
      }
    });

    it('run once where two begin at the same time', async () => {
      const config = await databaseOf(engine.config, 'twice');
      const stores = [openConfigStore(config), openConfigStore(config)];
      const ran = await Promise.all(stores.map((store) => store.migrate()));
      assert.deepEqual(
        ran.map(({ length }) => length).toSorted((a, b) => a - b),
        [0, (await ownMigrations()).length],
      );
      await Promise.all(stores.map((store) => store.close()));
    });

    it('are all there or none: one that fails takes those before it back', async () => {
      const { url } = await databaseOf(engine.config, 'failing');
      const database = new Kysely<ConfigSchema>({ dialect: migratingDialect(url) });
      const broken = [...(await ownMigrations()), { name: '9999_broken', text: 'create table x (); select 1/0' }];
      await assert.rejects(migrateToLatest(database, broken), /9999_broken: division by zero/);
      assert.equal((await pendingMigrations(database)).length, broken.length - 1);
      await database.destroy();
    });

    it('may be older than the schema and not newer', async () => {
      const config = await databaseOf(engine.config, 'ages');
      const database = new Kysely<ConfigSchema>({ dialect: migratingDialect(config.url) });
      const all = await ownMigrations();
      await migrateToLatest(database, all.slice(0, -1));
      const store = openConfigStore(config);
      await assert.rejects(store.ping(), (error) => error instanceof SchemaOutdatedError && error.missing.length === 1);
      await migrateToLatest(database, [...all, { name: '9999_next', text: 'select 1' }]);
      await store.ping();
      await store.close();
      await database.destroy();
    });
  });
}
