import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { pino } from 'pino';

import { createRecordFactStore } from '../adapters/fact-store.ts';
import { MemoryDeadLetters, MemoryLeases, MemoryLiveTail, MemoryStream } from '../adapters/memory-doubles.ts';
import { MemoryRecordStore } from '../adapters/memory-records.ts';
import { Accounting } from '../core/accounting.ts';
import { encodeStreamRecord } from '../core/stream-record.ts';
import { systemClock, systemStopwatch } from '../ports/clock.ts';
import { NOBODY, SHARD_END } from '../ports/lease-store.ts';
import { envelope, OWN } from '../testing/events.ts';
import { until } from '../testing/until.ts';
import { AccountKeeper } from './account-keeper.ts';
import { createIngestMetrics } from './metrics.ts';
import { ShardCoordinator } from './shard-coordinator.ts';
import type { ConsumerPorts } from './shard-consumer.ts';

const LEASE_EXPIRY_MS = 1000;

class Bench {
  readonly records = new MemoryRecordStore();
  readonly events = new MemoryStream();
  readonly leases = new MemoryLeases();
  readonly coordinator: ShardCoordinator;
  readonly end: () => Promise<void>;
  readonly wasReady: Promise<void>;

  constructor(prepare: (bench: Bench) => Promise<unknown> = () => Promise.resolve()) {
    const stopping = new AbortController();
    const abort = new AbortController();
    const logger = pino({ level: 'silent' });
    const accounting = new Accounting('w', 1);
    const store = createRecordFactStore(this.records);
    const ports: ConsumerPorts = {
      events: this.events,
      tail: new MemoryLiveTail(),
      leases: this.leases,
      store,
      deadLetters: new MemoryDeadLetters(),
      accounting,
      accounts: new AccountKeeper({ accounting, store, clock: systemClock, logger }),
      metrics: createIngestMetrics('w'),
      clock: systemClock,
      stopwatch: systemStopwatch,
      stream: 'lumina-events',
      context: { regionId: 1, personalIdSecret: 's' },
      logger,
    };
    const identity = { owner: 'me', instance: undefined, leaseExpiryMs: LEASE_EXPIRY_MS };
    this.coordinator = new ShardCoordinator(ports, identity, { stopping: stopping.signal, abort: abort.signal });
    const ready = Promise.withResolvers<undefined>();
    this.wasReady = ready.promise;
    const running = prepare(this).then(() =>
      this.coordinator.run(() => {
        ready.resolve(undefined);
      }),
    );
    this.end = async (): Promise<void> => {
      stopping.abort();
      abort.abort();
      await running;
    };
    benches.push(this);
  }

  async put(callId: string): Promise<void> {
    const event = envelope('CALL_START', 0, { callId, direction: 'inbound' });
    const data = encodeStreamRecord({ ...OWN, receivedMs: 0, body: 'events' }, Buffer.from(JSON.stringify(event)));
    await this.events.put([{ data, partitionKey: callId }]);
  }

  stored(): number {
    return this.records.rows('call_metrics', 'start').length;
  }
}

const benches: Bench[] = [];

describe('the coordinator of shards', () => {
  afterEach(async () => {
    await Promise.all(benches.splice(0).map(({ end }) => end()));
  });

  test('is ready when the shard is read, and gives it up when stopped', async () => {
    const bench = new Bench();
    await bench.wasReady;
    assert.equal(bench.coordinator.isReady, true);
    await bench.put('a');
    await until(() => Promise.resolve(bench.stored() || undefined), 'the call');
    await bench.end();
    assert.equal(bench.leases.leases.get('shard-0')?.owner, NOBODY);
  });

  test('is not ready while the leases cannot be reached, and becomes so', async () => {
    let isDown = true;
    const bench = new Bench(({ leases }) => {
      const list = leases.list.bind(leases);
      leases.list = () => (isDown ? Promise.reject(new Error('no route')) : list());
      return Promise.resolve();
    });
    assert.equal(bench.coordinator.isReady, false);
    isDown = false;
    await bench.wasReady;
    isDown = true;
    await until(() => Promise.resolve(!bench.coordinator.isReady || undefined), 'readiness to end');
  });

  test('a shard that cannot be read for a defect is tried again after a rest', async () => {
    const bench = new Bench();
    const write = bench.records.writeRecords.bind(bench.records);
    let failures = 0;
    bench.records.writeRecords = (...args): ReturnType<typeof write> => {
      failures += 1;
      return failures < 3 ? Promise.reject(new Error('defect')) : write(...args);
    };
    await bench.put('a');
    await until(() => Promise.resolve(bench.stored() || undefined), 'the call');
    assert.equal(failures >= 3, true);
    await until(() => Promise.resolve(bench.leases.leases.get('shard-0')?.checkpoint), 'the checkpoint');
  });

  test('the lease of a shard that the stream no longer has is forgotten, that of a silent worker is taken', async () => {
    const bench = new Bench(async ({ leases }) => {
      const old = await leases.take('old', 'other');
      assert.ok(old);
      await leases.renew(old, SHARD_END);
      await leases.take('shard-0', 'other');
    });
    await until(() => Promise.resolve(!bench.leases.leases.has('old') || undefined), 'the old lease to go');
    // The other one never renews.
    await until(() => Promise.resolve(bench.leases.leases.get('shard-0')?.owner === 'me' || undefined), 'the shard');
  });
});
