import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { LiveTailRecord } from '@lumina/contracts';
import { ExtentCache } from '../extents/extent-cache.ts';
import type { Scan } from '../scans/scan.ts';
import { comparable, drawScan } from '../testing/drawn-scans.ts';
import { TailWriter, VersionedStore } from '../testing/versioned-store.ts';
import { seeded } from '../testing/world.ts';
import { HOUR_MS, MINUTE_MS, floorTo } from '../time/grid.ts';
import { LiveFold } from './live-fold.ts';

const START_MS = Date.parse('2026-11-20T12:00:00Z');
const SUBJECT = { territoryId: 101, regionId: 1, scopeKey: '' };

/** A store, its tail, and a process that answers from both; everything at a clock of the test's own. */
class Bench {
  readonly chance;
  readonly store = new VersionedStore();
  readonly writer = new TailWriter();
  nowMs = START_MS;
  fold: LiveFold;
  readonly failures: unknown[] = [];

  constructor(seed: number) {
    this.chance = seeded(seed);
    this.fold = this.start();
  }

  /** A new process, which remembers nothing. */
  start(): LiveFold {
    const clock = (): number => this.nowMs;
    return new LiveFold({
      cache: new ExtentCache({ inner: this.store.readers, clock, shareMs: 0 }),
      readRows: (subject, fact, range) => {
        // Read now, handed over later: what the tail tells meanwhile is not in it.
        const found = this.store.rows(subject.territoryId, fact, range);
        return new Promise<typeof found>((resolve) => setTimeout(resolve, 2, found));
      },
      onFailure: (error) => this.failures.push(error),
      clock,
      settleMs: 0,
    });
  }

  /** Some seconds pass and things happen in them, most of them new, some long past. */
  write(count: number): LiveTailRecord {
    const backMs = this.chance(4) === 0 ? 2 * HOUR_MS : MINUTE_MS;
    const drawing = { chance: this.chance, territoryId: this.chance(6) === 0 ? 202 : 101 };
    const news = this.store.draw(drawing, count, { fromMs: this.nowMs - backMs, toMs: this.nowMs });
    return this.writer.record(this.store.store(news), this.nowMs - 2_000);
  }

  /** Lets readings under way go on, by default until their end. */
  async settle(ms = 30): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, ms));
  }

  range(scan: Scan): { fromMs: number; toMs: number } {
    const stepMs = scan.kind === 'stock' ? MINUTE_MS : scan.kind === 'slice' ? scan.binMs : 1;
    const fromMs = floorTo(this.nowMs - this.chance(3 * HOUR_MS), stepMs);
    return {
      fromMs,
      toMs: this.chance(3) === 0 ? Math.min(this.nowMs, fromMs + this.chance(2 * HOUR_MS)) : this.nowMs,
    };
  }

  async check(scan: Scan): Promise<void> {
    const range = this.range(scan);
    const answered = await this.fold.readers(SUBJECT, undefined).read(scan, range);
    assert.deepEqual(
      comparable(answered),
      comparable(this.store.scan(scan, range, SUBJECT.territoryId)),
      JSON.stringify({ scan, range, isLive: this.fold.isLive }),
    );
  }
}

describe('the live fold', () => {
  it('answers what the database would, under corrections, late rows, overtaking, losses and restarts', async () => {
    let live = 0;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1_000_000 }), async (seed) => {
        const bench = new Bench(seed);
        const { chance } = bench;
        const scans = Array.from({ length: 3 }, () => drawScan(chance));
        for (let step = 0; step < 40; step += 1) {
          bench.nowMs += chance(40_000);
          const records = Array.from({ length: 1 + chance(3) }, () => bench.write(chance(25)));
          // Records overtake each other now and then, one is lost sometimes, and the process dies.
          if (chance(5) === 0) records.reverse();
          if (chance(12) === 0) records.splice(chance(records.length), 1);
          // Nobody can know of a loss before a later record comes; one comes every second.
          records.push(bench.writer.record([], bench.nowMs - 2_000));
          if (chance(12) === 0) bench.fold = bench.start();
          bench.fold.take({ records });
          if (bench.fold.isLive) live += 1;
          const scan = scans[chance(scans.length)];
          if (scan !== undefined) await bench.check(scan);
          if (chance(2) === 0) await bench.settle(chance(6));
        }
        assert.deepEqual(bench.failures, []);
      }),
      // The example once found minutes that were remembered from before a fact was read anew.
      { numRuns: 40, examples: [[225_502]] },
    );
    assert.ok(live > 400, `only ${String(live)} steps were live`);
  });

  it('forgets what was written by other means when it is told', async () => {
    const bench = new Bench(9);
    const scan = drawScan(seeded(3));
    const range = { fromMs: floorTo(bench.nowMs - 2 * HOUR_MS, HOUR_MS), toMs: bench.nowMs };
    const ask = () => bench.fold.readers(SUBJECT, undefined).read(scan, range);
    bench.fold.take({ records: [bench.writer.record([], bench.nowMs)] });
    await ask();
    await bench.settle();
    await ask();
    bench.store.store(bench.store.draw({ chance: bench.chance, territoryId: 101 }, 3_000, range));
    const record = bench.writer.record([], 0);
    bench.fold.take({ records: [{ ...record, source: 'backfill', rewritten: [{ territoryId: 101, ...range }] }] });
    assert.equal(bench.fold.isLive, true);
    assert.deepEqual(comparable(await ask()), comparable(bench.store.scan(scan, range, 101)));
  });

  it('trusts nothing it holds once the tail has fallen silent, though nobody tells it of that', async () => {
    const bench = new Bench(4);
    const scan = drawScan(seeded(3));
    const range = {
      fromMs: floorTo(bench.nowMs - 4 * HOUR_MS, HOUR_MS),
      toMs: floorTo(bench.nowMs - HOUR_MS, HOUR_MS),
    };
    const ask = () => bench.fold.readers(SUBJECT, undefined).read(scan, range);
    bench.fold.take({ records: [bench.writer.record([], bench.nowMs)] });
    await ask();
    bench.store.store(bench.store.draw({ chance: bench.chance, territoryId: 101 }, 3_000, range));
    bench.nowMs += MINUTE_MS;
    assert.equal(bench.fold.isLive, false);
    assert.deepEqual(comparable(await ask()), comparable(bench.store.scan(scan, range, 101)));
  });

  it('asks the database nothing while time goes on, but for each quarter of an hour once', async () => {
    const bench = new Bench(5);
    const scan: Scan = { ...drawScan(seeded(3)), binMs: MINUTE_MS };
    const ask = async (): Promise<void> => {
      bench.fold.take({ records: [bench.write(10)] });
      const range = { fromMs: floorTo(bench.nowMs - 2 * HOUR_MS, MINUTE_MS), toMs: bench.nowMs };
      await bench.fold.readers(SUBJECT, undefined).read(scan, range);
    };
    await ask();
    await bench.settle();
    await ask();
    bench.store.queries = 0;
    for (let second = 0; second < 3_600; second += 1) {
      bench.nowMs += 1_000;
      bench.fold.take({ records: [bench.writer.record([], bench.nowMs - 2_000)] });
      const range = { fromMs: floorTo(bench.nowMs - 2 * HOUR_MS, MINUTE_MS), toMs: bench.nowMs };
      await bench.fold.readers(SUBJECT, undefined).read(scan, range);
    }
    assert.ok(bench.store.queries <= 5, `${String(bench.store.queries)} queries in an hour`);
  });
});
