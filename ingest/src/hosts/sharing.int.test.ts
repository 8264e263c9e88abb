import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import {
  CreateStreamCommand,
  DescribeStreamSummaryCommand,
  KinesisClient,
  ListShardsCommand,
  MergeShardsCommand,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import dynalite from 'dynalite';
import kinesalite from 'kinesalite';
import { pino } from 'pino';

import { createDynamodbLeases } from '../adapters/dynamodb-leases.ts';
import { createRecordFactStore } from '../adapters/fact-store.ts';
import { createKinesisStream } from '../adapters/kinesis-stream.ts';
import { MemoryDeadLetters, MemoryLiveTail } from '../adapters/memory-doubles.ts';
import { MemoryRecordStore } from '../adapters/memory-records.ts';
import { Accounting } from '../core/accounting.ts';
import { encodeStreamRecord } from '../core/stream-record.ts';
import { systemClock, systemStopwatch } from '../ports/clock.ts';
import type { EventStream } from '../ports/event-stream.ts';
import { NOBODY, SHARD_END, type Lease, type LeaseStore } from '../ports/lease-store.ts';
import { envelope, OWN } from '../testing/events.ts';
import { until } from '../testing/until.ts';
import { AccountKeeper } from './account-keeper.ts';
import { createIngestMetrics } from './metrics.ts';
import { ShardCoordinator } from './shard-coordinator.ts';
import type { ConsumerPorts } from './shard-consumer.ts';

process.env['AWS_ACCESS_KEY_ID'] ??= 'local';
process.env['AWS_SECRET_ACCESS_KEY'] ??= 'local';

const STREAM = 'lumina-events';
const REGION = 'eu-west-1';
const LEASE_EXPIRY_MS = 1500;

async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

interface TestWorker {
  readonly coordinator: ShardCoordinator;
  readonly stop: () => Promise<void>;
  /** Ends it as a kill does: from here on the world hears nothing of it. */
  readonly vanish: () => Promise<void>;
}

describe('workers that share a stream', () => {
  const servers = [kinesalite({ createStreamMs: 5, updateStreamMs: 5 }), dynalite({ createTableMs: 5 })] as const;
  const records = new MemoryRecordStore();
  const letters = new MemoryDeadLetters();
  const workers: TestWorker[] = [];
  let admin: KinesisClient;
  let events: EventStream;
  let leases: LeaseStore;
  let dynamodbUrl = '';
  let sent = 0;

  before(async () => {
    const [kinesisUrl = '', url = ''] = await Promise.all(servers.map(listening));
    dynamodbUrl = url;
    admin = new KinesisClient({ endpoint: kinesisUrl, region: REGION, requestHandler: new NodeHttpHandler() });
    await admin.send(new CreateStreamCommand({ StreamName: STREAM, ShardCount: 2 }));
    events = createKinesisStream({ endpoint: kinesisUrl, region: REGION, stream: STREAM });
    leases = createDynamodbLeases({ endpoint: dynamodbUrl, region: REGION, table: 'leases' });
    await Promise.all([events.ensure(), leases.ensure()]);
  });
  after(async () => {
    await Promise.all(workers.map(({ stop }) => stop()));
    admin.destroy();
    events.close();
    leases.close();
    for (const server of servers) {
      server.close();
      server.closeAllConnections();
    }
  });

  const start = (owner: string, instance?: string): TestWorker => {
    const stopping = new AbortController();
    const abort = new AbortController();
    const own = createDynamodbLeases({ endpoint: dynamodbUrl, region: REGION, table: 'leases' });
    const logger = pino({ level: 'silent' });
    const accounting = new Accounting(owner, 1);
    const store = createRecordFactStore(records);
    const ports: ConsumerPorts = {
      events,
      tail: new MemoryLiveTail(),
      leases: own,
      store,
      deadLetters: letters,
      accounting,
      accounts: new AccountKeeper({ accounting, store, clock: systemClock, logger }),
      metrics: createIngestMetrics(owner),
      clock: systemClock,
      stopwatch: systemStopwatch,
      stream: STREAM,
      context: { regionId: 1, personalIdSecret: 's' },
      logger,
    };
    const signals = { stopping: stopping.signal, abort: abort.signal };
    const coordinator = new ShardCoordinator(ports, { owner, instance, leaseExpiryMs: LEASE_EXPIRY_MS }, signals);
    const running = coordinator.run(() => undefined);
    const end = async (): Promise<void> => {
      stopping.abort();
      await running;
      own.close();
    };
    const worker = {
      coordinator,
      stop: end,
      vanish: () => {
        own.renew = () => Promise.reject(new Error('gone'));
        own.release = () => Promise.reject(new Error('gone'));
        abort.abort();
        return end();
      },
    };
    workers.push(worker);
    return worker;
  };

  /** Puts calls whose keys spread over all shards. */
  const put = async (count: number): Promise<void> => {
    const entries = Array.from({ length: count }, () => {
      const callId = `call-${String((sent += 1))}`;
      const event = envelope('CALL_START', sent, { callId, direction: 'inbound' });
      const header = { ...OWN, receivedMs: Date.now(), body: 'events' as const };
      return { data: encodeStreamRecord(header, Buffer.from(JSON.stringify(event))), partitionKey: callId };
    });
    await events.put(entries);
  };
  const allStored = (): Promise<true> =>
    until(
      () => Promise.resolve(records.rows('call_metrics', 'start').length === sent || undefined),
      'every call in the store',
    );
  const held = async (): Promise<Record<string, number>> => {
    const counts: Record<string, number> = {};
    for (const { owner, checkpoint } of await leases.list())
      if (checkpoint !== SHARD_END) counts[owner] = (counts[owner] ?? 0) + 1;
    return counts;
  };
  const untilHeld = (wanted: Record<string, number>): Promise<unknown> =>
    until(
      async () => {
        const now = await held();
        return JSON.stringify(Object.entries(now).sort()) === JSON.stringify(Object.entries(wanted).sort())
          ? now
          : undefined;
      },
      `shares ${JSON.stringify(wanted)}`,
    );
  const openShards = async (): Promise<{ id: string; from: bigint; to: bigint }[]> => {
    const { Shards = [] } = await admin.send(new ListShardsCommand({ StreamName: STREAM }));
    return Shards.filter(({ SequenceNumberRange }) => SequenceNumberRange?.EndingSequenceNumber === undefined)
      .map(({ ShardId = '', HashKeyRange }) => ({
        id: ShardId,
        from: BigInt(HashKeyRange?.StartingHashKey ?? 0),
        to: BigInt(HashKeyRange?.EndingHashKey ?? 0),
      }))
      .sort((a, b) => (a.from < b.from ? -1 : 1));
  };
  const active = (): Promise<true> =>
    until(async () => {
      const { StreamDescriptionSummary: summary } = await admin.send(
        new DescribeStreamSummaryCommand({ StreamName: STREAM }),
      );
      return summary?.StreamStatus === 'ACTIVE' || undefined;
    }, 'the stream after its change');

  test('one alone reads everything; a second one is given its share, and events flow on', async () => {
    start('one');
    await put(50);
    await untilHeld({ one: 2 });
    start('two');
    await put(50);
    await untilHeld({ one: 1, two: 1 });
    await put(50);
    await allStored();
    assert.ok(workers.every(({ coordinator }) => coordinator.isReady));
  });

  test('a split and a merge in flight lose and double nothing; parents are read to their end', async () => {
    const [first] = await openShards();
    assert.ok(first);
    await put(100);
    const middle = (first.from + first.to) / 2n;
    await admin.send(
      new SplitShardCommand({
        StreamName: STREAM,
        ShardToSplit: first.id,
        NewStartingHashKey: middle.toString(),
      }),
    );
    await active();
    await put(100);
    await allStored();
    const [left, right] = await openShards();
    assert.ok(left && right);
    await put(100);
    await admin.send(
      new MergeShardsCommand({ StreamName: STREAM, ShardToMerge: left.id, AdjacentShardToMerge: right.id }),
    );
    await active();
    await put(100);
    await allStored();
    const found = new Map((await leases.list()).map((lease): [string, Lease] => [lease.shardId, lease]));
    await until(async () => {
      const now = await leases.list();
      return now.filter(({ checkpoint }) => checkpoint === SHARD_END).length === 3 || undefined;
    }, 'three closed shards at their end');
    assert.ok(found.size >= 4);
    assert.equal(letters.letters.size, 0);
  });

  test('the shards of one that vanished are taken when its leases stand still', async () => {
    await untilHeld({ one: 1, two: 1 });
    await put(20);
    await workers[0]?.vanish();
    await put(20);
    await untilHeld({ two: 2 });
    await allStored();
  });

  test('one that ends gives its leases up, and the next of its name needs not wait for those of a killed one', async () => {
    await workers[1]?.stop();
    assert.deepEqual(await held(), { [NOBODY]: 2 });
    const killed = start('pod-1/a', 'pod-1');
    await untilHeld({ 'pod-1/a': 2 });
    await killed.vanish();
    await put(20);
    const next = start('pod-1/b', 'pod-1');
    await until(() => Promise.resolve(next.coordinator.isReady || undefined), 'the next one');
    assert.deepEqual(await held(), { 'pod-1/b': 2 });
    await allStored();
  });
});
