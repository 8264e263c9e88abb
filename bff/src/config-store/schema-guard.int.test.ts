import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { sql } from 'kysely';
import { configEngines } from '../testing/config-engines.ts';
import type { ConfigEngine } from '../testing/config-engines.ts';
import { openConfigStore } from './config-store.ts';
import type { ConfigStore } from './config-store.ts';
import { STORE_ROLES } from './store-roles.ts';
import { GRANTS } from './testing/grants.ts';

async function rowsOf<T>(store: ConfigStore, text: string): Promise<readonly T[]> {
  const { rows } = await store.withRole('lumina_app', (transaction) => sql.raw<T>(text).execute(transaction));
  return rows;
}

/** Rights on whole tables and on columns, of everyone but the owner; `public` is everyone. */
const GRANTS_SQL = `
  with given as (
    select c.relname, c.relowner, a.grantee, a.privilege_type, null::text as attname
    from pg_class c, aclexplode(c.relacl) a where c.relnamespace = current_schema()::regnamespace
    union all
    select c.relname, c.relowner, a.grantee, a.privilege_type, t.attname::text
    from pg_class c join pg_attribute t on t.attrelid = c.oid, aclexplode(t.attacl) a
    where c.relnamespace = current_schema()::regnamespace and not t.attisdropped
  )
  select relname as "table", case when grantee = 0 then 'public' else grantee::regrole::text end as role,
    privilege_type as privilege, string_agg(attname, ', ' order by attname collate "C") as columns
  from given where grantee <> relowner
  group by 1, 2, 3, attname is null`;

interface Grant {
  readonly table: string;
  readonly role: string;
  readonly privilege: string;
  readonly columns: string | null;
}

/** By role and right: the tables, in the order of their names, with columns where not all are meant. */
function matrixOf(grants: readonly Grant[]): Record<string, Record<string, string[]>> {
  const matrix: Record<string, Record<string, string[]>> = {};
  for (const { role, privilege, table, columns } of grants) {
    const rights = (matrix[role] ??= {});
    (rights[privilege] ??= []).push(columns === null ? table : `${table} (${columns})`);
    rights[privilege].sort();
  }
  return matrix;
}

/** What nobody may loosen by accident; catalogues say it, whatever the migrations meant. */
function guard(name: string, startEngine: () => Promise<ConfigEngine>): void {
  describe(`the schema on ${name}`, () => {
    let engine: ConfigEngine;
    let store: ConfigStore;

    before(async () => {
      engine = await startEngine();
      store = openConfigStore(engine.config);
      await store.migrate();
    });
    after(async () => {
      await store.close();
      await engine.stop();
    });

    it('forces row-level security on every table, each with a policy, and has no view around it', async () => {
      const tables = await rowsOf<{ relname: string }>(
        store,
        `select relname from pg_class c where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p')`,
      );
      assert.ok(tables.length >= 20);
      const open = await rowsOf(
        store,
        `select relname from pg_class c where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p')
          and not (relrowsecurity and relforcerowsecurity and exists (select from pg_policy where polrelid = c.oid))`,
      );
      assert.deepEqual(open, []);
      const views = await rowsOf(
        store,
        `select relname from pg_class where relnamespace = current_schema()::regnamespace and relkind in ('v', 'm', 'f')`,
      );
      assert.deepEqual(views, []);
    });

    it('grants what the matrix lists, and nothing else', async () => {
      const grants = await rowsOf<Grant>(store, GRANTS_SQL);
      assert.deepEqual(matrixOf(grants), GRANTS);
    });

    it('has roles that can neither log in nor pass row-level security, and are members of nothing', async () => {
      const roles = await rowsOf<{ rolname: string; bad: boolean }>(
        store,
        `select r.rolname, r.rolsuper or r.rolbypassrls or r.rolcanlogin or r.rolcreaterole or exists
          (select from pg_auth_members m where m.member = r.oid) as bad
          from pg_roles r where r.rolname like 'lumina\\_%'`,
      );
      assert.deepEqual(roles.map(({ rolname }) => rolname).toSorted(), Object.keys(STORE_ROLES).toSorted());
      assert.deepEqual(
        roles.filter(({ bad }) => bad),
        [],
      );
    });

    it('runs as its owner only the functions that stamp an order, which nobody may call', async () => {
      const functions = await rowsOf<{ proname: string; isClosed: boolean }>(
        store,
        `select proname::text, proconfig::text like '%search\\_path=%pg\\_temp%'
          and not exists (select from aclexplode(coalesce(proacl, acldefault('f', proowner))) where grantee <> proowner)
          as "isClosed"
          from pg_proc where pronamespace = current_schema()::regnamespace and prosecdef`,
      );
      assert.deepEqual(
        functions.toSorted((a, b) => a.proname.localeCompare(b.proname)),
        [
          { proname: 'stamp_access_change', isClosed: true },
          { proname: 'stamp_audit_event', isClosed: true },
        ],
      );
    });
  });
}

for (const [name, startEngine] of configEngines()) guard(name, startEngine);
