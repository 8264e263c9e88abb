import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import dynalite from 'dynalite';
import kinesalite from 'kinesalite';
import { pino } from 'pino';

import { createKinesisStream } from '../adapters/kinesis-stream.ts';
import { readLambdaConfig, readWorkerConfig } from '../config.ts';
import { encodeStreamRecord } from '../core/stream-record.ts';
import type { StreamedRecord } from '../ports/event-stream.ts';
import { envelope, OWN, T0 } from '../testing/events.ts';
import { until } from '../testing/until.ts';
import { createLambdaHandler } from './lambda.ts';
import { closeServer, listen, portOf } from './service-life.ts';
import { createLambdaPorts } from './start-lambda.ts';
import { startWorker } from './start-worker.ts';

const logger = pino({ level: 'silent' });
const SHARD = 'shardId-000000000000';
/** Calls, queue leaves, agent states, unknown and broken records: as many as one call puts on the stream. */
const COUNTS = [210, 110, 110, 35, 35] as const;
const POISON = COUNTS[3] + COUNTS[4];

/** A store that takes everything and remembers the calls that carried events' facts, byte for byte. */
class Sink {
  readonly writes: string[] = [];
  readonly server: Server = createServer((request, response) => {
    void text(request).then((body) => {
      const isWrite = request.headers['x-amz-target'] === 'Timestream_20181101.WriteRecords';
      if (isWrite && !/"MeasureName":"(ingest|source)"/.test(body)) this.writes.push(body);
      response.setHeader('content-type', 'application/x-amz-json-1.0');
      response.end('{}');
    });
  });
}

function batch(): Buffer[] {
  const bytesOf = (event: object): Buffer =>
    encodeStreamRecord({ ...OWN, receivedMs: T0, body: 'events' }, Buffer.from(JSON.stringify(event)));
  const kinds: readonly ((index: number) => Buffer)[] = [
    (index) => bytesOf(envelope('CALL_START', index * 7, { callId: `c-${String(index)}`, direction: 'inbound' })),
    (index) =>
      bytesOf(
        envelope('QUEUE_LEAVE', index * 11, {
          ...{ visitId: `v-${String(index)}`, stayId: `s-${String(index)}`, callId: `c-${String(index)}` },
          ...{ queueId: `q-${String(index % 3)}`, joinedAt: new Date(T0 - 20_000).toISOString(), outcome: 'abandoned' },
        }),
      ),
    (index) =>
      bytesOf(
        envelope('AGENT_STATE', index * 13, {
          ...{ agentId: `someone${String(index)}@example.com`, teamId: 't', state: 'available' },
          ...{ since: new Date(T0 + index * 13).toISOString(), previous: null },
        }),
      ),
    (index) => bytesOf({ v: 1, type: 'NOTHING_KNOWN', index }),
    (index) => Buffer.from(`{"broken":${String(index)}`),
  ];
  const rounds = Array.from({ length: Math.max(...COUNTS) }, (_, index) =>
    kinds.flatMap((kind, position) => (index < (COUNTS[position] ?? 0) ? [kind(index)] : [])),
  );
  return rounds.flat();
}

describe('the same batch through worker and function', () => {
  const sink = new Sink();
  const kinesis = kinesalite({ createStreamMs: 20 });
  const dynamodb = dynalite({ createTableMs: 20 });
  let folder: string;
  let environment: Record<string, string>;
  let records: StreamedRecord[];

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'lumina-equality-'));
    process.env['AWS_ACCESS_KEY_ID'] ??= 'local';
    process.env['AWS_SECRET_ACCESS_KEY'] ??= 'local';
    for (const server of [kinesis, dynamodb]) {
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
    }
    await listen(sink.server, '127.0.0.1', 0);
    const urlOf = (server: Server): string => `http://127.0.0.1:${String(portOf(server))}`;
    environment = {
      ...{ LUMINA_REGION_ID: '1', KINESIS_REGION: 'eu-west-1', KINESIS_ENDPOINT: urlOf(kinesis) },
      ...{ TIMESTREAM_ENDPOINT: urlOf(sink.server), TIMESTREAM_REGION: 'eu-west-1', TERRITORY_HASH_SECRET: 's' },
      ...{ DYNAMODB_REGION: 'eu-west-1', DYNAMODB_ENDPOINT: urlOf(dynamodb), LEASE_TABLE: 'leases' },
    };
    const stream = createKinesisStream({ endpoint: urlOf(kinesis), region: 'eu-west-1', stream: 'lumina-events' });
    await stream.ensure();
    await stream.put(batch().map((data) => ({ data, partitionKey: 'k' })));
    ({
      records: [...records],
    } = await stream.read(SHARD, undefined).next());
    stream.close();
    assert.equal(records.length, 500);
  });
  after(async () => {
    kinesis.close();
    dynamodb.close();
    await Promise.all([closeServer(sink.server), rm(folder, { recursive: true, force: true })]);
  });

  const letterNames = (dir: string): Promise<string[]> =>
    readdir(path.join(dir, 'lumina-events', SHARD)).then(
      (names) => names.toSorted(),
      () => [],
    );

  test('makes the same calls of the store, byte for byte, and the same dead letters', async () => {
    const byWorker = path.join(folder, 'worker');
    const worker = await startWorker(readWorkerConfig({ ...environment, DLQ_DIR: byWorker }), logger);
    // Dead letters are kept after the store has acknowledged the facts.
    await until(
      async () => ((await letterNames(byWorker)).length === POISON ? true : undefined),
      'the dead letters of the worker',
    );
    await worker.stop();
    const workerWrites = sink.writes.splice(0).toSorted();

    const byLambda = path.join(folder, 'lambda');
    const ports = createLambdaPorts(readLambdaConfig({ ...environment, DLQ_DIR: byLambda }), logger);
    const answer = await createLambdaHandler(ports)(
      {
        Records: records.map(({ sequence, data, arrivedMs }) => ({
          eventID: `${SHARD}:${sequence}`,
          kinesis: {
            ...{ partitionKey: 'k', sequenceNumber: sequence },
            ...{ data: Buffer.from(data).toString('base64'), approximateArrivalTimestamp: arrivedMs / 1000 },
          },
        })),
      },
      { getRemainingTimeInMillis: () => 60_000 },
    );
    for (const port of [ports.store, ports.tail, ports.deadLetters]) port.close();
    assert.deepEqual(answer, { batchItemFailures: [] });
    assert.ok(workerWrites.length >= 7, 'there is something to compare');
    assert.deepEqual(sink.writes.toSorted(), workerWrites);
    assert.deepEqual(await letterNames(byLambda), await letterNames(byWorker));
  });
});
