import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { WriteRecordsCommand } from '@aws-sdk/client-timestream-write';
import { DATABASE, TABLE, allRows, createClients, createTestTable, record } from './testing/server.ts';
import { startServerProcess } from './testing/server-process.ts';

const run = promisify(execFile);
const packScript = join(import.meta.dirname, '../scripts/pack.mjs');
const NPM = process.platform === 'win32' ? 'npm.cmd' : 'npm';

test('the packed package runs in an empty folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'timestream-package-'));
  try {
    const { stdout } = await run(process.execPath, [packScript, folder]);
    await writeFile(join(folder, 'package.json'), '{"private":true,"type":"module"}');
    await run(NPM, ['install', stdout.trim(), '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'], {
      cwd: folder,
    });
    await assert.rejects(readFile(join(folder, 'node_modules/timestream-local/src/main.ts')), { code: 'ENOENT' });

    const bin = join(folder, 'node_modules/.bin/timestream-local');
    const server = await startServerProcess(join(folder, 'data'), [process.execPath, bin]);
    const { write, query } = createClients(server.url, 'eu-west-1');
    await createTestTable(write);
    const records = [record({ Time: String(Date.now()), MeasureValue: '2.5' })];
    await write.send(new WriteRecordsCommand({ DatabaseName: DATABASE, TableName: TABLE, Records: records }));
    const sql = `SELECT bin(time, 1h) < now(), measure_value::double FROM ${DATABASE}.${TABLE}`;
    assert.deepEqual(await allRows(query, sql), [['true', '2.5']]);
    write.destroy();
    query.destroy();
    assert.equal(await server.stop(), 0);

    await writeFile(
      join(folder, 'start.js'),
      `import { startTimestreamLocal } from 'timestream-local';
       const server = await startTimestreamLocal({ port: 0, host: '127.0.0.1', dataDir: 'own' });
       console.log((await fetch(server.url)).status);
       await server.close();`,
    );
    assert.equal((await run(process.execPath, ['start.js'], { cwd: folder })).stdout, '200\n');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
