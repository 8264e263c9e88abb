import { join } from 'node:path';
import { Kysely, sql } from 'kysely';
import type { Transaction } from 'kysely';
import type { StoreConfig } from '../config.ts';
import { startEmbeddedClient } from './embedded-client.ts';
import { embeddedDialect } from './embedded-dialect.ts';
import { lockFolder } from './folder-lock.ts';
import { migrateToLatest, pendingMigrations } from './migrate.ts';
import type { PendingMigration } from './migrate.ts';
import { migratingDialect, servingDialect } from './postgres-dialect.ts';
import type { ConfigSchema } from './schema.ts';
import { assertSchema } from './schema-version.ts';
import { StoreUnavailableError, isUnavailable } from './store-errors.ts';
import { SERVER_ROLES } from './store-roles.ts';
import type { StoreRole } from './store-roles.ts';
import type { Tenant } from './tenant.ts';

export type { StoreRole } from './store-roles.ts';

/** One transaction, already bound to a role and a territory. */
export type ConfigTransaction = Transaction<ConfigSchema>;

/** The configuration database, whatever the engine. What cannot be asked now throws `StoreUnavailableError`. */
export interface ConfigStore {
  /** Runs as the application, seeing one territory. */
  withTenant: <T>(tenant: Tenant, work: (transaction: ConfigTransaction) => Promise<T>, role?: StoreRole) => Promise<T>;
  /** Runs under a role without a territory. */
  withRole: <T>(role: StoreRole, work: (transaction: ConfigTransaction) => Promise<T>) => Promise<T>;
  /** Whether the database answers and has the schema of this release; else throws, `SchemaOutdatedError` among others. */
  ping: () => Promise<void>;
  /** Brings the schema to the newest version, as its owner. @returns the migrations that ran. */
  migrate: () => Promise<readonly string[]>;
  close: () => Promise<void>;
}

/** The same, with what only the command `migrate` does, as the owner of the schema. */
export interface OwnedConfigStore extends ConfigStore {
  /** What `migrate` would run; changes nothing. */
  pending: () => Promise<readonly PendingMigration[]>;
  /** Lets a login role take the roles of a server. */
  grantLogin: (loginRole: string) => Promise<void>;
}

function openMigrating(config: StoreConfig, database: Kysely<ConfigSchema>): Kysely<ConfigSchema> {
  return config.kind === 'embedded' ? database : new Kysely<ConfigSchema>({ dialect: migratingDialect(config.url) });
}

/** Opens the store; the embedded one also takes its folder's lock. */
export function openConfigStore(config: StoreConfig): OwnedConfigStore {
  const release = config.kind === 'embedded' ? lockFolder(config.directory) : undefined;
  const dialect =
    config.kind === 'embedded'
      ? embeddedDialect(startEmbeddedClient(join(config.directory, 'data')))
      : servingDialect(config.url);
  const database = new Kysely<ConfigSchema>({ dialect });
  let isSchemaKnown = false;

  async function inTransaction<T>(
    role: StoreRole,
    territoryId: string,
    work: (transaction: ConfigTransaction) => Promise<T>,
  ): Promise<T> {
    try {
      return await database.transaction().execute(async (transaction) => {
        // LOCAL: with the commit, role and territory are gone, so a pooled connection carries nothing over.
        await sql`set local role ${sql.id(role)}`.execute(transaction);
        await sql`select set_config('app.territory_id', ${territoryId}, true)`.execute(transaction);
        return work(transaction);
      });
    } catch (error) {
      throw isUnavailable(error) ? new StoreUnavailableError(error) : error;
    }
  }

  const withRole: ConfigStore['withRole'] = (role, work) => inTransaction(role, '', work);

  async function asOwner<T>(work: (owner: Kysely<ConfigSchema>) => Promise<T>): Promise<T> {
    const owner = openMigrating(config, database);
    try {
      return await work(owner);
    } finally {
      if (owner !== database) await owner.destroy();
    }
  }

  return {
    withTenant: (tenant, work, role = 'lumina_app') => inTransaction(role, String(tenant.territoryId), work),
    withRole,
    ping: async () => {
      // Nobody takes migrations back, so once is enough.
      if (!isSchemaKnown) await assertSchema({ withRole });
      isSchemaKnown = true;
      await withRole('lumina_app', (transaction) => sql`select 1 from territories limit 1`.execute(transaction));
    },
    pending: () => asOwner(pendingMigrations),
    migrate: () => asOwner((owner) => migrateToLatest(owner)),
    grantLogin: (loginRole) =>
      asOwner(async (owner) => {
        const roles = sql.join(SERVER_ROLES.map((role) => sql.id(role)));
        await sql`grant ${roles} to ${sql.id(loginRole)}`.execute(owner);
      }),
    close: async () => {
      await database.destroy();
      release?.();
    },
  };
}
