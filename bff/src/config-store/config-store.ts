import { join } from 'node:path';
import { Kysely, PostgresDialect, sql } from 'kysely';
import type { Dialect, Transaction } from 'kysely';
import pg from 'pg';
import type { StoreConfig } from '../config.ts';
import { startEmbeddedClient } from './embedded-client.ts';
import { embeddedDialect } from './embedded-dialect.ts';
import { lockFolder } from './folder-lock.ts';
import { migrateToLatest } from './migrate.ts';
import type { ConfigSchema } from './schema.ts';
import type { Tenant } from './tenant.ts';

/** The database roles a transaction may take; each sees only what its policies allow. */
export type StoreRole =
  'lumina_app' | 'lumina_import' | 'lumina_keys' | 'lumina_alerts' | 'lumina_clients' | 'lumina_access';

/** One transaction, already bound to a role and a territory. */
export type ConfigTransaction = Transaction<ConfigSchema>;

/** The configuration database, whatever the engine. */
export interface ConfigStore {
  /** Runs as the application, seeing one territory. */
  withTenant: <T>(tenant: Tenant, work: (transaction: ConfigTransaction) => Promise<T>, role?: StoreRole) => Promise<T>;
  /** Runs under a role without a territory. */
  withRole: <T>(role: StoreRole, work: (transaction: ConfigTransaction) => Promise<T>) => Promise<T>;
  /** Whether the database answers and has its schema. */
  ping: () => Promise<void>;
  /** Brings the schema to the newest version, as the owner. @returns the migrations that ran. */
  migrate: () => Promise<readonly string[]>;
  close: () => Promise<void>;
}

const POOL_SIZE = 10;
const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 10_000;

/** Ids fit a double; both engines must give numbers. */
const numbers = new pg.TypeOverrides();
numbers.setTypeParser(pg.types.builtins.INT8, Number);

function postgresDialect(url: string): Dialect {
  const pool = new pg.Pool({
    connectionString: url,
    max: POOL_SIZE,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    types: numbers,
  });
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => undefined);
  return new PostgresDialect({ pool });
}

/** Opens the store; the embedded one also takes its folder's lock. */
export function openConfigStore(config: StoreConfig): ConfigStore {
  const release = config.kind === 'embedded' ? lockFolder(config.directory) : undefined;
  const dialect =
    config.kind === 'embedded'
      ? embeddedDialect(startEmbeddedClient(join(config.directory, 'data')))
      : postgresDialect(config.url);
  const database = new Kysely<ConfigSchema>({ dialect });

  function inTransaction<T>(
    role: StoreRole,
    territoryId: string,
    work: (transaction: ConfigTransaction) => Promise<T>,
  ): Promise<T> {
    return database.transaction().execute(async (transaction) => {
      // LOCAL: with the commit, role and territory are gone, so a pooled connection carries nothing over.
      await sql`set local role ${sql.id(role)}`.execute(transaction);
      await sql`select set_config('app.territory_id', ${territoryId}, true)`.execute(transaction);
      return work(transaction);
    });
  }

  return {
    withTenant: (tenant, work, role = 'lumina_app') => inTransaction(role, String(tenant.territoryId), work),
    withRole: (role, work) => inTransaction(role, '', work),
    ping: () =>
      inTransaction('lumina_app', '', async (transaction) => {
        await sql`select 1 from territories limit 1`.execute(transaction);
      }),
    migrate: () => migrateToLatest(database),
    close: async () => {
      await database.destroy();
      release?.();
    },
  };
}
