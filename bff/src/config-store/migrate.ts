import { readFile, readdir } from 'node:fs/promises';
import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import type { Migration, MigrationProvider } from 'kysely/migration';
import type { ConfigSchema } from './schema.ts';

const FOLDER = new URL('./migrations/', import.meta.url);

/** The migrations are plain SQL files, run in the order of their names. */
const sqlFiles: MigrationProvider = {
  getMigrations: async () => {
    const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.sql'));
    const entries = await Promise.all(
      names.map(async (name): Promise<[string, Migration]> => {
        const text = await readFile(new URL(name, FOLDER), 'utf8');
        const up: Migration['up'] = async (target) => {
          await sql.raw(text).execute(target);
        };
        return [name.replace(/\.sql$/, ''), { up }];
      }),
    );
    return Object.fromEntries(entries);
  },
};

/** Brings the schema to the newest version. @returns the names of the migrations that ran. */
export async function migrateToLatest(database: Kysely<ConfigSchema>): Promise<readonly string[]> {
  const { error, results } = await new Migrator({ db: database, provider: sqlFiles }).migrateToLatest();
  const failed = results?.find((result) => result.status === 'Error');
  if (error !== undefined) {
    throw new Error(
      `Migration ${failed?.migrationName ?? 'failed'}: ${error instanceof Error ? error.message : 'unknown error'}`,
      { cause: error },
    );
  }
  return (results ?? []).map((result) => result.migrationName);
}
