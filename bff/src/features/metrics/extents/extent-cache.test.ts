import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { StoreError } from '../../../timestream/port.ts';
import { evaluateScan } from '../fold/evaluate-scan.ts';
import type { FactRow } from '../fold/fact-row.ts';
import type { Scan, ScanReaderFactory, SumScan } from '../scans/scan.ts';
import { scanTerms } from '../scans/terms.ts';
import { drawRows } from '../testing/drawn-rows.ts';
import { comparable, drawScan } from '../testing/drawn-scans.ts';
import { seeded } from '../testing/world.ts';
import { HOUR_MS, MINUTE_MS, floorTo } from '../time/grid.ts';
import type { TimeRange } from '../time/range.ts';
import { ExtentCache } from './extent-cache.ts';
import type { ExtentCacheOptions } from './extent-cache.ts';

const NOW_MS = Date.parse('2026-11-20T12:00:00Z');
const SUBJECT = { territoryId: 101, regionId: 1, scopeKey: '' };
const CALLS: SumScan = {
  kind: 'sum',
  fact: 'call_metrics.call',
  where: [],
  groupBy: [],
  terms: scanTerms('call_metrics.call', []),
  binMs: MINUTE_MS,
};

/** A store in memory that counts what it is asked, and may fail or wait. */
class MemoryStore {
  rows: FactRow[] = [];
  readonly asked: { scan: Scan; range: TimeRange; signal: AbortSignal | undefined }[] = [];
  hold: Promise<void> | undefined;
  failure: Error | undefined;

  readonly readers: ScanReaderFactory = (_subject, signal) => {
    let fetched = 0;
    return {
      read: async (scan, range) => {
        fetched += 1;
        this.asked.push({ scan, range, signal });
        const found = evaluateScan(scan, this.rows, range);
        await this.hold;
        if (this.failure !== undefined) throw this.failure;
        return found;
      },
      watermark: () => {
        fetched += 1;
        return Promise.resolve(NOW_MS);
      },
      account: () => ({ state: 'miss', fetched }),
    };
  };

  /** Bytes of an answer do not matter here, buckets do. */
  bucketsAsked(): number {
    return this.asked.reduce((sum, { scan, range }) => sum + Math.ceil((range.toMs - range.fromMs) / scan.binMs), 0);
  }
}

function cacheOver(store: MemoryStore, options: Partial<ExtentCacheOptions> = {}): ExtentCache {
  const cache = new ExtentCache({ inner: store.readers, clock: () => NOW_MS, settleMs: 0, ...options });
  cache.isAnnounced = true;
  return cache;
}

const last = (ms: number, atMs = NOW_MS): TimeRange => ({ fromMs: atMs - ms, toMs: atMs });

