import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import fc from 'fast-check';
import { pino } from 'pino';

import { MemoryDeadLetters, MemoryLiveTail } from '../adapters/memory-doubles.ts';
import { MemoryRecordStore } from '../adapters/memory-records.ts';
import { createRecordFactStore } from '../adapters/fact-store.ts';
import { Accounting } from '../core/accounting.ts';
import { encodeStreamRecord } from '../core/stream-record.ts';
import { systemClock } from '../ports/clock.ts';
import type { DeadLetter, DeadLetters } from '../ports/dead-letters.ts';
import type { FactStore } from '../ports/fact-store.ts';
import type { LiveTail } from '../ports/live-tail.ts';
import { envelope, OWN, T0 } from '../testing/events.ts';
import { AccountKeeper } from './account-keeper.ts';
import { createLambdaHandler } from './lambda.ts';
import type { BatchAnswer, KinesisEvent, LambdaPorts } from './lambda-handler.ts';
import { createIngestMetrics } from './metrics.ts';

const SHARD = 'shardId-000000000003';
const FIRST = 49590338271490256608559692538361571095921575989136588898n;
const logger = pino({ level: 'silent' });

function sequenceOf(index: number): string {
  return String(FIRST + BigInt(index));
}

function eventOf(from: number, to: number, bytesOf: (index: number) => Buffer = startBytes): KinesisEvent {
  return {
    Records: Array.from({ length: to - from }, (_, offset) => ({
      eventID: `${SHARD}:${sequenceOf(from + offset)}`,
      kinesis: {
        partitionKey: 'key',
        sequenceNumber: sequenceOf(from + offset),
        data: bytesOf(from + offset).toString('base64'),
        approximateArrivalTimestamp: T0 / 1000 + from + offset + 0.123,
      },
    })),
  };
}

function startBytes(index: number): Buffer {
  const event = envelope('CALL_START', index, {
    id: `e-${String(index)}`,
    callId: `c-${String(index)}`,
    direction: 'inbound',
  });
  return encodeStreamRecord({ ...OWN, receivedMs: T0, body: 'events' }, Buffer.from(JSON.stringify(event)));
}

const MINUTE = { getRemainingTimeInMillis: (): number => 60_000 };

class Bench {
  readonly records = new MemoryRecordStore();
  readonly tail = new MemoryLiveTail();
  readonly letters = new MemoryDeadLetters();
  readonly store: FactStore = createRecordFactStore(this.records);
  private readonly accounting = new Accounting('w', 1);

  ports(changed: Partial<LambdaPorts> = {}): LambdaPorts {
    const { accounting } = this;
    const store = changed.store ?? this.store;
    return {
      ...{ tail: this.tail, store, deadLetters: this.letters, accounting, logger, instanceId: 'i1' },
      ...{ clock: systemClock, metrics: createIngestMetrics('w'), stream: 'lumina-events', recordsPerSlice: 10 },
      accounts: new AccountKeeper({ accounting, store, clock: systemClock, logger }),
      context: { regionId: 1, personalIdSecret: 's' },
      ...changed,
    };
  }

  get storedCalls(): string[] {
    return this.tail.records.flatMap(({ facts }) =>
      facts.flatMap(({ name, eid }) => (name === 'start' && eid ? [eid] : [])),
    );
  }
}

function ids(from: number, to: number): string[] {
  return Array.from({ length: to - from }, (_, offset) => `c-${String(from + offset)}`);
}

const ALL_DONE: BatchAnswer = { batchItemFailures: [] };
const retryFrom = (index: number): BatchAnswer => ({ batchItemFailures: [{ itemIdentifier: sequenceOf(index) }] });

