import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
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
import type { ShardPage, ShardReader } from '../ports/event-stream.ts';
import type { PlacedFact, RecordGroup, RecordResult, StoreCallOptions } from '../ports/record-store.ts';
import { NOBODY, SHARD_END, type Lease } from '../ports/lease-store.ts';
import { AccountKeeper } from './account-keeper.ts';
import { createIngestMetrics } from './metrics.ts';
import { ShardConsumer, type ConsumerEnd, type ConsumerPorts } from './shard-consumer.ts';

const RENEW_INTERVAL_MS = 50;

/** Gives pages of a size, counts them, and may be told to end. */
class PagedStream extends MemoryStream {
  recordsPerPage = 1000;
  pagesRead = 0;
  isClosed = false;

  override read(_shardId: string, afterSequence: string | undefined): ShardReader {
    let position = afterSequence === undefined ? 0 : Number(afterSequence) + 1;
    return {
      next: (): Promise<ShardPage> => {
        const entries = this.entries.slice(position, position + this.recordsPerPage);
        if (entries.length === 0) return Promise.resolve({ records: [], behindMs: 0, isEnd: this.isClosed });
        this.pagesRead += 1;
        const first = position;
        position += entries.length;
        const records = entries.map(({ data }, index) => ({
          sequence: String(first + index),
          data,
          arrivedMs: Date.now(),
        }));
        return Promise.resolve({ records, behindMs: this.entries.length - position, isEnd: false });
      },
    };
  }
}

const benches: Bench[] = [];

class Bench {
  consumer: ShardConsumer | undefined;
  readonly records = new MemoryRecordStore();
  readonly events = new PagedStream();
  readonly tail = new MemoryLiveTail();
  readonly leases = new MemoryLeases();
  readonly letters = new MemoryDeadLetters();
  readonly stopping = new AbortController();
  readonly abort = new AbortController();

  constructor() {
    benches.push(this);
  }

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
    this.consumer = new ShardConsumer(this.ports(negativeControl), lease, signals, RENEW_INTERVAL_MS);
    return this.consumer.run();
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

  lease(): Lease | undefined {
    return this.leases.leases.get('shard-0');
  }

  checkpoint(): string | undefined {
    return this.lease()?.checkpoint;
  }

  /** Holds writes up until the answer is called; resolves when the first one stands there. */
  holdWrites(): { held: Promise<void>; letGo: () => void } {
    const gate = Promise.withResolvers<undefined>();
    const held = Promise.withResolvers<undefined>();
    const write = this.records.writeRecords.bind(this.records);
    this.records.writeRecords = async (
      group: RecordGroup,
      records: readonly PlacedFact[],
      options?: StoreCallOptions,
    ): Promise<RecordResult[]> => {
      held.resolve(undefined);
      const given = new Promise((_, reject) => {
        options?.signal?.addEventListener('abort', () => {
          reject(new Error('aborted'));
        });
      });
      await Promise.race([gate.promise, given]);
      return write(group, records);
    };
    return {
      held: held.promise,
      letGo: () => {
        gate.resolve(undefined);
      },
    };
  }
}

const call = (callId: string): object => envelope('CALL_START', 0, { callId, direction: 'inbound' });

/** Fails the writes of facts until told otherwise: a worker killed there has written nothing. */
function breakWrites(bench: Bench): void {
  bench.records.writeRecords = () => Promise.reject(new Error('killed'));
}

describe('shard consumer', () => {
  afterEach(() => {
    for (const { stopping, abort } of benches.splice(0)) {
      stopping.abort();
      abort.abort();
    }
  });

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

  test('while the store takes nothing, the lease is renewed, the watermark stands still and one page is read ahead', async () => {
    const bench = new Bench();
    bench.events.recordsPerPage = 1;
    await bench.put(call('a'));
    const running = bench.consume();
    await until(() => Promise.resolve(bench.checkpoint()), 'the first checkpoint');
    const { held, letGo } = bench.holdWrites();
    await bench.put(call('b'), call('c'), call('d'), call('e'));
    await held;
    const counter = bench.lease()?.counter ?? 0;
    const seen = bench.tail.records.length;
    await until(() => Promise.resolve(bench.tail.records.at(seen + 1)), 'two signs of life');
    await until(() => Promise.resolve((bench.lease()?.counter ?? 0) > counter + 1 || undefined), 'two renewals');
    const [one, two] = bench.tail.records.slice(seen);
    assert.deepEqual([one?.facts, one?.watermark], [[], two?.watermark]);
    assert.deepEqual([bench.checkpoint(), bench.events.pagesRead], ['0', 3]);
    letGo();
    await until(() => Promise.resolve(bench.checkpoint() === '4' || undefined), 'everything after the outage');
    bench.stopping.abort();
    assert.equal(await running, 'left');
  });

  test('at the end of the shard nothing is read ahead: what comes meanwhile is stored together', async () => {
    const bench = new Bench();
    await bench.put(call('a'));
    const running = bench.consume();
    await until(() => Promise.resolve(bench.checkpoint()), 'the first checkpoint');
    const { held, letGo } = bench.holdWrites();
    await bench.put(call('b'));
    await held;
    await bench.put(call('c'));
    const seen = bench.tail.records.length;
    await until(() => Promise.resolve(bench.tail.records.at(seen)), 'a sign of life, later than another reading');
    await bench.put(call('d'));
    letGo();
    await until(() => Promise.resolve(bench.checkpoint() === '3' || undefined), 'the rest');
    assert.equal(bench.events.pagesRead, 3);
    bench.stopping.abort();
    assert.equal(await running, 'left');
  });

  test('stopped before a store that takes nothing, it gives up the work in flight and the lease, not the checkpoint', async () => {
    const bench = new Bench();
    const { held } = bench.holdWrites();
    await bench.put(call('a'));
    const running = bench.consume();
    await held;
    bench.stopping.abort();
    bench.abort.abort();
    assert.equal(await running, 'left');
    assert.deepEqual([bench.lease()?.owner, bench.checkpoint()], [NOBODY, undefined]);
  });

  test('asked to leave, it finishes what is in flight first', async () => {
    const bench = new Bench();
    bench.events.recordsPerPage = 1;
    const { held, letGo } = bench.holdWrites();
    await bench.put(call('a'), call('b'), call('c'), call('d'));
    const running = bench.consume();
    await held;
    bench.consumer?.leave();
    letGo();
    assert.equal(await running, 'left');
    assert.equal(bench.lease()?.owner, NOBODY);
    const checkpoint = Number(bench.checkpoint());
    assert.equal(bench.records.rows('call_metrics', 'start').length, checkpoint + 1, 'nothing beyond the checkpoint');
    assert.ok(checkpoint < 3);
  });

  test('a shard that was closed is read to its end, and keeps its lease as the sign of that', async () => {
    const bench = new Bench();
    await bench.put(call('a'), call('b'));
    bench.events.isClosed = true;
    assert.equal(await bench.consume(), 'ended');
    assert.equal(bench.checkpoint(), SHARD_END);
    assert.equal(bench.records.rows('call_metrics', 'start').length, 2);
  });

  test('the accounts of a shard are published before it is given up', async () => {
    const bench = new Bench();
    await bench.put(call('a'));
    const running = bench.consume();
    await until(() => Promise.resolve(bench.checkpoint()), 'the checkpoint');
    bench.stopping.abort();
    await running;
    const accounts = bench.tail.records.flatMap(({ facts }) => facts.filter(({ name }) => name === 'ingest'));
    assert.equal(accounts.at(-1)?.measures['deliveries'], 1);
  });
});
