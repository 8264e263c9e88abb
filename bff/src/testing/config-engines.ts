import { cpSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StoreConfig } from '../config.ts';
import { openConfigStore } from '../config-store/config-store.ts';
import { engineTemplate, packageVersion } from './engine-template.ts';
import { localPostgres } from './local-postgres.ts';
import type { LocalPostgres } from './local-postgres.ts';

/** An engine of the configuration store, of its own for one suite. */
export interface ConfigEngine {
  readonly config: StoreConfig;
  readonly stop: () => Promise<void>;
}

/** What an engine starts with. */
export interface EngineStart {
  /** No schema yet, as tests of migrations need it; else all migrations have run, which takes seconds only once. */
  readonly isEmpty?: boolean;
}

async function migrate(config: StoreConfig): Promise<void> {
  const store = openConfigStore(config);
  try {
    await store.migrate();
  } finally {
    await store.close();
  }
}

/** The embedded engine in a folder that goes away with it. */
export async function embeddedEngine({ isEmpty = false }: EngineStart = {}): Promise<ConfigEngine> {
  const directory = await mkdtemp(join(tmpdir(), 'lumina-store-'));
  if (!isEmpty) {
    const version = await packageVersion('@electric-sql/pglite');
    const template = await engineTemplate({ name: 'embedded', version }, (folder) =>
      migrate({ kind: 'embedded', directory: folder }),
    );
    // Everything at once takes a quarter of what the asynchronous copy takes.
    cpSync(template, directory, { recursive: true });
  }
  return { config: { kind: 'embedded', directory }, stop: () => rm(directory, { recursive: true, force: true }) };
}

/** How to start a PostgreSQL that can fail under a test, migrated; undefined where this machine has none. */
export const migratedPostgres = (): (() => Promise<LocalPostgres>) | undefined => localPostgres(migrate);

function postgresEngine({ isEmpty = false }: EngineStart): (() => Promise<ConfigEngine>) | undefined {
  const url = process.env['DATABASE_URL_TEST'];
  if (url === undefined) return isEmpty ? localPostgres() : migratedPostgres();
  return () => Promise.resolve({ config: { kind: 'postgres', url }, stop: () => Promise.resolve() });
}

/** Every engine that can be had here, by name: what the store promises holds on each. */
export function configEngines(begin: EngineStart = {}): ReadonlyMap<string, () => Promise<ConfigEngine>> {
  const postgres = postgresEngine(begin);
  return new Map([
    ['the embedded engine', () => embeddedEngine(begin)],
    ...(postgres === undefined ? [] : [['PostgreSQL', postgres] as const]),
  ]);
}
