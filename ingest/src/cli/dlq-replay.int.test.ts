import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { QueryCommand, TimestreamQueryClient } from '@aws-sdk/client-timestream-query';
import { pino } from 'pino';

import { createDeadLetters } from '../adapters/dead-letters.ts';
import { createKinesisStream } from '../adapters/kinesis-stream.ts';
import { readDlqConfig, readWorkerConfig } from '../config.ts';
import { encodeStreamRecord } from '../core/stream-record.ts';
import { startWorker, type Worker } from '../hosts/start-worker.ts';
import type { DeadLetter, DeadLetterArchive, DeadLetters, DeadLetterState } from '../ports/dead-letters.ts';
import { OWN } from '../testing/events.ts';
import { startLocalCloud, type LocalCloud } from '../testing/local-cloud.ts';
import { startLocalS3, type LocalS3 } from '../testing/local-s3.ts';
import { until } from '../testing/until.ts';

const CALLS = 120;
const START_MS = Math.floor(Date.now() / 1000) * 1000 - 600_000;
const POISON = Buffer.from('{"v":1,');

function callBytes(index: number): Buffer {
  const event = {
    ...{ v: 1, id: `e-${String(index)}`, type: 'CALL_END', source: 'freeswitch', ...OWN },
    ...{ time: new Date(START_MS + index * 1000).toISOString(), startedAt: new Date(START_MS).toISOString() },
    ...{ callId: `call-${String(index)}`, direction: 'inbound', holdMs: 0, transfers: 0, outcome: 'no_answer' },
  };
  return encodeStreamRecord({ ...OWN, receivedMs: START_MS, body: 'events' }, Buffer.from(JSON.stringify(event)));
}

/** A record that an older extractor gave up and today's understands. */
function letterOf(index: number): DeadLetter {
  return {
    ...{ stream: 'lumina-events', shardId: 'shardId-000000000000', sequence: String(1000 + index) },
    ...{ arrivedMs: START_MS, code: 'invalid', message: 'unknown to version 0', extractorVersion: 0 },
    bytes: callBytes(index),
  };
}

describe('replay, from the bucket through stream and worker to the store', () => {
  let cloud: LocalCloud;
  let s3: LocalS3;
  let worker: Worker;
  let letters: DeadLetters & DeadLetterArchive;
  let query: TimestreamQueryClient;
  let environment: Record<string, string>;

  before(async () => {
    [cloud, s3] = await Promise.all([startLocalCloud(), startLocalS3()]);
    environment = {
      ...{ PATH: process.env['PATH'] ?? '', AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' },
      ...{ LUMINA_REGION_ID: '1', KINESIS_REGION: 'eu-west-1', KINESIS_ENDPOINT: cloud.kinesisUrl },
      ...{ TIMESTREAM_ENDPOINT: cloud.timestreamUrl, TIMESTREAM_REGION: 'eu-west-1', TERRITORY_HASH_SECRET: 's' },
      ...{ DYNAMODB_ENDPOINT: cloud.dynamodbUrl, DYNAMODB_REGION: 'eu-west-1', LEASE_TABLE: 'leases' },
      ...{ DLQ_S3_BUCKET: 'dead', DLQ_S3_PREFIX: 'region-1/', S3_ENDPOINT: s3.endpoint, S3_REGION: s3.region },
    };
    letters = createDeadLetters(readDlqConfig(environment));
    query = new TimestreamQueryClient({ endpoint: cloud.timestreamUrl, region: 'eu-west-1' });
    worker = await startWorker(readWorkerConfig(environment), pino({ level: 'silent' }));
    await worker.ready;
  });
  after(async () => {
    query.destroy();
    letters.close();
    await worker.stop();
    await Promise.all([cloud.close(), s3.close()]);
  });

  const dlq = (...args: string[]): ChildProcess =>
    spawn(process.execPath, [fileURLToPath(new URL('./main.ts', import.meta.url)), 'dlq', ...args], {
      env: environment,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const outcomeOf = async (child: ChildProcess): Promise<{ code: unknown; out: string; err: string }> => {
    assert.ok(child.stdout && child.stderr);
    const [[code], out, err] = await Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)]);
    return { code, out, err };
  };
  const countOf = async (state: DeadLetterState): Promise<number> => {
    let count = 0;
    for await (const _key of letters.list({ state })) count += 1;
    return count;
  };
  const callsStored = async (): Promise<(string | undefined)[]> => {
    const sql = `SELECT sum(n), count(*), count(DISTINCT eid) FROM "lumina"."call_metrics" WHERE territory_id = '101' AND measure_name = 'call'`;
    const { Rows } = await query.send(new QueryCommand({ QueryString: sql }));
    return (Rows?.[0]?.Data ?? []).map(({ ScalarValue }) => ScalarValue);
  };

  test('a replay that is killed, repeated and repeated again counts every record once', async () => {
    await letters.put(Array.from({ length: CALLS }, (_, index) => letterOf(index)));
    const stream = createKinesisStream({ endpoint: cloud.kinesisUrl, region: 'eu-west-1', stream: 'lumina-events' });
    // One of the calls was stored in the meantime, and one record of the stream is poison.
    await stream.put([
      { data: callBytes(7), partitionKey: 'a' },
      { data: POISON, partitionKey: 'b' },
    ]);
    stream.close();
    await until(
      async () => ((await countOf('waiting')) > CALLS ? true : undefined),
      'the poison among the dead letters',
    );

    const killed = dlq('replay', '--yes', '--rate', '40');
    await until(async () => ((await countOf('replayed')) > 0 ? true : undefined), 'the first replayed letter');
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    assert.ok((await countOf('replayed')) < CALLS, 'it was killed midway');

    const stopped = dlq('replay', '--yes', '--rate', '40');
    const before = await countOf('replayed');
    await until(async () => ((await countOf('replayed')) > before ? true : undefined), 'more replayed letters');
    // As a terminal and npm do, both at once.
    for (let times = 0; times < 2; times += 1) stopped.kill('SIGINT');
    const partial = await outcomeOf(stopped);
    assert.equal(partial.code, 1, partial.err);
    assert.match(partial.err, /^incomplete: Stopped: \d+ were replayed/m);

    const second = await outcomeOf(dlq('replay', '--yes', '--rate', '1000'));
    assert.equal(second.code, 0, second.err);
    assert.match(second.err, /1 would die again and were left/);
    assert.equal(await countOf('replayed'), CALLS);
    const third = await outcomeOf(dlq('replay', '--yes'));
    assert.match(third.err, /^0 replayed onto lumina-events/);

    await until(async () => ((await callsStored())[0] === String(CALLS) ? true : undefined), 'every call in the store');
    assert.deepEqual(await callsStored(), [String(CALLS), String(CALLS), String(CALLS)]);
    const { out } = await outcomeOf(dlq('ls', '--json'));
    assert.deepEqual((JSON.parse(out) as { code: string }).code, 'malformed', 'only the poison waits');
  });

  test('a replayed poison is a dead letter again, with every byte', async () => {
    const { code, err } = await outcomeOf(dlq('replay', '--yes', '--force'));
    assert.equal(code, 0, err);
    const again = await until(async () => {
      for await (const key of letters.list({ state: 'waiting' })) return letters.get(key);
      return undefined;
    }, 'the poison again');
    assert.deepEqual(Buffer.from(again.bytes), POISON);
  });
});
