import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { LOOPBACK, findFreePortBase, portList, portsOf, takenPorts } from './ports.ts';

test('the ports are those that everyone agreed on', () => {
  const { distributor, idp, timestream, dynamodb, regions } = portsOf(8080);
  assert.deepEqual([distributor, idp, timestream, dynamodb], [8080, 8081, 8082, 8084]);
  assert.deepEqual([regions[1].kinesis, regions[2].kinesis], [8083, 8085]);
  assert.deepEqual([regions[1].bff, regions[2].bff], [8101, 8102]);
  assert.deepEqual([regions[1].collector, regions[2].collector], [8121, 8122]);
});

test('no two pieces share a port', () => {
  const all = portList(portsOf(8080));
  assert.equal(new Set(all).size, all.length);
});

test('a port that somebody has is found out', async () => {
  const base = await findFreePortBase();
  assert.deepEqual(await takenPorts(base), []);
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(base + 2, LOOPBACK, resolve));
  assert.deepEqual(await takenPorts(base), [base + 2]);
  await new Promise((resolve) => holder.close(resolve));
});
