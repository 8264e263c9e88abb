import { DuckDBInstance } from '@duckdb/node-api';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

const FILE = 'timestream-local.lock';

/** Holds a data folder for one server; its regions are opened later, which would be too late to find out. */
export type FolderLock = { release: () => void };

/**
 * Takes a data folder, or fails if another process has it. The lock is the one that DuckDB holds on a file that it has
 * open, since the system frees it however a process ends, and Node has none of its own.
 */
export async function lockFolder(dataDir: string): Promise<FolderLock> {
  await mkdir(dataDir, { recursive: true });
  try {
    const instance = await DuckDBInstance.create(join(dataDir, FILE), { threads: '1', memory_limit: '16MB' });
    return {
      release: () => {
        instance.closeSync();
      },
    };
  } catch (error) {
    if (!(error instanceof Error) || !/lock/i.test(error.message)) throw error;
    const holder = /\(PID (\d+)\)/.exec(error.message)?.[1];
    throw new Error(
      `The data folder is already served by another process${holder === undefined ? '' : ` (${holder})`}: ${dataDir}. Stop that one or choose another folder.`,
      { cause: error },
    );
  }
}
