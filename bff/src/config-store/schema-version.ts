import { sql } from 'kysely';
import type { ConfigTransaction } from './config-store.ts';
import { ownMigrations } from './migrate.ts';
import { SchemaOutdatedError } from './store-errors.ts';

/** Neither the table nor the right to read it: a schema from before it was kept, or none at all. */
const NO_VERSION_STATES = new Set(['42P01', '42501']);

async function appliedIn(transaction: ConfigTransaction): Promise<ReadonlySet<string>> {
  try {
    const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(transaction);
    return new Set(rows.map(({ name }) => name));
  } catch (error) {
    if (error instanceof Error && 'code' in error && NO_VERSION_STATES.has(String(error.code))) return new Set();
    throw error;
  }
}

/**
 * Throws `SchemaOutdatedError` where a migration of this release has not run. Migrations of a newer release are fine:
 * they only add, until no process of this one is left.
 */
export async function assertSchema(transaction: ConfigTransaction): Promise<void> {
  const applied = await appliedIn(transaction);
  const missing = (await ownMigrations()).map(({ name }) => name).filter((name) => !applied.has(name));
  if (missing.length > 0) throw new SchemaOutdatedError(missing);
}
