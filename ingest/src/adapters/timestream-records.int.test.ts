import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { Fact } from '@lumina/contracts';

import { encodeRecord, type OwnAttributes } from '../core/encode-record.ts';
import type { FactStore } from '../ports/fact-store.ts';
import { T0 } from '../testing/events.ts';
import { createFactStore } from './timestream-records.ts';

interface WriteCall {
  readonly TableName: string;
  readonly CommonAttributes: Partial<OwnAttributes>;
  readonly Records: Partial<OwnAttributes>[];
  readonly MagneticStoreWriteProperties?: {
    readonly MagneticStoreRejectedDataLocation?: { readonly S3Configuration: { readonly BucketName: string } };
  };
}
interface Answer {
  readonly status: number;
  readonly body: object;
}

const TAKEN: Answer = { status: 200, body: { RecordsIngested: { Total: 0 } } };
const failure = (status: number, code: string, more: object = {}): Answer => ({
  status,
  body: { __type: code, message: 'The test says so.', ...more },
});

const call = (eid: string, more: Partial<Fact> = {}): Fact => ({
  table: 'queue_metrics',
  name: 'join',
  territoryId: 101,
  regionId: 1,
  dimensions: { queue_id: 'q' },
  timeMs: T0 + 1,
  eid,
  version: 1,
  measures: { n: 1, at_ms: T0 + 1, visit_id: eid, call_id: eid, eid },
  ...more,
});

/** A record as the store understands it: what is common belongs to each. */
function wholeRecords({ CommonAttributes, Records }: WriteCall): object[] {
  return Records.map((own) => ({
    ...CommonAttributes,
    ...own,
    Dimensions: [...(CommonAttributes.Dimensions ?? []), ...(own.Dimensions ?? [])],
  }));
}

describe('records of Timestream', () => {
  let server: Server;
  let store: FactStore;
  let calls: WriteCall[] = [];
  let retries: string[] = [];
  let answer: (call: WriteCall) => Answer | 'break';

  before(async () => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const given = JSON.parse(Buffer.concat(chunks).toString('utf8')) as WriteCall;
        calls.push(given);
        const said = answer(given);
        if (said === 'break') {
          request.socket.destroy();
          return;
        }
        response.writeHead(said.status, { 'content-type': 'application/x-amz-json-1.0' });
        response.end(JSON.stringify(said.body));
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    store = createFactStore({
      endpoint: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
      region: 'eu-west-1',
      rejectedBucket: 'late-rows',
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      onRetry: (error) => retries.push(error instanceof Error ? error.name : 'unknown'),
    });
  });
  beforeEach(() => {
    [calls, retries, answer] = [[], [], () => TAKEN];
  });
  after(() => {
    store.close();
    server.close();
    server.closeAllConnections();
  });

  test('what all records of a call share is said once, and means the same', async () => {
    const facts = [call('a'), call('b', { timeMs: T0 + 2 })];
    await store.write(facts);
    assert.equal(calls.length, 1);
    const [given] = calls;
    assert.ok(given);
    assert.deepEqual([given.CommonAttributes.MeasureName, given.CommonAttributes.Version], ['join', 1]);
    assert.ok(given.Records.every((own) => !('MeasureName' in own) && !('Version' in own)));
    assert.deepEqual(
      wholeRecords(given),
      facts.map((fact) => encodeRecord(fact, 0)),
    );
  });

  test('what differs is said with each record', async () => {
    const facts = [
      {
        ...call('a'),
        name: 'resume',
        measures: { n: 1, matched: 0, at_ms: T0, visit_id: 'a', call_id: 'a', eid: 'a' },
      },
      call('b'),
    ];
    await store.write(facts);
    const [given] = calls;
    assert.ok(given);
    assert.equal(given.CommonAttributes.MeasureName, undefined);
    // Series beside series: the names of a call stand in order.
    assert.deepEqual(
      wholeRecords(given),
      [facts[1], facts[0]].map((fact) => fact && encodeRecord(fact, 0)),
    );
  });

  test('a throttled call is offered until it is taken, and each refusal is told by its name', async () => {
    answer = () => (calls.length <= 6 ? failure(400, 'ThrottlingException') : TAKEN);
    assert.deepEqual(await store.write([call('a')]), [{ status: 'stored' }]);
    assert.equal(calls.length, 7);
    assert.deepEqual(
      retries,
      Array.from({ length: 6 }, () => 'ThrottlingException'),
    );
  });

  test('errors of the server and broken connections pass, too', async () => {
    const said = ['break' as const, failure(500, 'InternalServerException'), TAKEN];
    answer = () => said[calls.length - 1] ?? TAKEN;
    assert.deepEqual(await store.write([call('a')]), [{ status: 'stored' }]);
    assert.equal(retries.length, 2);
  });

  test('one record that fails the whole call is found by halving, and only it dies', async () => {
    const facts = Array.from({ length: 100 }, (_, index) => call(`e${String(index)}`));
    answer = (given) => (JSON.stringify(given).includes('"e42"') ? failure(400, 'ValidationException') : TAKEN);
    const outcomes = await store.write(facts);
    const dead = outcomes.flatMap((outcome, index) => (outcome.status === 'dead' ? [[index, outcome.code]] : []));
    assert.deepEqual(dead, [[42, 'store_validation']]);
    // The whole, then two halves of each half that holds it: 100, 50, 25, 13, 7, 4, 2, 1.
    assert.ok(calls.length <= 15, String(calls.length));
  });

  test('rejected records die with what the store says of them; the others of the call are stored', async () => {
    const reasons = [
      { RecordIndex: 0, Reason: 'The record timestamp is outside the time range [a, b) of the memory store.' },
      { RecordIndex: 2, Reason: 'The record exceeds the size limit.' },
    ];
    answer = () => failure(400, 'RejectedRecordsException', { RejectedRecords: reasons });
    const past = T0 - 1000 * 86_400_000;
    const outcomes = await store.write([
      call('a', { timeMs: past }),
      call('b', { timeMs: past + 1 }),
      call('c', { timeMs: past + 2 }),
    ]);
    assert.deepEqual(
      outcomes.map((outcome) => (outcome.status === 'dead' ? outcome.code : outcome.status)),
      ['too_late', 'stored', 'store_validation'],
    );
  });

  test('tables are created with a bucket for what the magnetic store drops later', async () => {
    await store.ensureTables();
    const locations = calls.flatMap(({ MagneticStoreWriteProperties: written }) =>
      written === undefined ? [] : [written.MagneticStoreRejectedDataLocation?.S3Configuration.BucketName],
    );
    assert.ok(locations.length > 0);
    assert.ok(locations.every((bucket) => bucket === 'late-rows'));
  });

  test('giving up is possible at any time', async () => {
    answer = () => failure(400, 'ThrottlingException');
    const abort = new AbortController();
    const writing = store.write([call('a')], { signal: abort.signal });
    while (calls.length < 2) await new Promise(setImmediate);
    abort.abort();
    await assert.rejects(writing, { name: 'AbortError' });
  });
});