describe('the Lambda function', () => {
  test('answers an empty list when all is stored, published and counted', async () => {
    const bench = new Bench();
    const handle = createLambdaHandler(bench.ports());
    assert.deepEqual(await handle(eventOf(0, 25), MINUTE), ALL_DONE);
    assert.deepEqual(bench.storedCalls, ids(0, 25));
    assert.deepEqual(await handle({ Records: [] }, MINUTE), ALL_DONE);
    await handle(eventOf(25, 26), MINUTE);
    const companions = bench.tail.records.flatMap(({ facts }) => facts.filter(({ name }) => name === 'ingest'));
    assert.equal(companions[0]?.measures['deliveries'], 25, 'the accounts were stored when the first call ended');
  });

  test('poison is a dead letter with its place and every byte, and holds up nobody', async () => {
    const bench = new Bench();
    const event = eventOf(0, 12, (index) => (index === 4 ? Buffer.from([0xff, 0x00]) : startBytes(index)));
    assert.deepEqual(await createLambdaHandler(bench.ports())(event, MINUTE), ALL_DONE);
    const [letter] = [...bench.letters.letters.values()];
    const { stream, shardId, sequence, arrivedMs, code, bytes } = letter as DeadLetter;
    assert.deepEqual([stream, shardId, sequence, code], ['lumina-events', SHARD, sequenceOf(4), 'malformed']);
    assert.equal(arrivedMs, T0 + 4123);
    assert.deepEqual(Buffer.from(bytes), Buffer.from([0xff, 0x00]));
    assert.equal(bench.storedCalls.length, 11);
  });

  test('names the first record that is not done; what came before stays done, and a retry completes the rest', async () => {
    const bench = new Bench();
    let writes = 0;
    const failing: FactStore = {
      ensureTables: () => Promise.resolve(),
      close: () => undefined,
      write: (facts, options) => {
        writes += 1;
        return writes === 2 ? Promise.reject(new Error('broken')) : bench.store.write(facts, options);
      },
    };
    const handle = createLambdaHandler(bench.ports({ store: failing }));
    assert.deepEqual(await handle(eventOf(0, 25), MINUTE), retryFrom(10));
    assert.deepEqual(bench.storedCalls, ids(0, 10));
    assert.deepEqual(await handle(eventOf(10, 25), MINUTE), ALL_DONE);
    assert.deepEqual(bench.storedCalls, ids(0, 25));
  });

  test('dead letters that cannot be kept are no success', async () => {
    const letters = {
      ensure: () => Promise.resolve(),
      close: () => undefined,
      put: () => Promise.reject(new Error('full')),
    };
    const handle = createLambdaHandler(new Bench().ports({ deadLetters: letters }));
    const event = eventOf(0, 30, (index) => (index === 15 ? Buffer.from('?') : startBytes(index)));
    assert.deepEqual(await handle(event, MINUTE), retryFrom(10));
  });

  test('what is stored but not published is tried again', async () => {
    const bench = new Bench();
    const tail = {
      ensure: () => Promise.resolve(),
      close: () => undefined,
      publish: () => Promise.reject(new Error('no')),
    };
    assert.deepEqual(await createLambdaHandler(bench.ports({ tail }))(eventOf(0, 5), MINUTE), retryFrom(0));
    assert.deepEqual(await createLambdaHandler(bench.ports())(eventOf(0, 5), MINUTE), ALL_DONE);
  });

  test('ends before Lambda ends it: a store that hangs is left in time, with an answer', async () => {
    const bench = new Bench();
    let writes = 0;
    const hanging: FactStore = {
      ensureTables: () => Promise.resolve(),
      close: () => undefined,
      write: (facts, options) => {
        writes += 1;
        if (writes === 1) return bench.store.write(facts, options);
        // As the real one does under throttling: it goes on until it is told to end.
        return new Promise((_, reject) => {
          options?.signal?.addEventListener('abort', () => {
            reject(new Error('aborted'));
          });
        });
      },
    };
    const context = { getRemainingTimeInMillis: (): number => 1100 };
    const answer = await createLambdaHandler(bench.ports({ store: hanging }))(eventOf(0, 40), context);
    assert.deepEqual(answer, retryFrom(10));
    assert.deepEqual(bench.storedCalls, ids(0, 10));
  });

  test('begins nothing more once its time is up', async () => {
    const bench = new Bench();
    const slow: FactStore = {
      ensureTables: () => Promise.resolve(),
      close: () => undefined,
      write: async (facts, options) => {
        await delay(5);
        return bench.store.write(facts, options);
      },
    };
    const noTime = { getRemainingTimeInMillis: (): number => 0 };
    assert.deepEqual(await createLambdaHandler(bench.ports({ store: slow }))(eventOf(0, 25), noTime), retryFrom(10));
    assert.deepEqual(bench.storedCalls, ids(0, 10));
  });

  test('a source of the live tail never goes back, whatever is retried, and environments are sources of their own', async () => {
    const bench = new Bench();
    const one = createLambdaHandler(bench.ports());
    const other = createLambdaHandler(bench.ports({ instanceId: 'i2' }));
    await one(eventOf(0, 25), MINUTE);
    await one(eventOf(10, 25), MINUTE);
    await other(eventOf(0, 25), MINUTE);
    await one(eventOf(25, 30), MINUTE);
    const bySource = Map.groupBy(bench.tail.records, ({ source }) => source);
    assert.deepEqual([...bySource.keys()], [`lumina-events/${SHARD}/lambda-i1`, `lumina-events/${SHARD}/lambda-i2`]);
    for (const records of bySource.values()) {
      assert.deepEqual(
        records.map(({ seq }) => seq),
        records.map((_, index) => index + 1),
      );
      for (const [index, { watermark }] of records.entries())
        assert.ok(watermark >= (records[index - 1]?.watermark ?? 0));
    }
  });

  test('whatever fails in whatever call, a batch that Lambda retries as it does counts every record once', async () => {
    const fault = fc.constantFrom('none', 'store', 'lostAck', 'tail', 'letters', 'noTime');
    const property = fc.asyncProperty(
      fc.array(fc.array(fault, { maxLength: 6 }), { maxLength: 8 }),
      fc.integer({ min: 1, max: 45 }),
      async (invocations, count) => {
        const bench = new Bench();
        const isPoison = (index: number): boolean => index % 7 === 3;
        const bytesOf = (index: number): Buffer => (isPoison(index) ? Buffer.from('?') : startBytes(index));
        let start = 0;
        // After the faults of the run come calls without any: Lambda goes on until the batch is done.
        for (const faults of [...invocations, []]) {
          const handle = createLambdaHandler(faultyPorts(bench, faults));
          const left = faults.includes('noTime') ? 0 : 60_000;
          const answer = await handle(eventOf(start, count, bytesOf), { getRemainingTimeInMillis: () => left });
          const failed = answer.batchItemFailures[0]?.itemIdentifier;
          start = failed === undefined ? count : Number(BigInt(failed) - FIRST);
          if (start === count) break;
        }
        assert.equal(start, count);
        const all = Array.from({ length: count }, (_, index) => index);
        const stored = bench.records.rows('call_metrics', 'start').map(({ eid }) => eid);
        const expected = all.filter((index) => !isPoison(index)).map((index) => `c-${String(index)}`);
        assert.deepEqual(stored.toSorted(), expected.toSorted());
        assert.deepEqual(new Set(bench.storedCalls), new Set(expected), 'each was shown');
        const letters = [...bench.letters.letters.values()].map(({ sequence }) => sequence);
        assert.deepEqual(letters.toSorted(), all.filter(isPoison).map(sequenceOf).toSorted());
      },
    );
    await fc.assert(property, { numRuns: 200 });
  });
});

/** Ports whose calls fail in the order of the faults, each kind at its own door. */
function faultyPorts(bench: Bench, faults: readonly string[]): LambdaPorts {
  const left = [...faults];
  const fails = (kind: string): boolean => left[0] === kind && left.shift() !== undefined;
  const store: FactStore = {
    ensureTables: () => Promise.resolve(),
    close: () => undefined,
    write: async (facts, options) => {
      fails('none');
      // Time passes at the store: the call is over, and with it the time for the slices behind.
      if (fails('noTime')) await delay(5);
      if (fails('store')) throw new Error('store');
      const outcomes = await bench.store.write(facts, options);
      if (fails('lostAck')) throw new Error('The acknowledgement was lost.');
      return outcomes;
    },
  };
  const tail: LiveTail = {
    ensure: () => Promise.resolve(),
    close: () => undefined,
    publish: (records) => (fails('tail') ? Promise.reject(new Error('tail')) : bench.tail.publish(records)),
  };
  const deadLetters: DeadLetters = {
    ensure: () => Promise.resolve(),
    close: () => undefined,
    put: (letters) => (fails('letters') ? Promise.reject(new Error('letters')) : bench.letters.put(letters)),
  };
  return bench.ports({ store, tail, deadLetters });
}
