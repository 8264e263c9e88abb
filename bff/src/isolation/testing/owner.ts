import { join } from 'node:path';
import pg from 'pg';
import { startEmbeddedClient } from '../../config-store/embedded-client.ts';
import type { StoreConfig } from '../../config.ts';
import { markedRows } from './marked-rows.ts';
import type { MarkedTerritory } from './territories.ts';

type Row = Readonly<Record<string, unknown>>;
/** Runs one statement as the owner of the database, whom no policy binds. */
type OwnerQuery = (sql: string, parameters?: readonly unknown[]) => Promise<readonly Row[]>;

/** Works as the owner. The embedded engine has room for one process: no server may have it open. */
export async function asOwner<T>(config: StoreConfig, work: (query: OwnerQuery) => Promise<T>): Promise<T> {
  if (config.kind === 'embedded') {
    const client = startEmbeddedClient(join(config.directory, 'data'));
    try {
      return await work(async (sql, parameters = []) => (await client.session().query(sql, parameters)).rows as Row[]);
    } finally {
      await client.close();
    }
  }
  const client = new pg.Client({ connectionString: config.url });
  await client.connect();
  try {
    return await work(async (sql, parameters = []) => (await client.query<Row>(sql, [...parameters])).rows);
  } finally {
    await client.end();
  }
}

const quoted = (name: string): string => `"${name}"`;

/** Tables that hold rows of territories. */
async function ownedTables(query: OwnerQuery): Promise<readonly string[]> {
  const rows = await query(
    `select table_name from information_schema.columns
     where table_schema = current_schema() and column_name = 'territory_id' order by 1`,
  );
  return rows.map((row) => String(row['table_name']));
}

/** Adds all that a territory has. */
export async function addMarkedRows(query: OwnerQuery, territory: MarkedTerritory): Promise<void> {
  await query("select set_config('app.territory_id', $1, false)", [String(territory.id)]);
  for (const { table, rows } of markedRows(territory)) {
    for (const row of rows) {
      const columns = Object.keys(row).map(quoted).join(', ');
      await query(
        `insert into ${quoted(table)} (${columns})
         select ${columns} from jsonb_populate_record(null::${quoted(table)}, $1::text::jsonb)`,
        [JSON.stringify(row)],
      );
    }
  }
}

/** Every row of some territories, by table. */
export async function dumpOf(
  query: OwnerQuery,
  territories: readonly MarkedTerritory[],
): Promise<Readonly<Record<string, readonly string[]>>> {
  const ids = `{${territories.map(({ id }) => id).join(',')}}`;
  const dump: Record<string, readonly string[]> = {};
  for (const table of await ownedTables(query)) {
    const rows = await query(
      `select to_jsonb(t)::text as line from ${quoted(table)} t where territory_id = any($1::bigint[]) order by 1`,
      [ids],
    );
    dump[table] = rows.map((row) => String(row['line']));
  }
  return dump;
}

/** Lets nobody evaluate alerts meanwhile: what changes in their rows was changed by the attack. */
export async function holdAlerts(query: OwnerQuery): Promise<void> {
  await query(
    "insert into alert_leases (name, holder, fence, expires_at) values ('evaluation', 'the attack', 1, '2036-01-01T00:00:00Z')",
  );
}

/** Takes row-level security away from every table: what keeps territories apart is what the statements say. */
export async function dropPolicies(query: OwnerQuery): Promise<void> {
  const tables = await query(
    'select relname from pg_class where relnamespace = current_schema()::regnamespace and relrowsecurity',
  );
  for (const { relname } of tables) await query(`alter table ${quoted(String(relname))} disable row level security`);
}

/**
 * Binds the policies to one territory, whatever the transaction says: statements that name another must find nothing,
 * and neither guard can do the other's work.
 */
export async function bindPoliciesTo(query: OwnerQuery, territory: MarkedTerritory): Promise<void> {
  await query(
    `create or replace function current_territory() returns bigint language sql stable as $$ select ${String(territory.id)}::bigint $$`,
  );
}
