import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readIfPresent, writePrivate } from '../data-folder.ts';

/** The file with the ingest keys of a region; only their hashes go anywhere else. */
export const INGEST_KEYS_FILE = 'ingest-keys.json';

/** The ingest keys of a region by territory. */
export type IngestKeys = Readonly<Record<string, string>>;

/** What the collector compares a key with. */
export const hashOfKey = (key: string): string => createHash('sha256').update(key).digest('hex');

/** The keys kept in a region's folder; nothing when the stack has never run there. */
export function readIngestKeys(regionDir: string): IngestKeys | undefined {
  const text = readIfPresent(join(regionDir, INGEST_KEYS_FILE));
  return text === undefined ? undefined : (JSON.parse(text) as IngestKeys);
}

/** The keys of some territories, made where they are missing. */
export function ensureIngestKeys(regionDir: string, territoryIds: readonly number[]): IngestKeys {
  const keys: Record<string, string> = { ...readIngestKeys(regionDir) };
  for (const territoryId of territoryIds) {
    keys[String(territoryId)] ??= `lik_${randomBytes(24).toString('base64url')}`;
  }
  writePrivate(join(regionDir, INGEST_KEYS_FILE), `${JSON.stringify(keys, null, 2)}\n`);
  return keys;
}
