import { setTimeout as delay } from 'node:timers/promises';
import { PLATFORM_TERRITORY_ID } from '@lumina/contracts';
import type { Fact, FactId, RewrittenStretch } from '@lumina/contracts';
import type { TailBatch, TailFollower } from '../../../live-tail/live-tail.ts';
import { TailHealth } from '../../../live-tail/tail-health.ts';
import type { ExtentCache } from '../extents/extent-cache.ts';
import { mergeBuckets } from '../scans/part-buckets.ts';
import type { Scan, ScanReader, ScanReaderFactory, ScanSubject } from '../scans/scan.ts';
import { QUARTER_MS, floorTo } from '../time/grid.ts';
import type { TimeRange } from '../time/range.ts';
import { factIdOf, rowOfFact } from './fact-key.ts';
import type { VersionedRow } from './fact-key.ts';
import { TerritoryWindow } from './territory-window.ts';

/** What a fold needs. */
export interface LiveFoldOptions {
  /** Answers for everything that is not in memory, and is told of every stored row. */
  readonly cache: ExtentCache;
  /** Reads the stored rows of a fact, whatever the scope. */
  readonly readRows: (subject: ScanSubject, fact: FactId, range: TimeRange) => Promise<readonly VersionedRow[]>;
  /** A reading that failed; the next who asks tries again. */
  readonly onFailure: (error: unknown) => void;
  readonly clock?: () => number;
  /** A stored row may take this long to be seen by readers. */
  readonly settleMs?: number;
  /** Most rows in memory, of all territories. */
  readonly maxRows?: number;
}

const SETTLE_MS = 1_000;
const MAX_ROWS = 1_000_000;
/** A window that nobody asks for is let go of after this. */
const UNUSED_MS = 120_000;
/** So far back at least a window reaches; it begins with a whole quarter of an hour, as slices of state do. */
const REACH_MS = QUARTER_MS;
/** Rows may lie so far ahead. */
const AHEAD_MS = QUARTER_MS;
/** A switch sends a snapshot every ten seconds even when nobody calls: one that has sent nothing for longer is silent. */
const SILENCE_MS = 12_000;

/**
 * Answers live questions from memory: the rows of the last quarter of an hour or two, kept up to date by the live tail, in
 * front of the cache of closed buckets. Rows are kept by key at their highest version and scans are evaluated among them,
 * so that a correction takes the place of what it corrects. When a quarter of an hour leaves the window, the database is
 * asked for it, and wins. While the tail is not whole, everything is answered by the cache and the database behind it.
 */
export class LiveFold implements TailFollower {
  readonly #options: LiveFoldOptions;
  readonly #clock: () => number;
  readonly #health: TailHealth;
  readonly #windows = new Map<number, TerritoryWindow>();
  /** Arrival of the newest accepted event by territory, as the accounts tell it. */
  readonly #arrivals = new Map<number, number>();

  constructor(options: LiveFoldOptions) {
    this.#options = options;
    this.#clock = options.clock ?? Date.now;
    this.#health = new TailHealth(this.#clock);
  }

  /** Whether live questions are answered from memory now. */
  get isLive(): boolean {
    return this.#health.isLive;
  }

  /** Takes what ingestion has stored. */
  take({ records }: Pick<TailBatch, 'records'>): void {
    for (const record of records) {
      this.#health.hear(record);
      for (const fact of record.facts) this.#applyFact(fact);
      for (const stretch of record.rewritten ?? []) this.#forgetStretch(stretch);
    }
    if (this.#health.takeLoss()) this.#forget();
    this.#tellCache();
  }

  /** Makes the reader of one request. */
  readonly readers: ScanReaderFactory = (subject, signal): ScanReader => {
    this.#tellCache();
    const behind = this.#options.cache.readers(subject, signal);
    return {
      read: async (scan, range) => {
        const window = this.#windowFor(subject, scan, range);
        if (window === undefined) return behind.read(scan, range);
        const { fromMs } = window;
        const recent = window.read(scan, { fromMs: Math.max(fromMs, range.fromMs), toMs: range.toMs }, this.#clock());
        if (range.fromMs >= fromMs) return recent;
        return mergeBuckets(scan, await behind.read(scan, { fromMs: range.fromMs, toMs: fromMs }), recent);
      },
      watermark: (nowMs) => this.#watermark(subject.territoryId, () => behind.watermark(nowMs)),
      account: () => behind.account(),
    };
  };

  /** The tail may fall silent at any time, and nobody tells of silence. */
  #tellCache(): void {
    this.#options.cache.isAnnounced = this.#health.isLive;
  }

  #applyFact(fact: Fact): void {
    const id = factIdOf(fact);
    if (id === undefined) return;
    this.#noteArrival(id, fact);
    this.#options.cache.announce(fact.territoryId, id, fact.timeMs);
    this.#windows.get(fact.territoryId)?.apply(rowOfFact(id, fact));
  }

