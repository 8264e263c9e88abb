import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { pino } from 'pino';

import { createRecordFactStore } from '../adapters/fact-store.ts';
import { MemoryStream } from '../adapters/memory-doubles.ts';
import { MemoryRecordStore } from '../adapters/memory-records.ts';
import { Accounting } from '../core/accounting.ts';
import { decodeDelivery } from '../core/decode-delivery.ts';
import { AccountKeeper } from './account-keeper.ts';

const NOW_MS = Date.UTC(2026, 2, 3, 10, 0, 1);
const never = new AbortController().signal;

class Bench {
  readonly records = new MemoryRecordStore();
  readonly accounting = new Accounting('w', 1);
  readonly keeper: AccountKeeper;
  isDown = false;

  constructor() {
    const store = createRecordFactStore(this.records);
    const doored = {
      ...store,
      write: (...args: Parameters<typeof store.write>) =>
        this.isDown ? Promise.reject(new Error('no route')) : store.write(...args),
      ensureTables: () => store.ensureTables(),
      close: () => undefined,
    };
    this.keeper = new AccountKeeper({
      accounting: this.accounting,
      store: doored,
      clock: { nowMs: () => NOW_MS },
      logger: pino({ level: 'silent' }),
    });
  }

  count(): void {
    this.accounting.count([{ source: 'cai', territoryId: 101, outcome: 'stored', lagMs: 5 }], NOW_MS);
  }

  stored(): number {
    return Number(this.records.rows('system_metrics', 'ingest').at(-1)?.measures['deliveries'] ?? 0);
  }
}

describe('the keeper of accounts', () => {
  test('stores what was counted, and gives it once to whoever publishes next', async () => {
    const bench = new Bench();
    bench.count();
    await bench.keeper.flush(never);
    assert.equal(bench.stored(), 1);
    assert.deepEqual(
      bench.keeper.takeCompanions().map(({ name }) => name),
      ['ingest', 'source'],
    );
    assert.deepEqual(bench.keeper.takeCompanions(), []);
  });

  test('what the store did not take waits; nothing is published before it is stored', async () => {
    const bench = new Bench();
    bench.isDown = true;
    bench.count();
    await bench.keeper.flush(never);
    assert.deepEqual(bench.keeper.takeCompanions(), []);
    bench.isDown = false;
    bench.count();
    await bench.keeper.flush(never);
    assert.equal(bench.stored(), 2);
  });

  test('at the end of a process without a store the accounts go to the stream, where the next worker stores them', async () => {
    const bench = new Bench();
    bench.isDown = true;
    bench.count();
    await bench.keeper.flush(never);
    bench.count();
    const stream = new MemoryStream();
    await bench.keeper.handOver(stream, 1, never);
    const context = { regionId: 1, personalIdSecret: 's' };
    const decoded = stream.entries.map(({ data }) => decodeDelivery(data, context));
    assert.ok(decoded.every(({ isAccounting }) => isAccounting));
    const next = createRecordFactStore(bench.records);
    await next.write(decoded.flatMap(({ facts }) => facts));
    assert.equal(bench.stored(), 2);
  });

  test('with nothing left to tell the stream hears nothing', async () => {
    const bench = new Bench();
    bench.count();
    await bench.keeper.flush(never);
    const stream = new MemoryStream();
    await bench.keeper.handOver(stream, 1, never);
    assert.equal(stream.entries.length, 0);
  });
});
