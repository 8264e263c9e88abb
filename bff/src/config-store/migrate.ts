import { readFile, readdir } from 'node:fs/promises';
import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import type { Migration, MigrationProvider } from 'kysely/migration';
import type { ConfigSchema } from './schema.ts';

/** A migration of this release: a file of plain SQL, run in the order of the names. */
export interface SqlMigration {
  readonly name: string;
  readonly text: string;
}

/** A migration that has not run yet, and what it says of itself. */
export interface PendingMigration {
  readonly name: string;
  /** The comment that the file begins with, without its dashes; may be empty. */
  readonly header: string;
}

const FOLDER = new URL('./migrations/', import.meta.url);

/** All migrations of this release. */
export async function ownMigrations(): Promise<readonly SqlMigration[]> {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.sql')).toSorted();
  return Promise.all(
    names.map(async (name) => ({
      name: name.replace(/\.sql$/, ''),
      text: await readFile(new URL(name, FOLDER), 'utf8'),
    })),
  );
}

function providerOf(migrations: readonly SqlMigration[]): MigrationProvider {
  const entries = migrations.map(({ name, text }): [string, Migration] => {
    const up: Migration['up'] = async (target) => {
      await sql.raw(text).execute(target);
    };
    return [name, { up }];
  });
  return { getMigrations: () => Promise.resolve(Object.fromEntries(entries)) };
}

function headerOf(text: string): string {
  const lines = text.split('\n');
  const end = lines.findIndex((line) => !line.startsWith('--'));
  return lines
    .slice(0, end === -1 ? lines.length : end)
    .map((line) => line.replace(/^-- ?/, ''))
    .join('\n');
}

/** What `migrateToLatest` would run, in order; reads and changes nothing. */
export async function pendingMigrations(database: Kysely<ConfigSchema>): Promise<readonly PendingMigration[]> {
  const migrations = await ownMigrations();
  const known = await new Migrator({ db: database, provider: providerOf(migrations) }).getMigrations();
  const done = new Set(known.filter(({ executedAt }) => executedAt !== undefined).map(({ name }) => name));
  return migrations.filter(({ name }) => !done.has(name)).map(({ name, text }) => ({ name, header: headerOf(text) }));
}

/**
 * Brings the schema to the newest version, all of it or nothing; of two at once one waits and finds nothing to do.
 * @returns the names of the migrations that ran.
 */
export async function migrateToLatest(
  database: Kysely<ConfigSchema>,
  migrations?: readonly SqlMigration[],
): Promise<readonly string[]> {
  const provider = providerOf(migrations ?? (await ownMigrations()));
  const { error, results } = await new Migrator({ db: database, provider }).migrateToLatest();
  const failed = results?.find((result) => result.status === 'Error');
  if (error !== undefined) {
    throw new Error(
      `Migration ${failed?.migrationName ?? 'failed'}: ${error instanceof Error ? error.message : 'unknown error'}`,
      { cause: error },
    );
  }
  return (results ?? []).map((result) => result.migrationName);
}
