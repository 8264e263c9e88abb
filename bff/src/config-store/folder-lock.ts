import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Raised when another live process owns the folder. */
export class FolderLockedError extends Error {
  readonly code = 'config_folder_locked';
  constructor(directory: string, pid: number) {
    super(`${directory} is in use by process ${String(pid)}; two at once would destroy it. Stop that process first.`);
    this.name = 'FolderLockedError';
  }
}

interface Owner {
  readonly pid: number;
  /** Start of the process in clock ticks since boot, so that a pid used again is not mistaken for the owner. */
  readonly startTicks: string;
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

/** Empty where the system has no /proc; then the pid alone decides. */
function startTicksOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    // The second field may hold spaces and brackets; the start time is the 20th after it.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'EACCES') || hasCode(error, 'ESRCH')) return '';
    throw error;
  }
}

function isAlive(owner: Owner): boolean {
  if (!Number.isInteger(owner.pid) || owner.pid <= 0) return false;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if (!hasCode(error, 'EPERM')) return false;
  }
  return owner.startTicks === startTicksOf(owner.pid);
}

function readOwner(path: string): Owner | undefined {
  try {
    const [pid, startTicks] = readFileSync(path, 'utf8').split(' ');
    return { pid: Number(pid), startTicks: startTicks ?? '' };
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Creates the lock with its content in one step; false when it exists. */
function tryCreate(path: string): boolean {
  const own = `${path}.${String(process.pid)}.new`;
  writeFileSync(own, `${String(process.pid)} ${startTicksOf(process.pid)}`);
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

/** Moves a dead owner's lock away; gives it back if a live one got in between. */
function clearStale(path: string): void {
  const aside = `${path}.${String(process.pid)}.stale`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return;
    throw error;
  }
  const owner = readOwner(aside);
  try {
    if (owner !== undefined && isAlive(owner)) linkSync(aside, path);
  } finally {
    rmSync(aside, { force: true });
  }
}

const MAX_TAKEOVERS = 3;

/**
 * Takes a folder for this process: the embedded database itself lets two processes open one folder and ruin it.
 * @returns the release.
 */
export function lockFolder(directory: string): () => void {
  mkdirSync(directory, { recursive: true });
  const path = join(directory, 'lock');
  for (let attempt = 0; attempt < MAX_TAKEOVERS; attempt += 1) {
    if (tryCreate(path)) {
      return () => {
        rmSync(path, { force: true });
      };
    }
    const owner = readOwner(path);
    if (owner !== undefined && isAlive(owner)) throw new FolderLockedError(directory, owner.pid);
    clearStale(path);
  }
  throw new FolderLockedError(directory, readOwner(path)?.pid ?? 0);
}
