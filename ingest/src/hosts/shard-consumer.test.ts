import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { pino } from 'pino';

import { createRecordFactStore } from '../adapters/fact-store.ts';
import { MemoryDeadLetters, MemoryLeases, MemoryLiveTail, MemoryStream } from '../adapters/memory-doubles.ts';
import { MemoryRecordStore } from '../adapters/memory-records.ts';
import { Accounting } from '../core/accounting.ts';
import type { NegativeControl } from '../core/negative-controls.ts';
import { encodeStreamRecord } from '../core/stream-record.ts';
import { systemClock, systemStopwatch } from '../ports/clock.ts';
import { envelope, OWN } from '../testing/events.ts';
import { until } from '../testing/until.ts';
import { AccountKeeper } from './account-keeper.ts';
import { createIngestMetrics } from './metrics.ts';
import { ShardConsumer, type ConsumerEnd, type ConsumerPorts } from './shard-consumer.ts';

class Bench {
  readonly records = new MemoryRecordStore();
  readonly events = new MemoryStream();
  readonly tail = new MemoryLiveTail();
  readonly leases = new MemoryLeases();
  readonly letters = new MemoryDeadLetters();
  readonly stopping = new AbortController();
  readonly abort = new AbortController();

  ports(negativeControl?: NegativeControl): ConsumerPorts {
    const accounting = new Accounting('w', 1);
    const logger = pino({ level: 'silent' });
    const store = createRecordFactStore(this.records);
    return {
      events: this.events,
      tail: this.tail,
      leases: this.leases,
      store,
      deadLetters: this.letters,
      accounting,
      accounts: new AccountKeeper({ accounting, store, clock: systemClock, logger }),
      stopwatch: systemStopwatch,
      metrics: createIngestMetrics('w'),
      clock: systemClock,
      stream: 'lumina-events',
      context: { regionId: 1, personalIdSecret: 's', negativeControl },
      logger,
    };
  }

  async consume(negativeControl?: NegativeControl): Promise<ConsumerEnd> {
    const lease = await this.leases.take('shard-0', 'me');
    assert.ok(lease);
    const signals = { stopping: this.stopping.signal, abort: this.abort.signal };
    return new ShardConsumer(this.ports(negativeControl), lease, signals, 50).run();
  }

  async put(...bodies: (object | Buffer)[]): Promise<void> {
    await this.events.put(
      bodies.map((body) => ({
        data: Buffer.isBuffer(body)
          ? body
          : encodeStreamRecord({ ...OWN, receivedMs: 0, body: 'events' }, Buffer.from(JSON.stringify(body))),
        partitionKey: 'k',
      })),
    );
  }

  checkpoint(): string | undefined {
    return this.leases.leases.get('shard-0')?.checkpoint;
  }
}

const call = (callId: string): object => envelope('CALL_START', 0, { callId, direction: 'inbound' });

/** Fails the writes of facts until told otherwise: a worker killed there has written nothing. */
function breakWrites(bench: Bench): void {
  bench.records.writeRecords = () => Promise.reject(new Error('killed'));
}

describe('shard consumer', () => {
  test('stores, publishes, then checkpoints; poison goes aside; the lease is given up at the end', async () => {
    const bench = new Bench();
    await bench.put(call('a'), Buffer.from('no json'), call('b'));
    const running = bench.consume();
    await until(() => Promise.resolve(bench.checkpoint()), 'the checkpoint');
    assert.equal(bench.checkpoint(), '2');
    assert.deepEqual(
      bench.tail.records.flatMap(({ facts }) => facts.filter(({ name }) => name === 'start').map(({ eid }) => eid)),
      ['a', 'b'],
    );
    assert.deepEqual(
      [...bench.letters.letters.values()].map(({ sequence, bytes }) => [sequence, Buffer.from(bytes).toString()]),
      [['1', 'no json']],
    );
    bench.stopping.abort();
    await running;
    assert.equal(bench.leases.leases.get('shard-0')?.owner, '-');
  });

  test('a write that fails leaves the checkpoint where it was', async () => {
    const bench = new Bench();
    breakWrites(bench);
    await bench.put(call('a'));
    await assert.rejects(bench.consume(), /killed/);
    assert.equal(bench.checkpoint(), undefined);
  });

  test('the control checkpoint-before-write loses what was not written', async () => {
    const bench = new Bench();
    breakWrites(bench);
    await bench.put(call('a'));
    await assert.rejects(bench.consume('checkpoint-before-write'), /killed/);
    assert.equal(bench.checkpoint(), '0');
  });

  test('a worker whose lease was taken writes no checkpoint', async () => {
    const bench = new Bench();
    const running = bench.consume();
    await until(() => Promise.resolve(bench.tail.records.at(0)), 'the first sign of life');
    await bench.leases.take('shard-0', 'other', bench.leases.leases.get('shard-0')?.counter);
    await bench.put(call('a'));
    assert.equal(await running, 'lost');
    assert.deepEqual([bench.leases.leases.get('shard-0')?.owner, bench.checkpoint()], ['other', undefined]);
  });

  test('a fact that the store refuses for good is kept as a dead letter', async () => {
    const bench = new Bench();
    await bench.put(call('a'), { ...call('a'), rev: 1, type: 'CALL_START', direction: 'outbound' });
    await bench.put(envelope('USER_ACTION', 0, { id: 'u', source: 'platform', action: 'login' }));
    await bench.put(
      envelope('CALL_END', 9000, {
        callId: 'c',
        direction: 'inbound',
        startedAt: new Date(0).toISOString(),
        holdMs: 0,
        transfers: 0,
        outcome: 'failed',
      }),
    );
    await bench.put(
      envelope('CALL_END', 9000, {
        callId: 'c',
        direction: 'inbound',
        startedAt: new Date(0).toISOString(),
        holdMs: 1,
        transfers: 0,
        outcome: 'failed',
      }),
    );
    const running = bench.consume();
    await until(() => Promise.resolve(bench.checkpoint()), 'the checkpoint');
    bench.stopping.abort();
    await running;
    assert.deepEqual(
      [...bench.letters.letters.values()].map(({ code }) => code),
      ['conflict'],
    );
  });
});
