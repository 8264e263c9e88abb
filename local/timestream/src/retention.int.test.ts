import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { UpdateTableCommand } from '@aws-sdk/client-timestream-write';
import { DATABASE, START_MS, TABLE, record, startTestServer } from './testing/server.ts';
import type { TestServer } from './testing/server.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
let server: TestServer;

before(async () => {
  server = await startTestServer();
});
after(() => server.close());

const keep = (hours: number, days: number): Promise<unknown> =>
  server.write.send(
    new UpdateTableCommand({
      DatabaseName: DATABASE,
      TableName: TABLE,
      RetentionProperties: { MemoryStoreRetentionPeriodInHours: hours, MagneticStoreRetentionPeriodInDays: days },
    }),
  );
const times = (): Promise<(string | null)[][]> =>
  server.rows('SELECT to_milliseconds(time) FROM lumina.call_metrics ORDER BY 1');
const at = (timeMs: number) => record({ Time: String(timeMs) });

test('a record is deleted once it is older than both stores keep, and not before', async () => {
  await keep(48, 400);
  const edgeMs = START_MS - 48 * HOUR_MS - 400 * DAY_MS;
  await server.put([at(edgeMs + 1000), at(START_MS)]);
  assert.equal(await server.deleteExpired(), 0);
  server.clock.set(START_MS + 1000);
  assert.equal(await server.deleteExpired(), 0, 'exactly as old as is kept');
  server.clock.set(START_MS + 1001);
  assert.equal(await server.deleteExpired(), 1);
  assert.deepEqual(await times(), [[String(START_MS)]]);
});

test('a shorter retention acts at once, and a longer one brings nothing back', async () => {
  await keep(48, 400);
  const oldMs = START_MS - 3 * DAY_MS;
  await server.put([at(oldMs)]);
  await keep(1, 1);
  assert.deepEqual(await times(), [[String(START_MS)]]);
  await keep(48, 400);
  assert.deepEqual(await times(), [[String(START_MS)]]);
});

test('what was deleted can be written again under any version', async () => {
  await keep(48, 400);
  const oldMs = START_MS - 3 * DAY_MS;
  await server.put([record({ Time: String(oldMs), Version: 7 })]);
  await keep(1, 1);
  await keep(48, 400);
  await server.put([record({ Time: String(oldMs), Version: 3, MeasureValue: '9' })]);
  assert.deepEqual(await server.rows(`SELECT measure_value::double FROM lumina.call_metrics WHERE time < ago(1d)`), [
    ['9.0'],
  ]);
});
