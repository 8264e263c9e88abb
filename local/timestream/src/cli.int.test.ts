import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { startServerProcess } from './testing/server-process.ts';

const run = promisify(execFile);
const bin = join(import.meta.dirname, '../bin/timestream-local.js');
const root = join(import.meta.dirname, '../../..');

type Failure = { code: number; stderr: string };
const failureOf = (args: readonly string[]): Promise<Failure> =>
  run(process.execPath, [bin, ...args]).then(
    () => assert.fail('it succeeded'),
    (error: unknown) => error as Failure,
  );

test('says what it is', async () => {
  const { stdout } = await run(process.execPath, [bin, '--help']);
  for (const flag of ['--port', '--data', '--host', '--memory-limit-mb', '--query-timeout-ms', '--version'])
    assert.match(stdout, new RegExp(`^  ${flag} `, 'm'));
});

test('runs in this repository by its name, without a build', async () => {
  const { stdout } = await run('npx', ['--no-install', 'timestream-local', '--version'], { cwd: root });
  assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
});

test('ends with the npx that runs it', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'timestream-npx-'));
  try {
    const npx = spawn('npx', ['--no-install', 'timestream-local', '--data', dataDir, '--port', '0'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(npx.stdout, 'data')) as [Buffer];
    assert.match(line.toString(), /"message":"ready"/);
    npx.kill('SIGTERM');
    // The server holds the other end of the pipe.
    await once(npx.stdout, 'close');
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
});

test('refuses what it does not know with code 2 and says where to ask', async () => {
  const unknown = await failureOf(['--bogus']);
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /--bogus[\s\S]*--help/);
  const bad = await failureOf(['--port', 'x']);
  assert.equal(bad.code, 2);
  assert.match(bad.stderr, /PORT must be a port number, not "x"\nDATA_DIR is not set/);
  const word = await failureOf(['serve', '--data', 'x']);
  assert.equal(word.code, 2);
});

test('a data folder has one server', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'timestream-cli-'));
  try {
    const first = await startServerProcess(dataDir, [process.execPath, bin]);
    const second = await failureOf(['--data', dataDir, '--port', '0']);
    assert.equal(second.code, 1);
    assert.match(second.stderr, /already served by another process/);
    // It is free again however the first ended.
    await first.kill();
    const third = await startServerProcess(dataDir, [process.execPath, bin]);
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
      const reply = await fetch(third.url, { method });
      assert.ok(reply.status === 200 || reply.status === 400, `${method}: ${reply.status}`);
    }
    assert.equal(await third.stop(), 0);
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
});