  #noteArrival(id: FactId, { territoryId, timeMs, measures }: Fact): void {
    let arrivedMs = 0;
    if (id === 'system_metrics.ingest' && territoryId === PLATFORM_TERRITORY_ID) arrivedMs = timeMs;
    // Events that were all refused are no news: a board must not look fresh because somebody sends rubbish.
    else if (id === 'system_metrics.source' && Number(measures['received']) > Number(measures['rejected']))
      arrivedMs = Number(measures['last_ms']);
    if (arrivedMs > (this.#arrivals.get(territoryId) ?? 0)) this.#arrivals.set(territoryId, arrivedMs);
  }

  /**
   * Up to when the numbers of a territory are true: as far as ingestion has come, or its last event where its sources have
   * fallen silent. Where the tail cannot say, the database is asked.
   */
  async #watermark(territoryId: number, ask: () => Promise<number | undefined>): Promise<number | undefined> {
    if (!this.#health.isLive) return ask();
    if (!this.#arrivals.has(territoryId)) {
      const stored = await ask();
      // A territory that has never sent anything is asked for once: the tail tells of its first event.
      this.#arrivals.set(territoryId, Math.max(stored ?? 0, this.#arrivals.get(territoryId) ?? 0));
    }
    const arrivedMs = this.#arrivals.get(territoryId) ?? 0;
    const watermarkMs = this.#health.watermarkMs ?? 0;
    if (arrivedMs === 0) return undefined;
    return arrivedMs < this.#clock() - SILENCE_MS ? arrivedMs : watermarkMs;
  }

  /** The window that answers the end of a range; undefined where the cache must. */
  #windowFor(subject: ScanSubject, scan: Scan, range: TimeRange): TerritoryWindow | undefined {
    if (!this.#health.isLive) return undefined;
    const nowMs = this.#clock();
    const fromMs = floorTo(nowMs - REACH_MS, QUARTER_MS);
    if (range.toMs <= fromMs || range.toMs > nowMs + AHEAD_MS) return undefined;
    this.#tidy(fromMs, nowMs);
    const window = this.#windows.get(subject.territoryId) ?? this.#open(subject, fromMs, nowMs);
    window.usedMs = nowMs;
    const { isWhole, lacking } = window.has(scan);
    for (const fact of lacking) void this.#seed(window, subject, fact);
    return isWhole ? window : undefined;
  }

  #open({ territoryId, regionId }: ScanSubject, fromMs: number, nowMs: number): TerritoryWindow {
    const window = new TerritoryWindow(territoryId, regionId, fromMs, nowMs);
    this.#windows.set(territoryId, window);
    return window;
  }

  #tidy(fromMs: number, nowMs: number): void {
    for (const [territoryId, window] of this.#windows) {
      if (nowMs - window.usedMs > UNUSED_MS) this.#windows.delete(territoryId);
      else if (window.fromMs < fromMs) window.trim(fromMs, nowMs);
    }
    let rows = [...this.#windows.values()].reduce((sum, { size }) => sum + size, 0);
    const byUse = [...this.#windows].sort(([, a], [, b]) => a.usedMs - b.usedMs);
    for (const [territoryId, { size }] of byUse) {
      if (rows <= (this.#options.maxRows ?? MAX_ROWS)) break;
      this.#windows.delete(territoryId);
      rows -= size;
    }
  }

  /** Reads the stored rows of a fact once whatever was published before can be seen, and lets the tail go on from there. */
  async #seed(window: TerritoryWindow, subject: ScanSubject, fact: FactId): Promise<void> {
    window.beginSeed(fact);
    try {
      await delay(this.#options.settleMs ?? SETTLE_MS);
      const range = { fromMs: window.fromMs, toMs: this.#clock() + AHEAD_MS };
      window.seed(fact, await this.#options.readRows(subject, fact, range));
    } catch (error) {
      window.abandonSeed(fact);
      this.#options.onFailure(error);
    }
  }

  #forgetStretch({ territoryId, ...stretch }: RewrittenStretch): void {
    this.#options.cache.forget(territoryId, stretch);
    const window = this.#windows.get(territoryId);
    if (window !== undefined && stretch.toMs > window.fromMs) this.#windows.delete(territoryId);
  }

  /** Records were lost: nothing that was built on the tail can be trusted. */
  #forget(): void {
    this.#windows.clear();
    this.#options.cache.clear();
  }
}
