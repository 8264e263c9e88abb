// Creates, writes and queries with the AWS CLI of this machine, first by `--endpoint-url`, then by AWS_ENDPOINT_URL, where
// the CLI asks DescribeEndpoints. By hand, since not every machine has the CLI:
//
//   node scripts/aws-cli.mjs
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const BIN = fileURLToPath(new URL('../bin/timestream-local.js', import.meta.url));
const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local', AWS_REGION: 'eu-west-1' };

async function startServer(dataDir) {
  const server = spawn(process.execPath, [BIN, '--data', dataDir, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: server.stdout })) {
    const { message, url } = JSON.parse(line);
    if (message === 'ready') return { server, url };
  }
  throw new Error('The server ended before it was ready.');
}

/** One way to name the endpoint: what is added to the command line and to the environment. */
async function tryOut(database, args, variables) {
  const env = { ...process.env, ...CREDENTIALS, ...variables };
  const aws = async (...words) => {
    const { stdout } = await run('aws', [...words, ...args, '--region', 'eu-west-1', '--output', 'json'], { env });
    process.stdout.write(`aws ${words.slice(0, 2).join(' ')}: ok\n`);
    return stdout === '' ? undefined : JSON.parse(stdout);
  };
  const table = ['--database-name', database, '--table-name', 'readings'];
  await aws('timestream-write', 'create-database', '--database-name', database);
  await aws('timestream-write', 'create-table', ...table);
  const record = {
    Dimensions: [{ Name: 'room', Value: 'kitchen' }],
    MeasureName: 'temperature',
    MeasureValue: '21.5',
    MeasureValueType: 'DOUBLE',
    Time: String(Date.now()),
  };
  await aws('timestream-write', 'write-records', ...table, '--records', JSON.stringify([record]));
  const sql = `SELECT room, measure_value::double FROM "${database}"."readings"`;
  const { Rows } = await aws('timestream-query', 'query', '--query-string', sql);
  assert.deepEqual(Rows, [{ Data: [{ ScalarValue: 'kitchen' }, { ScalarValue: '21.5' }] }]);
}

const folder = mkdtempSync(path.join(tmpdir(), 'timestream-aws-cli-'));
const { server, url } = await startServer(folder);
try {
  const { stdout, stderr } = await run('aws', ['--version']);
  process.stdout.write(`${stdout}${stderr}--endpoint-url ${url}\n`);
  await tryOut('by_option', ['--endpoint-url', url], {});
  process.stdout.write(`AWS_ENDPOINT_URL=${url}\n`);
  await tryOut('by_variable', [], { AWS_ENDPOINT_URL: url });
} finally {
  server.kill();
  await once(server, 'exit');
  rmSync(folder, { recursive: true, force: true });
}
