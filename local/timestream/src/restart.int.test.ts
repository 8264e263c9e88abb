import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { RejectedRecordsException, WriteRecordsCommand } from '@aws-sdk/client-timestream-write';
import type { TimestreamWriteClient } from '@aws-sdk/client-timestream-write';
import { startTimestreamLocal } from './index.ts';
import type { TimestreamLocal } from './index.ts';
import { DATABASE, START_MS, TABLE, allRows, createClients, createTestTable, record } from './testing/server.ts';

const put = (write: TimestreamWriteClient, version: number): Promise<unknown> =>
  write.send(
    new WriteRecordsCommand({
      DatabaseName: DATABASE,
      TableName: TABLE,
      Records: [record({ Version: version, MeasureValue: String(version) })],
    }),
  );

test('versions are judged after a restart as before it', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'timestream-restart-'));
  const start = (): Promise<TimestreamLocal> =>
    startTimestreamLocal({ port: 0, host: '127.0.0.1', dataDir, clock: { nowMs: () => START_MS } });
  try {
    const first = await start();
    await assert.rejects(start(), /already served by this process/);
    const before = createClients(first.url, 'eu-west-1');
    await createTestTable(before.write);
    await put(before.write, 2);
    before.write.destroy();
    await first.close();

    const second = await start();
    const { write, query } = createClients(second.url, 'eu-west-1');
    await assert.rejects(put(write, 1), RejectedRecordsException);
    await put(write, 2);
    await put(write, 3);
    const rows = await allRows(query, 'SELECT measure_value::double FROM lumina.call_metrics');
    assert.deepEqual(rows, [['3.0']]);
    write.destroy();
    query.destroy();
    await second.close();
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
});
