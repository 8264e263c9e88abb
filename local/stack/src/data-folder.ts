import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LocalRegionId } from './ports.ts';

/** The folders and files of a stack's data. */
export interface DataFolder {
  readonly root: string;
  readonly logs: string;
  readonly idp: string;
  readonly timestream: string;
  readonly dynamodb: string;
  region(id: LocalRegionId): string;
}

/** Lays out a data folder. */
export function dataFolderAt(root: string): DataFolder {
  return {
    root,
    logs: join(root, 'logs'),
    idp: join(root, 'idp'),
    timestream: join(root, 'timestream'),
    dynamodb: join(root, 'dynamodb'),
    region: (id) => join(root, `region-${String(id)}`),
  };
}

/** Makes the folders; they hold secrets, so they are their owner's alone. */
export function makeDataFolder(folder: DataFolder, regionIds: readonly LocalRegionId[]): void {
  mkdirSync(folder.root, { recursive: true, mode: 0o700 });
  for (const path of [folder.logs, folder.timestream, ...regionIds.map((id) => folder.region(id))]) {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  }
}

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** The content of a file, or nothing when there is none. */
export function readIfPresent(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Replaces a file in one step, readable by its owner alone. */
export function writePrivate(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** A random secret kept in a file of its own: made once, the same at every later start. */
export function keptSecret(file: string): string {
  const kept = readIfPresent(file);
  if (kept !== undefined) return kept.trim();
  const secret = randomBytes(32).toString('base64url');
  writePrivate(file, `${secret}\n`);
  return secret;
}
