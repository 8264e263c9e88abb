import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createSqlAuditLog } from '../features/audit/sql-audit-log.ts';
import { createSqlAuditTrail } from '../features/audit/sql-audit-trail.ts';
import { pruneAudit } from '../features/audit/prune-audit.ts';
import { configEngines } from '../testing/config-engines.ts';
import type { ConfigEngine } from '../testing/config-engines.ts';
import { SEED } from '../testing/fixtures.ts';
import { openConfigStore } from './config-store.ts';
import type { ConfigStore } from './config-store.ts';
import { importSeed } from './import-seed.ts';
import { assertServable } from './servable.ts';
import { LoginRoleError, sqlStateOf } from './store-errors.ts';
import { STORE_ROLES } from './store-roles.ts';
import { databaseOf, runAs, withParts } from './testing/database-of.ts';

const startPostgres = configEngines({ isEmpty: true }).get('PostgreSQL');

/** As in production: one login owns the schema and migrates, another serves. Neither is a superuser. */
if (startPostgres !== undefined) {
  describe('a login role that owns nothing', () => {
    let engine: ConfigEngine;
    let root: string;
    let owner: string;
    let login: string;
    let store: ConfigStore;

    before(async () => {
      engine = await startPostgres();
      assert.ok(engine.config.kind === 'postgres');
      await runAs(engine.config.url, 'create role boss login createrole', 'create role clerk login noinherit');
      root = (await databaseOf(engine.config, 'split', 'boss')).url;
      owner = withParts(root, { user: 'boss' });
      login = withParts(root, { user: 'clerk' });
      const owned = openConfigStore({ kind: 'postgres', url: owner });
      await owned.migrate();
      store = openConfigStore({ kind: 'postgres', url: login });
      await assert.rejects(store.ping(), LoginRoleError);
      await owned.grantLogin('clerk');
      await owned.close();
      await importSeed(store, SEED);
    });
    after(async () => {
      await store.close();
      await engine.stop();
    });

    it('serves without a warning, where an owner or a superuser gets one', async () => {
      const warningsOf = async (url: string): Promise<readonly string[]> => {
        const warnings: string[] = [];
        const opened = openConfigStore({ kind: 'postgres', url });
        await assertServable(opened, (text) => warnings.push(text));
        await opened.close();
        return warnings;
      };
      assert.deepEqual(await warningsOf(login), []);
      assert.deepEqual(await warningsOf(owner), ['the login role of the configuration store owns its tables']);
      assert.deepEqual(await warningsOf(root), ['the login role of the configuration store passes row-level security']);
    });

    it('has no right of its own, and takes none but the roles of a server', async () => {
      for (const statement of [
        'select * from queues',
        'select * from audit_events',
        'alter table queues disable row level security',
        'drop policy own_territory on queues',
        'create table x ()',
        'set role boss',
        'set role lumina_prune',
        'set session authorization boss',
        'begin; set local role lumina_app; set local row_security = off; select * from queues',
        'alter role clerk bypassrls',
      ]) {
        await assert.rejects(runAs(login, statement), (error) => sqlStateOf(error) === '42501', statement);
      }
      for (const [role, { isForServer }] of Object.entries(STORE_ROLES)) {
        if (isForServer) await runAs(login, `set role ${role}`);
      }
    });

    it('sees one territory at a time, and nothing over a connection that served another before', async () => {
      const seen = await runAs(
        login,
        'begin; set local role lumina_app',
        `select set_config('app.territory_id', '101', true)`,
        'select distinct territory_id::int as id from queues',
      );
      assert.deepEqual(seen, [{ id: 101 }]);
      const later = await runAs(
        login,
        `begin; set local role lumina_app; set local app.territory_id = '101'; commit`,
        'begin; set local role lumina_app',
        'select * from queues',
      );
      assert.deepEqual(later, []);
    });

    it('does not spare the owner: forced row-level security hides the rows from the tables of its own', async () => {
      assert.deepEqual(await runAs(owner, 'select * from queues'), []);
      for (const statement of ['update audit_events set action = $$x$$', 'truncate audit_events']) {
        const changed = await runAs(owner, statement).catch(sqlStateOf);
        // Without a territory there is no row to change; all at once is refused.
        assert.deepEqual(changed, statement.startsWith('truncate') ? '42501' : []);
      }
    });

    it('records through triggers of the owner, and lets the owner alone remove old acts', async () => {
      const trail = createSqlAuditTrail(store);
      const actor = { territoryId: 101, sub: 'auth0|admin', roles: ['admin'] as const };
      await trail.record(actor, { action: 'sign_in' });
      await runAs(
        root,
        'set session_replication_role = replica',
        `insert into audit_events (territory_id, sequence, id, at, action, actor_sub, actor_roles)
          select 101, 1000 + n, n::text, now() - make_interval(days => n), 'sign_in', 'u', '{}' from generate_series(380, 420) n`,
        // Even a superuser who changes rows by hand meets the trigger.
        'set session_replication_role = origin',
      );
      await assert.rejects(runAs(root, `update audit_events set action = 'x'`), /append-only/);
      await assert.rejects(runAs(root, 'delete from audit_events'), /append-only/);
      await assert.rejects(pruneAudit(store, trail, { olderThanDays: 400 }), (error) => sqlStateOf(error) === '42501');
      const owned = openConfigStore({ kind: 'postgres', url: owner });
      assert.deepEqual(await pruneAudit(owned, createSqlAuditTrail(owned), { olderThanDays: 400 }), [
        { territoryId: 101, count: 21 },
      ]);
      await owned.close();
      const log = createSqlAuditLog(store);
      const { items } = await log.page({ territoryId: 101 }, { action: 'audit_pruned' }, { limit: 10 });
      assert.deepEqual(
        items.map(({ actor: { sub }, detail }) => [sub, detail]),
        [['operator', { olderThanDays: 400, count: 21 }]],
      );
    });
  });
}
