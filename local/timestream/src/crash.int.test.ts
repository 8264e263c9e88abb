import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { WriteRecordsCommand } from '@aws-sdk/client-timestream-write';
import type { TimestreamWriteClient } from '@aws-sdk/client-timestream-write';
import { DATABASE, TABLE, allRows, createClients, createTestTable, record } from './testing/server.ts';

const main = join(import.meta.dirname, 'main.ts');

async function startChild(dataDir: string): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [main, '--data', dataDir, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  assert.ok(child.stdout);
  for await (const line of createInterface({ input: child.stdout })) {
    const entry = JSON.parse(line) as { message: string; url?: string };
    if (entry.message === 'ready' && entry.url !== undefined) return { child, url: entry.url };
  }
  return assert.fail('the server ended before it was ready');
}

/** Writes until the server dies; returns the ids that were acknowledged. */
async function writeUntilDeath(write: TimestreamWriteClient, lane: number, onAck: () => void): Promise<string[]> {
  const acknowledged: string[] = [];
  for (let call = 0; ; call += 1) {
    const ids = Array.from({ length: 20 }, (_, index) => `${lane}-${call}-${index}`);
    const records = ids.map((id) =>
      record({ Dimensions: [{ Name: 'id', Value: id }], Time: String(Date.now()), MeasureValue: '1' }),
    );
    try {
      await write.send(new WriteRecordsCommand({ DatabaseName: DATABASE, TableName: TABLE, Records: records }));
    } catch {
      // The kill is the only thing that can fail these calls; the assertions below count what was acknowledged.
      return acknowledged;
    }
    acknowledged.push(...ids);
    onAck();
  }
}

test('what was acknowledged is there after kill -9', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'timestream-crash-'));
  try {
    const first = await startChild(dataDir);
    const { write } = createClients(first.url, 'eu-west-1');
    await createTestTable(write);
    let calls = 0;
    const lanes = [0, 1, 2, 3].map((lane) =>
      writeUntilDeath(write, lane, () => {
        calls += 1;
        if (calls === 40) first.child.kill('SIGKILL');
      }),
    );
    const acknowledged = (await Promise.all(lanes)).flat();
    write.destroy();
    assert.ok(acknowledged.length >= 800, `only ${acknowledged.length} were acknowledged`);

    const second = await startChild(dataDir);
    const { query } = createClients(second.url, 'eu-west-1');
    const stored = await allRows(query, 'SELECT id, count(*) FROM lumina.call_metrics GROUP BY id');
    query.destroy();
    const counts = new Map(stored.map(([id, count]) => [id, count]));
    assert.deepEqual(
      acknowledged.filter((id) => counts.get(id) !== '1'),
      [],
    );
    assert.deepEqual(
      [...counts.values()].filter((count) => count !== '1'),
      [],
    );

    const exited = once(second.child, 'exit');
    second.child.kill('SIGTERM');
    assert.deepEqual(await exited, [0, null]);
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
});
