import type { FactId } from '@lumina/contracts';
import { StoreError } from '../../../timestream/port.ts';
import { mergeBuckets, widenBuckets } from '../scans/part-buckets.ts';
import { scanKey } from '../scans/scan.ts';
import type {
  PartBuckets,
  ReadAccount,
  Scan,
  ScanReader,
  ScanReaderFactory,
  ScanSubject,
  Slice,
  SliceScan,
} from '../scans/scan.ts';
import { HOUR_MS, QUARTER_MS, SECOND_MS, ceilTo, floorTo } from '../time/grid.ts';
import type { TimeRange } from '../time/range.ts';
import { Extent } from './extent.ts';
import type { ExtentSource } from './extent.ts';
import { Flight } from './flight.ts';
import { emptyHolding } from './holding.ts';
import type { Holding } from './holding.ts';
import { Unsettled } from './unsettled.ts';

/** What a cache needs. */
export interface ExtentCacheOptions {
  /** Reads the store. */
  readonly inner: ScanReaderFactory;
  readonly clock?: () => number;
  /** Buckets that ended less than this ago are read each time: rows still arrive in them. */
  readonly lateWindowMs?: number;
  /** Most memory of all buckets, roughly, in bytes. */
  readonly maxWeight?: number;
  /** Without announcements of late rows nothing is held for longer than this. */
  readonly maxAgeMs?: number;
  /** How long an answer for the same instant stands: viewers who ask within it share it. */
  readonly shareMs?: number;
  /** A stored row may take this long to be seen by readers. */
  readonly settleMs?: number;
}

const LATE_WINDOW_MS = 120_000;
const MAX_WEIGHT = 256_000_000;
const MAX_AGE_MS = 30_000;
const SHARE_MS = 10_000;
const SETTLE_MS = 1_000;
/** A throttled store is left alone for this long; whoever asks meanwhile is told at once. */
const THROTTLED_MS = 1_000;
/** Bins at least so wide are cut from an hour of narrower ones, others from a quarter. */
const WIDE_BIN_MS = 300_000;
/** Widths in which the cut end of a range is read, widest first. */
const FINE_BINS_MS = [900_000, 300_000, 60_000, 10_000, 1_000];

/**
 * Holds closed buckets of parts before the store: per territory and scope, per scan. Only what is missing is read, what
 * several want at once is read once, and what the live tail announces as late is read again. Everything it answers equals
 * what the store would answer at the moment it was read.
 */
export class ExtentCache {
  readonly #inner: ScanReaderFactory;
  readonly #clock: () => number;
  readonly #lateWindowMs: number;
  readonly #maxWeight: number;
  readonly #maxAgeMs: number;
  readonly #shareMs: number;
  readonly #unsettled: Unsettled;
  readonly #holdings = new Map<string, Holding>();
  #isAnnounced = false;

  constructor(options: ExtentCacheOptions) {
    this.#inner = options.inner;
    this.#clock = options.clock ?? Date.now;
    this.#lateWindowMs = options.lateWindowMs ?? LATE_WINDOW_MS;
    this.#maxWeight = options.maxWeight ?? MAX_WEIGHT;
    this.#maxAgeMs = options.maxAgeMs ?? MAX_AGE_MS;
    this.#shareMs = options.shareMs ?? SHARE_MS;
    this.#unsettled = new Unsettled(options.settleMs ?? SETTLE_MS, this.#clock);
  }

  /** Makes the reader of one request. */
  readonly readers: ScanReaderFactory = (subject, signal) => {
    const holding = this.#holdingOf(subject);
    const account = { held: 0, fetched: 0 };
    return {
      read: (scan, range) => this.#read({ subject, holding, signal, account }, scan, range),
      watermark: (nowMs) => this.#watermark({ subject, holding, signal, account }, nowMs),
      account: (): ReadAccount => ({
        state: account.fetched === 0 ? 'hit' : account.held > 0 ? 'partial' : 'miss',
        fetched: account.fetched,
      }),
    };
  };

  /** Late rows are announced from now on; before, everything is read again after a while. */
  set isAnnounced(isAnnounced: boolean) {
    // What was read while nobody announced anything may lack what arrived since.
    if (isAnnounced !== this.#isAnnounced) this.clear();
    this.#isAnnounced = isAnnounced;
  }

  /** A row of a fact has been stored: whatever holds its bucket reads it again. */
  announce(territoryId: number, fact: FactId, timeMs: number): void {
    this.#unsettled.noteRow(territoryId, fact, timeMs);
    for (const holding of this.#holdings.values()) {
      if (holding.territoryId !== territoryId) continue;
      for (const extent of holding.extents.values())
        if (reads(extent.scan, fact)) extent.forget({ fromMs: timeMs, toMs: timeMs + 1 });
      for (const [key, { scan }] of holding.shared) if (reads(scan, fact)) holding.shared.delete(key);
    }
  }

  /** Rows of a stretch were written behind our back: nothing of it is held any longer. */
  forget(territoryId: number, stretch: TimeRange): void {
    this.#unsettled.noteStretch(territoryId, stretch);
    for (const holding of this.#holdings.values()) {
      if (holding.territoryId !== territoryId) continue;
      for (const extent of holding.extents.values()) extent.forget(stretch);
      holding.shared.clear();
    }
  }

  /** Forgets everything; what was stored a moment ago without a word may not be seen yet. */
  clear(): void {
    this.#unsettled.noteAll();
    this.#holdings.clear();
  }

  #holdingOf({ territoryId, regionId, scopeKey }: ScanSubject): Holding {
    const key = `${String(territoryId)}|${String(regionId)}|${scopeKey}`;
    const known = this.#holdings.get(key);
    const holding = known ?? emptyHolding(territoryId);
    this.#holdings.set(key, holding);
    return holding;
  }