describe('the extent cache', () => {
  it('answers what the store would, under any order of writes, late rows and questions', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1_000_000 }), async (seed) => {
        const chance = seeded(seed);
        const store = new MemoryStore();
        let nowMs = NOW_MS;
        const cache = cacheOver(store, { clock: () => nowMs, shareMs: 0 });
        const scans = Array.from({ length: 3 }, () => drawScan(chance));
        for (let step = 0; step < 25; step += 1) {
          nowMs += chance(90_000);
          // Most rows are news, some are hours late; each is announced once it is stored.
          const backMs = chance(4) === 0 ? 3 * HOUR_MS : MINUTE_MS;
          const news = drawRows(chance, chance(40), { fromMs: nowMs - backMs, toMs: nowMs });
          store.rows = [...store.rows, ...news];
          for (const { fact, timeMs } of news) cache.announce(101, fact, timeMs);
          const scan = scans[chance(scans.length)] ?? CALLS;
          const stepMs = scan.kind === 'stock' ? MINUTE_MS : scan.kind === 'slice' ? scan.binMs : 1 + 999 * chance(2);
          const fromMs = floorTo(nowMs - chance(4 * HOUR_MS), stepMs);
          const range = { fromMs, toMs: Math.min(nowMs, fromMs + chance(4 * HOUR_MS)) };
          const answered = await cache.readers(SUBJECT, undefined).read(scan, range);
          assert.deepEqual(comparable(answered), comparable(evaluateScan(scan, store.rows, range)));
        }
      }),
      { numRuns: 120 },
    );
  });

  it('asks for no closed bucket twice, and for the next one alone as time goes on', async () => {
    const store = new MemoryStore();
    let nowMs = NOW_MS;
    const cache = cacheOver(store, { clock: () => nowMs });
    await cache.readers(SUBJECT, undefined).read(CALLS, last(24 * HOUR_MS));
    const cold = store.bucketsAsked();
    assert.ok(cold >= 24 * 60);
    store.asked.length = 0;
    for (let step = 0; step < 60; step += 1) {
      nowMs += 10_000;
      await cache.readers(SUBJECT, undefined).read(CALLS, last(24 * HOUR_MS, nowMs));
    }
    const open = store.asked.filter(({ range }) => range.fromMs >= NOW_MS - 3 * MINUTE_MS);
    const old = store.asked.filter(({ range }) => range.fromMs < NOW_MS - 3 * MINUTE_MS);
    // Ten minutes cross at most one quarter of an hour, and a quarter of cut first buckets is read at once.
    assert.ok(old.length >= 1 && old.length <= 2, `${String(old.length)} reads`);
    assert.ok(open.every(({ range }) => range.toMs - range.fromMs <= 4 * MINUTE_MS));
  });

  it('reads once what many ask at once', async () => {
    const store = new MemoryStore();
    const cache = cacheOver(store);
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => cache.readers(SUBJECT, undefined).read(CALLS, last(HOUR_MS))),
    );
    assert.equal(answers.length, 100);
    assert.equal(store.asked.length, 2);
  });

  it('says what it had and what it fetched', async () => {
    const store = new MemoryStore();
    const cache = cacheOver(store);
    const account = async (range: TimeRange): Promise<unknown> => {
      const reader = cache.readers(SUBJECT, undefined);
      await reader.read(CALLS, range);
      return reader.account();
    };
    const old = { fromMs: NOW_MS - 2 * HOUR_MS, toMs: NOW_MS - HOUR_MS };
    assert.deepEqual(await account(old), { state: 'miss', fetched: 1 });
    assert.deepEqual(await account(old), { state: 'hit', fetched: 0 });
    assert.deepEqual(await account(last(2 * HOUR_MS)), { state: 'partial', fetched: 2 });
  });

  it('keeps territories and scopes apart', async () => {
    const store = new MemoryStore();
    const cache = cacheOver(store);
    const old = { fromMs: NOW_MS - 2 * HOUR_MS, toMs: NOW_MS - HOUR_MS };
    for (const subject of [
      SUBJECT,
      { ...SUBJECT, territoryId: 202 },
      { ...SUBJECT, scopeKey: 'queues:a' },
      { ...SUBJECT, regionId: 2 },
    ]) {
      const reader = cache.readers(subject, undefined);
      await reader.read(CALLS, old);
      assert.equal(reader.account().state, 'miss', JSON.stringify(subject));
    }
  });

  it('does not keep a bucket that changed while it was read', async () => {
    const store = new MemoryStore();
    const cache = cacheOver(store);
    const old = { fromMs: NOW_MS - 2 * HOUR_MS, toMs: NOW_MS - HOUR_MS };
    const { promise, resolve } = Promise.withResolvers<undefined>();
    store.hold = promise.then(() => undefined);
    const first = cache.readers(SUBJECT, undefined).read(CALLS, old);
    const row: FactRow = {
      fact: 'call_metrics.call',
      timeMs: old.fromMs + 5,
      dimensions: { direction: 'inbound' },
      measures: { n: 1 },
    };
    store.rows = [row];
    cache.announce(101, row.fact, row.timeMs);
    resolve(undefined);
    await first;
    const answered = await cache.readers(SUBJECT, undefined).read(CALLS, old);
    assert.deepEqual(comparable(answered), comparable(evaluateScan(CALLS, store.rows, old)));
    assert.deepEqual(store.asked.at(-1)?.range, { fromMs: old.fromMs, toMs: old.fromMs + MINUTE_MS });
  });

  describe('before a store that shows a row only a moment after it has acknowledged it', () => {
    const SETTLE_MS = 1_000;

    /** Rows that a reader sees from an instant on. */
    function lateToShow(): { store: MemoryStore; cache: ExtentCache; pass: (ms: number) => void; write: Write } {
      const store = new MemoryStore();
      const hidden: { row: FactRow; fromMs: number }[] = [];
      let nowMs = NOW_MS;
      const cache = cacheOver(store, { clock: () => nowMs, settleMs: SETTLE_MS });
      const pass = (ms: number): void => {
        nowMs += ms;
        for (const { row } of hidden.filter(({ fromMs }) => fromMs <= nowMs)) store.rows.push(row);
        hidden.splice(0, hidden.length, ...hidden.filter(({ fromMs }) => fromMs > nowMs));
      };
      const write: Write = (row, lagMs) => {
        hidden.push({ row, fromMs: nowMs + lagMs });
        cache.announce(101, row.fact, row.timeMs);
      };
      pass(2 * SETTLE_MS);
      return { store, cache, pass, write };
    }
    type Write = (row: FactRow, lagMs: number) => void;

    const old = { fromMs: NOW_MS - 2 * HOUR_MS, toMs: NOW_MS - HOUR_MS };
    const late: FactRow = {
      fact: 'call_metrics.call',
      timeMs: old.fromMs + 5 * MINUTE_MS,
      dimensions: { direction: 'inbound' },
      measures: { n: 1 },
    };

    it('keeps no bucket as it was before a row that is announced and not yet shown', async () => {
      const { store, cache, pass, write } = lateToShow();
      const read = () => cache.readers(SUBJECT, undefined).read(CALLS, old);
      await read();
      write(late, 900);
      pass(500);
      // The row is announced and cannot be seen: this answer is true of its instant, and of no later one.
      await read();
      pass(500);
      assert.deepEqual(comparable(await read()), comparable(evaluateScan(CALLS, [late], old)));
      const reads = store.asked.length;
      await read();
      assert.equal(store.asked.length, reads, 'what has settled is kept');
      assert.deepEqual(store.asked.at(-1)?.range, { fromMs: late.timeMs, toMs: late.timeMs + MINUTE_MS });
    });

    it('nor where a question is the first of its kind, or everything was just forgotten', async () => {
      const { cache, pass, write } = lateToShow();
      const read = (fromMs = old.fromMs) => cache.readers(SUBJECT, undefined).read(CALLS, { fromMs, toMs: old.toMs });
      write(late, 900);
      await read();
      pass(1_000);
      assert.deepEqual(comparable(await read()), comparable(evaluateScan(CALLS, [late], old)));
      write({ ...late, timeMs: late.timeMs + 1 }, 900);
      cache.clear();
      await read();
      pass(1_000);
      const both = [late, { ...late, timeMs: late.timeMs + 1 }];
      assert.deepEqual(comparable(await read()), comparable(evaluateScan(CALLS, both, old)));
    });

    it('whatever is written, shown and asked in whatever order', async () => {
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: 1_000_000 }), async (seed) => {
          const chance = seeded(seed);
          const { store, cache, pass, write } = lateToShow();
          const scans = Array.from({ length: 2 }, () => drawScan(chance));
          for (let step = 0; step < 12; step += 1) {
            for (const row of drawRows(chance, chance(10), old)) write(row, chance(SETTLE_MS + 1));
            for (let question = chance(3); question > 0; question -= 1) {
              await cache.readers(SUBJECT, undefined).read(scans[chance(2)] ?? CALLS, old);
              pass(chance(400));
            }
            // Once everything written so far can be seen, every answer holds all of it.
            pass(SETTLE_MS);
            for (const scan of scans) {
              const answered = await cache.readers(SUBJECT, undefined).read(scan, old);
              assert.deepEqual(comparable(answered), comparable(evaluateScan(scan, store.rows, old)));
            }
          }
        }),
        { numRuns: 40 },
      );
    });
  });

  it('gives a read up when the last who waits for it leaves, not before', async () => {
    const store = new MemoryStore();
    const cache = cacheOver(store);
    const { promise, resolve } = Promise.withResolvers<undefined>();
    store.hold = promise.then(() => undefined);
    const old = { fromMs: NOW_MS - 2 * HOUR_MS, toMs: NOW_MS - HOUR_MS };
    const [one, other] = [new AbortController(), new AbortController()];
    const reads = [one, other].map(({ signal }) => cache.readers(SUBJECT, signal).read(CALLS, old));
    const ends = Promise.allSettled(reads);
    const isGivenUp = (): boolean | undefined => store.asked[0]?.signal?.aborted;
    one.abort();
    await Promise.resolve();
    assert.equal(isGivenUp(), false);
    other.abort();
    assert.deepEqual(
      (await ends).map(({ status }) => status),
      ['rejected', 'rejected'],
    );
    assert.equal(isGivenUp(), true);
    resolve(undefined);
    store.hold = undefined;
    await cache.readers(SUBJECT, undefined).read(CALLS, old);
    assert.equal(store.asked.length, 2);
  });

  it('leaves a throttled store alone for a moment, and keeps no failure', async () => {
    const store = new MemoryStore();
    let nowMs = NOW_MS;
    const cache = cacheOver(store, { clock: () => nowMs });
    const old = { fromMs: NOW_MS - 2 * HOUR_MS, toMs: NOW_MS - HOUR_MS };
    store.failure = new StoreError('store_throttled', 'slow down');
    await assert.rejects(cache.readers(SUBJECT, undefined).read(CALLS, old), store.failure);
    await assert.rejects(cache.readers(SUBJECT, undefined).read(CALLS, last(HOUR_MS)), store.failure);
    assert.equal(store.asked.length, 1);
    store.failure = undefined;
    nowMs += 2_000;
    await cache.readers(SUBJECT, undefined).read(CALLS, old);
    assert.equal(store.asked.length, 2);
  });

  it('reads a stretch that was rewritten again, and no other', async () => {
    const store = new MemoryStore();
    const cache = cacheOver(store);
    const old = { fromMs: NOW_MS - 2 * HOUR_MS, toMs: NOW_MS - HOUR_MS };
    await cache.readers(SUBJECT, undefined).read(CALLS, old);
    cache.forget(202, old);
    cache.forget(101, { fromMs: old.fromMs + 90_000, toMs: old.fromMs + 150_000 });
    await cache.readers(SUBJECT, undefined).read(CALLS, old);
    assert.deepEqual(
      store.asked.map(({ range }) => range),
      [old, { fromMs: old.fromMs + MINUTE_MS, toMs: old.fromMs + 3 * MINUTE_MS }],
    );
  });

  it('holds nothing for long while nobody announces late rows', async () => {
    const store = new MemoryStore();
    let nowMs = NOW_MS;
    const cache = new ExtentCache({ inner: store.readers, clock: () => nowMs });
    const old = { fromMs: NOW_MS - 2 * HOUR_MS, toMs: NOW_MS - HOUR_MS };
    await cache.readers(SUBJECT, undefined).read(CALLS, old);
    nowMs += 20_000;
    await cache.readers(SUBJECT, undefined).read(CALLS, old);
    assert.equal(store.asked.length, 1);
    nowMs += 20_000;
    await cache.readers(SUBJECT, undefined).read(CALLS, old);
    assert.equal(store.asked.length, 2);
  });

  it('lets go of what was asked for longest ago when it holds too much', async () => {
    const store = new MemoryStore();
    store.rows = drawRows(seeded(7), 4_000, { fromMs: NOW_MS - 6 * HOUR_MS, toMs: NOW_MS - HOUR_MS });
    let nowMs = NOW_MS;
    const cache = cacheOver(store, { clock: () => nowMs, maxWeight: 60_000 });
    const old = { fromMs: NOW_MS - 6 * HOUR_MS, toMs: NOW_MS - HOUR_MS };
    const read = async (binMs: number): Promise<number> => {
      nowMs += 1;
      const reader = cache.readers(SUBJECT, undefined);
      await reader.read({ ...CALLS, groupBy: ['queue_id', 'agent_id'], binMs }, old);
      return reader.account().fetched;
    };
    for (const binMs of [60_000, 300_000, 900_000]) assert.equal(await read(binMs), 1);
    assert.equal(await read(900_000), 0);
    assert.equal(await read(60_000), 1);
  });
});
