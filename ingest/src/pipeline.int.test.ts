import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { GetRecordsCommand, GetShardIteratorCommand, KinesisClient } from '@aws-sdk/client-kinesis';
import { QueryCommand, TimestreamQueryClient } from '@aws-sdk/client-timestream-query';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { LiveTailRecord } from '@lumina/contracts';
import { pino } from 'pino';

import { createKinesisStream } from './adapters/kinesis-stream.ts';
import { startCollector, type Collector } from './hosts/start-collector.ts';
import { startWorker, type Worker } from './hosts/start-worker.ts';
import { INGEST_KEY, startLocalCloud, type LocalCloud } from './testing/local-cloud.ts';
import { until } from './testing/until.ts';

const logger = pino({ level: 'silent' });
const START_MS = Math.floor(Date.now() / 1000) * 1000 - 300_000;

describe('collector, stream, worker and store', () => {
  let cloud: LocalCloud;
  let collector: Collector;
  let worker: Worker;
  let query: TimestreamQueryClient;

  const kinesis = (): { endpoint: string; region: string } => ({ endpoint: cloud.kinesisUrl, region: 'eu-west-1' });

  const startTestWorker = (): Promise<Worker> =>
    startWorker(
      {
        host: '127.0.0.1',
        port: 0,
        logLevel: 'silent',
        regionId: 1,
        kinesis: kinesis(),
        eventsStream: 'lumina-events',
        factsStream: 'lumina-facts',
        timestream: { endpoint: cloud.timestreamUrl, region: 'eu-west-1' },
        dynamodb: { endpoint: cloud.dynamodbUrl, region: 'eu-west-1' },
        leaseTable: 'leases',
        leaseExpiryMs: 3000,
        instance: undefined,
        drainMs: 3500,
        deadLetters: { kind: 'folder', folder: path.join(cloud.folder, 'dead-letters') },
        personalIdSecret: 'secret',
        negativeControl: undefined,
      },
      logger,
    );

  const post = (body: string | Buffer, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(`http://127.0.0.1:${String(collector.port)}/v1/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${INGEST_KEY}`, 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : new Uint8Array(body),
    });

  const rows = async (sql: string): Promise<(string | undefined)[][]> => {
    try {
      return await allRows(sql);
    } catch (error) {
      // A column exists only once it was written; until then there are no rows.
      if (error instanceof Error && /does not exist/.test(error.message)) return [];
      throw error;
    }
  };

  const allRows = async (sql: string): Promise<(string | undefined)[][]> => {
    const found: (string | undefined)[][] = [];
    let token: string | undefined;
    do {
      const page = await query.send(
        new QueryCommand({ QueryString: sql, ...(token === undefined ? {} : { NextToken: token }) }),
      );
      for (const { Data } of page.Rows ?? []) found.push((Data ?? []).map(({ ScalarValue }) => ScalarValue));
      token = page.NextToken;
    } while (token !== undefined);
    return found;
  };

  const callRows = (callId: string): Promise<(string | undefined)[][]> =>
    rows(
      `SELECT n, answered, dur_ms, talk_ms, direction FROM "lumina"."call_metrics" WHERE territory_id = '101' AND measure_name = 'call' AND eid = '${callId}'`,
    );

  const wholeCall = (callId: string, sequence: number): Record<string, string>[] => {
    const common = {
      'Core-UUID': 'core-it',
      'Unique-ID': callId,
      'Channel-Call-UUID': callId,
      'Call-Direction': 'inbound',
      'Caller-Caller-ID-Number': '+447700900123',
      'Caller-Channel-Created-Time': `${String(START_MS)}000`,
      'Caller-Channel-Answered-Time': `${String(START_MS + 4000)}000`,
      'Caller-Channel-Hangup-Time': '0',
    };
    const event = (name: string, index: number, atMs: number): Record<string, string> => ({
      ...common,
      'Event-Name': name,
      'Event-Sequence': String(sequence + index),
      'Event-Date-Timestamp': `${String(atMs)}000`,
    });
    return [
      event('CHANNEL_CREATE', 0, START_MS),
      event('CHANNEL_ANSWER', 1, START_MS + 4000),
      {
        ...event('CHANNEL_HANGUP_COMPLETE', 2, START_MS + 64_000),
        'Caller-Channel-Hangup-Time': `${String(START_MS + 64_000)}000`,
      },
    ];
  };

  before(async () => {
    cloud = await startLocalCloud();
    collector = await startCollector(
      {
        host: '127.0.0.1',
        port: 0,
        logLevel: 'silent',
        regionId: 1,
        kinesis: kinesis(),
        eventsStream: 'lumina-events',
        keysUrl: cloud.keysUrl,
        internalToken: '',
      },
      logger,
    );
    worker = await startTestWorker();
    await Promise.all([collector.ready, worker.ready]);
    query = new TimestreamQueryClient({ endpoint: cloud.timestreamUrl, region: 'eu-west-1' });
  });

  after(async () => {
    await Promise.all([collector.stop(), worker.stop()]);
    query.destroy();
    await cloud.close();
  });

  test('a whole raw call counts once, posted twice', async () => {
    const body = JSON.stringify(wholeCall('call-a', 1));
    const first = await post(body);
    assert.equal(first.status, 202);
    const answer = (await first.json()) as { accepted: number; rejected: number; items: { id: string }[] };
    assert.deepEqual([answer.accepted, answer.rejected, answer.items[0]?.id], [3, 0, 'core-it:1']);
    const expected = [['1', '1', '64000', '60000', 'inbound']];
    assert.deepEqual(
      await until(async () => (await callRows('call-a')).at(0) && callRows('call-a'), 'the call'),
      expected,
    );

    assert.equal((await post(gzipSync(body), { 'content-encoding': 'gzip' })).status, 202);
    await post(JSON.stringify(wholeCall('call-b', 10)));
    await until(async () => (await callRows('call-b')).at(0), 'the call after it');
    assert.deepEqual(await callRows('call-a'), expected);
    const starts = await rows(
      `SELECT count(*), sum(n) FROM "lumina"."call_metrics" WHERE territory_id = '101' AND measure_name = 'start'`,
    );
    assert.deepEqual(starts, [['2', '2']]);
  });

  test('an undone answer is rewritten in the real store, read back by the real query client', async () => {
    const joined = new Date(START_MS).toISOString();
    const answered = new Date(START_MS + 5000).toISOString();
    const base = { v: 1, source: 'freeswitch', territoryId: '101', regionId: 1, queueId: 'q_1', stayId: 'stay-1' };
    const leave = {
      ...base,
      id: 'l1',
      type: 'QUEUE_LEAVE',
      time: answered,
      visitId: 'v1',
      callId: 'c1',
      joinedAt: joined,
      outcome: 'answered',
    };
    const undo = { ...base, id: 'u1', type: 'QUEUE_UNANSWER', time: answered, joinedAt: joined, answeredAt: answered };
    await post(`${JSON.stringify(leave)}\n`);
    const visit = `SELECT n, answered FROM "lumina"."queue_metrics" WHERE territory_id = '101' AND measure_name = 'visit' AND eid = 'stay-1'`;
    const seen = (n: string) => async (): Promise<unknown> => (await rows(visit)).find(([count]) => count === n);
    await until(seen('1'), 'the visit');
    await post(JSON.stringify(undo));
    await until(seen('0'), 'the undone visit');
    await post(JSON.stringify(leave));
    await post(JSON.stringify(wholeCall('call-c', 20)));
    await until(async () => (await callRows('call-c')).at(0), 'what was sent after the replay');
    assert.deepEqual(await rows(visit), [['0', '0']]);
  });

  test('poison is kept verbatim and delays nobody', async () => {
    const stream = createKinesisStream({ ...kinesis(), stream: 'lumina-events' });
    const poison = Buffer.from([0xff, 0xfe, 0x7b, 0x00]);
    await stream.put([{ data: poison, partitionKey: 'x' }]);
    stream.close();
    await post(JSON.stringify(wholeCall('call-d', 30)));
    await until(async () => (await callRows('call-d')).at(0), 'the call behind the poison');
    const folder = path.join(cloud.folder, 'dead-letters', 'lumina-events', 'shardId-000000000000');
    const letters = async (): Promise<string[]> => (existsSync(folder) ? readdir(folder) : []);
    const file = await until(async () => (await letters()).find((name) => name.endsWith('.json')), 'the dead letter');
    const letter = JSON.parse(await readFile(path.join(folder, file), 'utf8')) as {
      bytes: string;
      code: string;
      sequence: string;
    };
    assert.equal(letter.code, 'malformed');
    assert.equal(`${letter.sequence}.json`, file);
    assert.deepEqual(Buffer.from(letter.bytes, 'base64'), poison);
  });

  test('a killed store and a change of hands lose nothing', async () => {
    await cloud.store.kill();
    await post(JSON.stringify(wholeCall('call-e', 40)));
    const second = await startTestWorker();
    // It stands before the store with work in flight, gives that up, and its shard with it.
    await worker.stop();
    await cloud.store.start();
    await until(async () => (await callRows('call-e')).at(0), 'the call sent during the outage');
    await post(JSON.stringify(wholeCall('call-f', 50)));
    await until(async () => (await callRows('call-f')).at(0), 'a call after the change of hands');
    worker = second;
    const calls = await rows(
      `SELECT count(*), sum(n) FROM "lumina"."call_metrics" WHERE territory_id = '101' AND measure_name = 'call'`,
    );
    assert.deepEqual(calls, [['6', '6']]);
  });

  test('the live tail carries what was stored, with rising numbers and watermarks, and the accounts balance', async () => {
    const client = new KinesisClient({ ...kinesis(), requestHandler: new NodeHttpHandler() });
    const { ShardIterator } = await client.send(
      new GetShardIteratorCommand({
        StreamName: 'lumina-facts',
        ShardId: 'shardId-000000000000',
        ShardIteratorType: 'TRIM_HORIZON',
      }),
    );
    const page = await client.send(new GetRecordsCommand({ ShardIterator, Limit: 10_000 }));
    client.destroy();
    const records = (page.Records ?? []).map(
      ({ Data }) => JSON.parse(Buffer.from(Data ?? []).toString('utf8')) as LiveTailRecord,
    );
    assert.ok(
      records.some(({ facts }) => facts.length === 0),
      'an empty record proves that the shard lives',
    );
    assert.ok(records.some(({ facts }) => facts.some(({ eid, name }) => name === 'call' && eid === 'call-e')));
    const generations = Map.groupBy(records, ({ seq }) => Math.floor(seq / 1_000_000_000));
    for (const own of generations.values()) {
      for (const [index, record] of own.entries()) {
        const before = own[index - 1];
        if (before === undefined) continue;
        assert.equal(record.seq, before.seq + 1);
        assert.ok(record.watermark >= before.watermark);
      }
    }
    const accounts = (): Promise<(string | undefined)[][]> =>
      rows(
        `SELECT sum(deliveries), sum(stored) + sum(late) + sum(duplicate) + sum(rejected) + sum(dead_lettered), sum(dead_lettered) FROM "lumina"."system_metrics" WHERE territory_id = '0' AND measure_name = 'ingest'`,
      );
    await until(async () => ((await accounts())[0]?.[2] === '1' ? true : undefined), 'the dead letter in the accounts');
    const [balance] = await accounts();
    assert.equal(balance?.[0], balance?.[1]);
  });
});
