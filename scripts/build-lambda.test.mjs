// The bundled function where nothing is installed: what is uploaded starts by itself.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { buildLambda } from './build-lambda.mjs';

const CALL = `
  const { handler } = await import(process.argv[1]);
  const context = { getRemainingTimeInMillis: () => 5000 };
  process.stdout.write(JSON.stringify(await handler({ Records: [] }, context)));
`;

test('the function is one file that needs no packages', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'lumina-lambda-'));
  try {
    const file = await buildLambda(folder);
    const env = {
      LUMINA_REGION_ID: '1',
      KINESIS_REGION: 'eu-west-1',
      TIMESTREAM_REGION: 'eu-west-1',
      DLQ_DIR: folder,
      TERRITORY_HASH_SECRET: 's',
    };
    const args = ['--input-type=module', '--eval', CALL, file];
    const output = execFileSync(process.execPath, args, { cwd: folder, env, encoding: 'utf8' });
    assert.equal(output, '{"batchItemFailures":[]}');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
