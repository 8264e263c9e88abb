import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StoreConfig } from '../config.ts';
import { localPostgres } from './local-postgres.ts';

/** An engine of the configuration store, of its own for one suite. */
export interface ConfigEngine {
  readonly config: StoreConfig;
  readonly stop: () => Promise<void>;
}

/** The embedded engine in a folder that goes away with it. */
export async function embeddedEngine(): Promise<ConfigEngine> {
  const directory = await mkdtemp(join(tmpdir(), 'lumina-store-'));
  return { config: { kind: 'embedded', directory }, stop: () => rm(directory, { recursive: true, force: true }) };
}

function postgresEngine(): (() => Promise<ConfigEngine>) | undefined {
  const url = process.env['DATABASE_URL_TEST'];
  if (url === undefined) return localPostgres();
  return () => Promise.resolve({ config: { kind: 'postgres', url }, stop: () => Promise.resolve() });
}

/** Every engine that can be had here, by name: what the store promises holds on each. */
export function configEngines(): ReadonlyMap<string, () => Promise<ConfigEngine>> {
  const postgres = postgresEngine();
  return new Map([
    ['the embedded engine', embeddedEngine],
    ...(postgres === undefined ? [] : [['PostgreSQL', postgres] as const]),
  ]);
}
