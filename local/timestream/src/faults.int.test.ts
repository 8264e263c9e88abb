import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import {
  CreateTableCommand,
  InternalServerException,
  ListDatabasesCommand,
  ThrottlingException,
} from '@aws-sdk/client-timestream-write';
import { DATABASE, START_MS, record, startTestServer } from './testing/server.ts';
import type { TestServer } from './testing/server.ts';

const COUNT = 'SELECT count(*) FROM lumina.call_metrics';
let server: TestServer;

before(async () => {
  server = await startTestServer();
});
after(() => server.close());
afterEach(() => {
  server.setFaults({ faults: [], visibilityLagMs: 0 });
});

const at = (timeMs: number) => record({ Time: String(timeMs) });
const admin = (method: string, body?: string): Promise<Response> =>
  fetch(`${server.url}/_faults`, { method, ...(body === undefined ? {} : { body }) });

test('throttling and failures meet as many calls as they are told, and nothing is stored by them', async () => {
  server.setFaults({
    faults: [
      { operation: 'WriteRecords', kind: 'throttle', count: 2 },
      { operation: '*', kind: 'error', count: 1 },
    ],
    visibilityLagMs: 0,
  });
  await assert.rejects(server.put([at(START_MS)]), ThrottlingException);
  await assert.rejects(server.put([at(START_MS)]), ThrottlingException);
  await assert.rejects(server.put([at(START_MS)]), InternalServerException);
  assert.deepEqual(await server.rows(COUNT), [['0']]);
  await server.put([at(START_MS)]);
  assert.deepEqual(await server.rows(COUNT), [['1']]);
});

test('a lost acknowledgement breaks the connection after the work was done', async () => {
  server.setFaults({
    faults: [{ operation: 'WriteRecords', kind: 'lostAcknowledgement', count: 1 }],
    visibilityLagMs: 0,
  });
  await assert.rejects(
    server.put([at(START_MS + 1)]),
    (error: Error) => 'code' in error && error.code === 'ECONNRESET',
  );
  assert.deepEqual(await server.rows(COUNT), [['2']]);
});

test('a delay holds the answer back', async () => {
  server.setFaults({ faults: [{ operation: 'Query', kind: 'delay', delayMs: 150, count: 1 }], visibilityLagMs: 0 });
  const order: string[] = [];
  const slow = server.rows(COUNT).then(() => order.push('slow'));
  const fast = server.rows(COUNT).then(() => order.push('fast'));
  await Promise.all([slow, fast]);
  assert.deepEqual(order, ['fast', 'slow']);
});

test('with a lag what was written is seen only later', async () => {
  server.setFaults({ faults: [], visibilityLagMs: 2000 });
  const before = await server.rows(COUNT);
  await server.put([at(START_MS + 2)]);
  assert.deepEqual(await server.rows(COUNT), before);
  server.clock.set(START_MS + 1999);
  assert.deepEqual(await server.rows(COUNT), before);
  server.clock.set(START_MS + 2000);
  assert.deepEqual(await server.rows(COUNT), [[String(Number(before[0]?.[0]) + 1)]]);
});

test('the control plane can be limited as the service limits it', async () => {
  server.setFaults({ faults: [], visibilityLagMs: 0, controlPlanePerSecond: 1 });
  const create = (TableName: string): Promise<unknown> =>
    server.write.send(new CreateTableCommand({ DatabaseName: DATABASE, TableName }));
  await create('first');
  await assert.rejects(create('second'), ThrottlingException);
  await server.write.send(new ListDatabasesCommand({}));
  server.clock.set(START_MS + 60_000);
  await create('second');
});

test('faults are set, read and cleared over HTTP, and bad ones are refused whole', async () => {
  const put = await admin('PUT', '{"faults":[{"operation":"Query","kind":"throttle"}],"visibilityLagMs":5}');
  assert.equal(put.status, 200);
  const faults = [{ operation: 'Query', kind: 'throttle' }];
  assert.deepEqual(await (await admin('GET')).json(), { faults, visibilityLagMs: 5 });
  for (const bad of ['{', '[]', '{"faults":[{"kind":"explode"}]}', '{"visibilityLagMs":-1}']) {
    const reply = await admin('PUT', bad);
    assert.equal(reply.status, 400, bad);
    assert.equal(((await reply.json()) as { code: string }).code, 'faults_invalid');
  }
  assert.deepEqual(((await (await admin('GET')).json()) as { faults: unknown }).faults, faults);
  assert.deepEqual(await (await admin('DELETE')).json(), { faults: [], visibilityLagMs: 0 });
});

test('the server counts its calls and records for Prometheus', async () => {
  const metrics = async (): Promise<string> => (await fetch(`${server.url}/metrics`)).text();
  const countOf = (text: string, name: string): number =>
    Number(new RegExp(`^${name.replaceAll(/[{}]/g, '\\$&')} (\\S+)$`, 'm').exec(text)?.[1] ?? 0);
  const accepted = 'timestream_local_records_total{outcome="accepted"}';
  const before = countOf(await metrics(), accepted);
  await server.put([at(START_MS + 10), at(START_MS + 11)]);
  const text = await metrics();
  assert.equal(countOf(text, accepted), before + 2);
  assert.ok(countOf(text, 'timestream_local_calls_total{operation="WriteRecords",outcome="ThrottlingException"}') >= 2);
  assert.match(text, /^timestream_local_call_seconds_bucket\{le="0.1",operation="WriteRecords"\} \d+$/m);
});
