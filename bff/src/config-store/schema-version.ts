import { sql } from 'kysely';
import type { ConfigStore, ConfigTransaction } from './config-store.ts';
import { ownMigrations } from './migrate.ts';
import { LoginRoleError, SchemaOutdatedError, sqlStateOf } from './store-errors.ts';

const NO_SUCH_ROLE = '22023';
const NO_SUCH_TABLE = '42P01';
const NO_RIGHT = '42501';

type Answer = { readonly kind: 'applied'; readonly names: ReadonlySet<string> } | { readonly kind: 'unreadable' };

async function appliedIn(transaction: ConfigTransaction): Promise<Answer> {
  try {
    const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(transaction);
    return { kind: 'applied', names: new Set(rows.map(({ name }) => name)) };
  } catch (error) {
    // A schema from before the version could be read, or none at all.
    if ([NO_SUCH_TABLE, NO_RIGHT].includes(sqlStateOf(error))) return { kind: 'unreadable' };
    throw error;
  }
}

async function applied(store: Pick<ConfigStore, 'withRole'>): Promise<ReadonlySet<string>> {
  try {
    const answer = await store.withRole('lumina_app', appliedIn);
    return answer.kind === 'applied' ? answer.names : new Set();
  } catch (error) {
    if (sqlStateOf(error) === NO_SUCH_ROLE) return new Set();
    if (sqlStateOf(error) === NO_RIGHT) throw new LoginRoleError(error);
    throw error;
  }
}

/**
 * Throws `SchemaOutdatedError` where a migration of this release has not run. Migrations of a newer release are fine:
 * they only add, until no process of this one is left.
 */
export async function assertSchema(store: Pick<ConfigStore, 'withRole'>): Promise<void> {
  const names = await applied(store);
  const missing = (await ownMigrations()).map(({ name }) => name).filter((name) => !names.has(name));
  if (missing.length > 0) throw new SchemaOutdatedError(missing);
}
