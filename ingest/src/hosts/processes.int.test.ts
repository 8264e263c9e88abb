import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { startLocalCloud, type LocalCloud } from '../testing/local-cloud.ts';

describe('the processes', () => {
  let cloud: LocalCloud;
  before(async () => {
    cloud = await startLocalCloud();
  });
  after(() => cloud.close());

  const environment = (): Record<string, string> => ({
    PATH: process.env['PATH'] ?? '',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    LUMINA_REGION_ID: '1',
    KINESIS_REGION: 'eu-west-1',
    KINESIS_ENDPOINT: cloud.kinesisUrl,
    INGEST_KEYS_URL: cloud.keysUrl,
    TIMESTREAM_ENDPOINT: cloud.timestreamUrl,
    TIMESTREAM_REGION: 'eu-west-1',
    DYNAMODB_REGION: 'eu-west-1',
    DYNAMODB_ENDPOINT: cloud.dynamodbUrl,
    LEASE_TABLE: 'leases',
    DLQ_DIR: `${cloud.folder}/dead`,
    TERRITORY_HASH_SECRET: 's',
  });

  const start = (name: string, env: Record<string, string>): ChildProcess =>
    spawn(process.execPath, [fileURLToPath(new URL(`./${name}.ts`, import.meta.url))], {
      env,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });

  /** Waits for the line that says ready, and asks the process whether it is. */
  const readyAt = async (child: ChildProcess): Promise<number> => {
    assert.ok(child.stdout);
    for await (const line of createInterface({ input: child.stdout })) {
      const { msg = '', port = 0 } = JSON.parse(line) as { msg?: string; port?: number };
      if (msg.endsWith(' ready')) return port;
    }
    throw new Error('The process ended before it was ready.');
  };

  for (const name of ['collector', 'worker']) {
    test(`the ${name} says when it is ready and ends well on SIGTERM, and when its parent is gone`, async () => {
      for (const end of [
        (child: ChildProcess) => child.kill('SIGTERM'),
        (child: ChildProcess) => {
          child.disconnect();
        },
      ]) {
        const child = start(name, environment());
        const port = await readyAt(child);
        assert.equal((await fetch(`http://127.0.0.1:${String(port)}/readyz`)).status, 200);
        const metrics = await (await fetch(`http://127.0.0.1:${String(port)}/metrics`)).text();
        assert.match(metrics, name === 'worker' ? /^lumina_ingest_leases\{worker="[-0-9a-f]{36}"\} 1$/m : /^lumina_/m);
        assert.match(metrics, /^process_resident_memory_bytes/m);
        child.stdout?.resume();
        end(child);
        assert.deepEqual(await once(child, 'exit'), [0, null]);
      }
    });
  }

  test('a worker that can never be ready ends instead of lingering', async () => {
    const child = start('worker', { ...environment(), LEASE_TABLE: 'no table is named so!' });
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    const [code] = (await once(child, 'close')) as [number];
    assert.equal(code, 1);
    assert.match(text, /worker failed/);
  });

  test('every bad setting is told at once', async () => {
    const bad = { PORT: 'x', LUMINA_REGION_ID: '7', INGEST_FAILPOINT: 'nonsense' };
    const child = start('worker', { PATH: process.env['PATH'] ?? '', ...bad });
    let text = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    const [code] = (await once(child, 'close')) as [number];
    assert.notEqual(code, 0);
    const unset = ['KINESIS_REGION', 'DYNAMODB_REGION', 'TIMESTREAM_REGION', 'LEASE_TABLE', 'DLQ_S3_BUCKET'];
    for (const name of [...Object.keys(bad), ...unset]) assert.match(text, new RegExp(name));
  });
});
