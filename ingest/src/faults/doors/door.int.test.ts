import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, test } from 'node:test';

import { Random } from '../traffic/random.ts';
import { openDoor, PASS, type Door } from './door.ts';
import { holdNextWrite, rewinding, streamFaults } from './rules.ts';

describe('a door before a service', () => {
  let service: Server;
  let door: Door;
  let served: string[] = [];

  const ask = (operation: string, input: object): Promise<Response> =>
    fetch(door.url, {
      method: 'POST',
      headers: { 'x-amz-target': `Service.${operation}` },
      body: JSON.stringify(input),
    });

  before(async () => {
    service = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        served.push(text);
        const { Records = [] } = JSON.parse(text) as { Records?: number[] };
        response.end(JSON.stringify({ Records: Records.map((SequenceNumber) => ({ SequenceNumber })) }));
      });
    });
    service.listen(0, '127.0.0.1');
    await once(service, 'listening');
    door = await openDoor(`http://127.0.0.1:${String((service.address() as AddressInfo).port)}`);
  });
  beforeEach(() => {
    served = [];
    door.rule = () => PASS;
  });
  after(() => {
    door.close();
    service.close();
    service.closeAllConnections();
  });

  test('passes calls on, and tells of their answers', async () => {
    const told: string[] = [];
    door.onAnswer = ({ operation }) => told.push(operation);
    const reply = await ask('Do', { Records: [1] });
    assert.deepEqual(await reply.json(), { Records: [{ SequenceNumber: 1 }] });
    assert.deepEqual([served.length, told], [1, ['Do']]);
    door.onAnswer = undefined;
  });

  test('loses the answer of what was done, refuses what was not, and fails by name', async () => {
    door.rule = () => ({ kind: 'lose' });
    await assert.rejects(ask('Do', {}));
    assert.equal(served.length, 1);
    door.rule = () => ({ kind: 'refuse' });
    await assert.rejects(ask('Do', {}));
    assert.equal(served.length, 1);
    door.rule = () => ({ kind: 'fail', status: 400, code: 'ThrottlingException' });
    const reply = await ask('Do', {});
    assert.equal(((await reply.json()) as { __type: string }).__type, 'ThrottlingException');
    assert.deepEqual([reply.status, served.length], [400, 1]);
  });

  test('takes part of the records, and says of each whether it was taken', async () => {
    door.rule = streamFaults(new Random(1));
    let refused = 0;
    for (let round = 0; round < 40; round += 1) {
      served = [];
      const given = [1, 2, 3, 4];
      const reply = await ask('PutRecords', { Records: given });
      if (reply.status !== 200) continue;
      const answer = (await reply.json()) as {
        FailedRecordCount?: number;
        Records: { SequenceNumber?: number; ErrorCode?: string }[];
      };
      const { Records: passed } = JSON.parse(served[0] ?? '{}') as { Records: number[] };
      const taken = answer.Records.flatMap(({ SequenceNumber }) => SequenceNumber ?? []);
      assert.deepEqual(taken, passed);
      assert.equal(answer.Records.length, given.length);
      const failures = answer.Records.filter(({ ErrorCode }) => ErrorCode !== undefined).length;
      assert.equal(answer.FailedRecordCount ?? 0, failures);
      refused += failures;
    }
    assert.ok(refused > 0);
  });

  test('holds one write of facts until it is decided, and lets others by', async () => {
    const { rule, held } = holdNextWrite();
    door.rule = rule;
    const write = ask('WriteRecords', { TableName: 'call_metrics' });
    await held.arrived;
    await ask('WriteRecords', { TableName: 'queue_metrics' });
    assert.deepEqual(served, ['{"TableName":"queue_metrics"}']);
    held.decide(PASS);
    assert.equal((await write).status, 200);
    assert.equal(served.length, 2);
  });

  test('rewinds iterators so many times', async () => {
    door.rule = rewinding(new Random(1), 1);
    const from = { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: '9' };
    await ask('GetShardIterator', from);
    await ask('GetShardIterator', from);
    assert.deepEqual(
      served.map((text) => JSON.parse(text) as object),
      [{ ShardIteratorType: 'TRIM_HORIZON' }, from],
    );
  });
});