  async #read<S extends Scan>(request: Request, scan: S, range: TimeRange): Promise<PartBuckets<S>> {
    if (range.fromMs >= range.toMs) return new Map();
    const { binMs } = scan;
    const settledMs = this.#clock() - this.#lateWindowMs;
    const isPast = range.toMs <= settledMs;
    const wholeMs = ceilTo(range.fromMs, binMs);
    const closedMs = floorTo(isPast ? range.toMs : settledMs, binMs);
    if (closedMs < wholeMs) {
      return isPast ? this.#readCut(request, scan, range) : this.#readOpen(request, scan, range);
    }
    const end = { fromMs: closedMs, toMs: range.toMs };
    const parts = await Promise.all([
      this.#readCut(request, scan, { fromMs: range.fromMs, toMs: wholeMs }),
      this.#readClosed(request, scan, { fromMs: wholeMs, toMs: closedMs }),
      isPast ? this.#readCut(request, scan, end) : this.#readOpen(request, scan, end),
    ]);
    return parts.reduce((left, right) => mergeBuckets(scan, left, right));
  }

  /** A cut bucket, from narrower ones that serve as the range moves on. */
  async #readCut<S extends Scan>(request: Request, scan: S, range: TimeRange): Promise<PartBuckets<S>> {
    if (range.fromMs >= range.toMs) return new Map();
    // The store tells no rows of one second apart either.
    const cut = { fromMs: floorTo(range.fromMs, SECOND_MS), toMs: ceilTo(range.toMs, SECOND_MS) };
    if (scan.kind === 'slice') return this.#readCutSlices(request, scan, cut) as Promise<PartBuckets<S>>;
    const fineMs = FINE_BINS_MS.find(
      (ms) => ms < scan.binMs && scan.binMs % ms === 0 && cut.fromMs % ms === 0 && cut.toMs % ms === 0,
    );
    if (fineMs === undefined || !isWidened(scan)) return this.#readOpen(request, scan, range);
    const fine = { ...scan, binMs: fineMs };
    // More than is needed now: the range moves on, and each step would be a query of its own.
    const chunkMs = scan.binMs >= WIDE_BIN_MS ? HOUR_MS : QUARTER_MS;
    const settledMs = floorTo(this.#clock() - this.#lateWindowMs, fineMs);
    const ahead = { fromMs: cut.fromMs, toMs: Math.max(cut.toMs, Math.min(ceilTo(cut.toMs, chunkMs), settledMs)) };
    const found = await this.#readClosed(request, fine, ahead, cut);
    return widenBuckets<Widened>(fine, found, scan.binMs) as ReadonlyMap<number, readonly unknown[]> as PartBuckets<S>;
  }

  /** Slices lie whole in their quarter: a cut one is a whole one less what begins outside. */
  async #readCutSlices(request: Request, scan: SliceScan, cut: TimeRange): Promise<PartBuckets<SliceScan>> {
    const whole = { fromMs: floorTo(cut.fromMs, scan.binMs), toMs: ceilTo(cut.toMs, scan.binMs) };
    if (whole.toMs > this.#clock() - this.#lateWindowMs) return this.#readOpen(request, scan, cut);
    const found = await this.#readClosed(request, scan, whole);
    const isInside = ({ startMs }: Slice): boolean => startMs >= cut.fromMs && startMs < cut.toMs;
    return new Map([...found].map(([startMs, slices]) => [startMs, slices.filter(isInside)]));
  }

  /** Whole buckets of a range; `wanted` are those that the caller takes, if not all. */
  async #readClosed<S extends Scan>(
    request: Request,
    scan: S,
    range: TimeRange,
    wanted = range,
  ): Promise<PartBuckets<S>> {
    if (range.fromMs >= range.toMs) return new Map();
    const extent = this.#extentOf(request.holding, scan);
    const isHeld = extent.holds(wanted);
    if (isHeld || extent.holdsPartOf(wanted)) request.account.held += 1;
    const asked = isHeld ? wanted : range;
    const source: ExtentSource<S> = {
      read: (span, signal) => this.#fetch(request, scan, span, signal),
      unsettled: () => this.#unsettled.spansOf(request.holding.territoryId, (fact) => reads(scan, fact)),
    };
    const found = await extent.read(asked, source, request.signal);
    this.#trim();
    const own = [...found].filter(([startMs]) => startMs >= wanted.fromMs && startMs < wanted.toMs);
    // One key names one scan, hence one kind of row.
    return new Map(own) as ReadonlyMap<number, readonly unknown[]> as PartBuckets<S>;
  }

  /** What still changes is read each time, but once for all who want the same of the same instant. */
  async #readOpen<S extends Scan>(request: Request, scan: S, range: TimeRange): Promise<PartBuckets<S>> {
    if (range.fromMs >= range.toMs) return new Map();
    const { shared } = request.holding;
    const nowMs = this.#clock();
    for (const [key, { untilMs }] of shared) if (untilMs <= nowMs) shared.delete(key);
    const key = `${String(range.fromMs)}-${String(range.toMs)} ${scanKey(scan)}`;
    let known = shared.get(key);
    if (known === undefined || known.flight.isGivenUp) {
      const flight = new Flight((signal) => this.#fetch(request, scan, range, signal));
      const settledMs = this.#unsettled.untilMs(request.holding.territoryId, (fact) => reads(scan, fact), range);
      known = { scan, untilMs: Math.min(nowMs + this.#shareMs, settledMs ?? Infinity), flight };
      shared.set(key, known);
      const own = known;
      flight.result.catch(() => {
        // A failure is nobody's answer for longer than it takes.
        if (shared.get(key) === own) shared.delete(key);
      });
    } else request.account.held += 1;
    return (await known.flight.join(request.signal)) as PartBuckets<S>;
  }

  /** Asked once for all who ask about the same instant. */
  async #watermark(request: Request, nowMs: number): Promise<number | undefined> {
    const { holding, signal } = request;
    if (holding.watermark?.atMs !== nowMs || holding.watermark.flight.isGivenUp) {
      const read = (reader: ScanReader): Promise<number | undefined> => reader.watermark(nowMs);
      const flight = new Flight((given) => this.#counted(request, given, read));
      holding.watermark = { atMs: nowMs, flight };
    }
    return holding.watermark.flight.join(signal);
  }

  #fetch<S extends Scan>(request: Request, scan: S, span: TimeRange, signal: AbortSignal): Promise<PartBuckets<S>> {
    return this.#counted(request, signal, (reader) => reader.read(scan, span));
  }

  /** Reads the store for a request, unless it has just asked to be left alone. */
  async #counted<T>(request: Request, signal: AbortSignal, read: (reader: ScanReader) => Promise<T>): Promise<T> {
    const { subject, holding, account } = request;
    if (holding.throttled !== undefined && holding.throttled.untilMs > this.#clock()) throw holding.throttled.error;
    const reader = this.#inner(subject, signal);
    try {
      return await read(reader);
    } catch (error) {
      if (error instanceof StoreError && error.code === 'store_throttled')
        holding.throttled = { error, untilMs: this.#clock() + THROTTLED_MS };
      throw error;
    } finally {
      account.fetched += reader.account().fetched;
    }
  }

  #extentOf(holding: Holding, scan: Scan): Extent<Scan> {
    const key = scanKey(scan);
    const nowMs = this.#clock();
    let extent = holding.extents.get(key);
    const isTooOld = extent !== undefined && !this.#isAnnounced && nowMs - extent.bornMs >= this.#maxAgeMs;
    if (extent === undefined || isTooOld) {
      extent = new Extent<Scan>(scan, nowMs);
      holding.extents.set(key, extent);
    }
    extent.usedMs = nowMs;
    return extent;
  }

  /** Lets go of what nobody has asked for longest. */
  #trim(): void {
    const all = [...this.#holdings.values()].flatMap(({ extents }) =>
      [...extents].map(([key, extent]) => ({ extents, key, extent })),
    );
    let weight = all.reduce((sum, { extent }) => sum + extent.weight, 0);
    if (weight <= this.#maxWeight) return;
    for (const { extents, key, extent } of all.sort((a, b) => a.extent.usedMs - b.extent.usedMs)) {
      if (weight <= this.#maxWeight) return;
      if (extent.isReading) continue;
      extents.delete(key);
      weight -= extent.weight;
    }
  }
}

/** One reader's doing. */
interface Request {
  readonly subject: ScanSubject;
  readonly holding: Holding;
  readonly signal: AbortSignal | undefined;
  readonly account: { held: number; fetched: number };
}

function reads(scan: Scan, fact: FactId): boolean {
  if (scan.fact === fact) return true;
  return scan.kind === 'stock' && [...scan.inflows, ...scan.outflows].includes(fact);
}

type Widened = Exclude<Scan, { readonly kind: 'slice' | 'stock' }>;

/** Slices and stocks have one width. */
function isWidened(scan: Scan): scan is Widened {
  return scan.kind !== 'slice' && scan.kind !== 'stock';
}
