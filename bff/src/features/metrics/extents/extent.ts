import type { PartBuckets, RowOf, Scan } from '../scans/scan.ts';
import { ceilTo, floorTo } from '../time/grid.ts';
import type { TimeRange } from '../time/range.ts';
import { Flight } from './flight.ts';
import { bridged, missingFrom, withoutSpan, withSpan } from './spans.ts';
import type { Spans } from './spans.ts';

/** Gaps of a scan that are so few buckets apart are read at once. */
const NEAR_BUCKETS = 4;

/** A read under way. */
interface Reading {
  readonly span: TimeRange;
  /** Buckets that changed while they were read: the result may lack the change. */
  dirty: Spans;
  /** Buckets that had changed so shortly before that the store may not have shown it: good for now, not to be kept. */
  readonly unsettled: Spans;
}

/** Who waits for a read, and for which of its buckets. */
interface Share<S extends Scan> {
  readonly flight: Flight<PartBuckets<S>>;
  readonly spans: Spans;
}

/** How an extent reads what it does not hold. */
export interface ExtentSource<S extends Scan> {
  readonly read: (span: TimeRange, signal: AbortSignal) => Promise<PartBuckets<S>>;
  /** What has changed and may not be seen by a reader yet. */
  readonly unsettled: () => Spans;
}

/** What is held of one scan: whole buckets, each as the store had it after everything that was announced so far. */
export class Extent<S extends Scan> {
  readonly scan: S;
  readonly bornMs: number;
  usedMs: number;
  /** What the buckets weigh, roughly in bytes. */
  weight = 0;
  readonly #buckets = new Map<number, readonly RowOf<S>[]>();
  readonly #readings = new Map<Reading, Flight<PartBuckets<S>>>();
  #held: Spans = [];

  constructor(scan: S, nowMs: number) {
    this.scan = scan;
    this.bornMs = nowMs;
    this.usedMs = nowMs;
  }

  get isReading(): boolean {
    return this.#readings.size > 0;
  }

  /** Whether nothing of a range need be read. */
  holds(range: TimeRange): boolean {
    return missingFrom(this.#held, range).length === 0;
  }

  /** Whether some of a range need not be read. */
  holdsPartOf(range: TimeRange): boolean {
    return lengthOf(missingFrom(this.#held, range)) < range.toMs - range.fromMs;
  }

  /** Reads a range of whole buckets: what is held, what others are reading, and the rest from the source. */
  async read(
    range: TimeRange,
    source: ExtentSource<S>,
    signal: AbortSignal | undefined,
  ): Promise<Map<number, readonly RowOf<S>[]>> {
    const found = new Map<number, readonly RowOf<S>[]>();
    collect(this.#buckets, [range], found);
    const { shares, gaps } = this.#sharesOf(missingFrom(this.#held, range));
    for (const span of bridged(gaps, NEAR_BUCKETS * this.scan.binMs)) {
      const own = gaps.filter(({ fromMs, toMs }) => fromMs >= span.fromMs && toMs <= span.toMs);
      shares.push({ flight: this.#begin(span, source), spans: own });
    }
    await Promise.all(
      shares.map(async ({ flight, spans }) => {
        collect(await flight.join(signal), spans, found);
      }),
    );
    return found;
  }

  /** The buckets of a stretch have changed in the store: they are read again when they are next asked for. */
  forget(stretch: TimeRange): void {
    const { binMs } = this.scan;
    const span = this.#bucketsOf(stretch);
    for (const reading of this.#readings.keys()) reading.dirty = withSpan(reading.dirty, span);
    if (lengthOf(missingFrom(this.#held, span)) === span.toMs - span.fromMs) return;
    for (let startMs = span.fromMs; startMs < span.toMs; startMs += binMs) this.#drop(startMs);
    this.#held = withoutSpan(this.#held, span);
  }

  /** The whole buckets that a stretch touches. */
  #bucketsOf({ fromMs, toMs }: TimeRange): TimeRange {
    const { binMs } = this.scan;
    return { fromMs: floorTo(fromMs, binMs), toMs: ceilTo(toMs, binMs) };
  }

  /** What reads under way will answer of some gaps, and what then remains of them. */
  #sharesOf(wanted: Spans): { shares: Share<S>[]; gaps: Spans } {
    const shares: Share<S>[] = [];
    let gaps = wanted;
    for (const [{ span, dirty }, flight] of this.#readings) {
      if (flight.isGivenUp) continue;
      const clean = missingFrom(dirty, span);
      const left = gaps.flatMap((gap) => missingFrom(clean, gap));
      const spans = gaps.flatMap((gap) => missingFrom(left, gap));
      if (spans.length > 0) shares.push({ flight, spans });
      gaps = left;
    }
    return { shares, gaps };
  }

  #begin(span: TimeRange, { read, unsettled }: ExtentSource<S>): Flight<PartBuckets<S>> {
    const whole = unsettled().map((changed) => this.#bucketsOf(changed));
    const reading: Reading = { span, dirty: [], unsettled: whole.reduce<Spans>(withSpan, []) };
    const flight = new Flight(async (signal) => {
      try {
        const buckets = await read(span, signal);
        this.#keep(reading, buckets);
        return buckets;
      } finally {
        this.#readings.delete(reading);
      }
    });
    this.#readings.set(reading, flight);
    return flight;
  }

  #keep({ span, dirty, unsettled }: Reading, buckets: PartBuckets<S>): void {
    for (const clean of missingFrom(unsettled.reduce<Spans>(withSpan, dirty), span)) {
      this.#held = withSpan(this.#held, clean);
      for (const [startMs, rows] of buckets) {
        if (startMs < clean.fromMs || startMs >= clean.toMs) continue;
        this.#drop(startMs);
        this.#buckets.set(startMs, rows);
        this.weight += weightOf(rows);
      }
    }
  }

  #drop(startMs: number): void {
    const rows = this.#buckets.get(startMs);
    if (rows === undefined) return;
    this.weight -= weightOf(rows);
    this.#buckets.delete(startMs);
  }
}

function collect<S extends Scan>(buckets: PartBuckets<S>, spans: Spans, into: Map<number, readonly RowOf<S>[]>): void {
  for (const [startMs, rows] of buckets) {
    if (spans.some(({ fromMs, toMs }) => startMs >= fromMs && startMs < toMs)) into.set(startMs, rows);
  }
}

function lengthOf(spans: Spans): number {
  return spans.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
}

const ITEM_WEIGHT = 16;

/** Roughly the memory of plain data, in bytes. */
function weightOf(value: unknown): number {
  if (typeof value === 'string') return ITEM_WEIGHT + value.length;
  if (typeof value !== 'object' || value === null) return ITEM_WEIGHT;
  return Object.values(value).reduce((sum: number, part) => sum + weightOf(part), 2 * ITEM_WEIGHT);
}
