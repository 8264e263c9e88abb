import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, it } from 'node:test';
import { FolderLockedError, lockFolder } from './folder-lock.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'lumina-lock-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

it('is taken once, and free again after the release', () => {
  const release = lockFolder(directory);
  assert.throws(() => lockFolder(directory), FolderLockedError);
  release();
  assert.deepEqual(readdirSync(directory), []);
  lockFolder(directory)();
});

it('passes on from a process that died without releasing it', () => {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  writeFileSync(join(directory, 'lock'), `${String(pid)} 1`);
  const release = lockFolder(directory);
  assert.deepEqual(readdirSync(directory), ['lock']);
  release();
});

it('passes on when the pid of the dead owner belongs to another process now', (context) => {
  if (!existsSync('/proc/self/stat')) {
    context.diagnostic('This system does not tell when a process started; the pid alone decides.');
    return;
  }
  writeFileSync(join(directory, 'lock'), `${String(process.pid)} 1`);
  lockFolder(directory)();
});
