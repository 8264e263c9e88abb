import type { FactId } from '@lumina/contracts';
import type { Operator } from '../../../timestream/sql/ast.ts';
import type { TimeRange } from '../time/range.ts';
import type { Membership } from './membership.ts';

/**
 * A scan is the unit that is read, cached, folded and merged: which rows of one kind of fact, which parts of them, in
 * which groups and native bins. It holds no range and no tenant: a reader is made for one tenant and asked for ranges. All
 * of it is plain data, so that {@link scanKey} can name it and so that rows of the live tail can be held against it.
 */
export type Scan = SumScan | PeakScan | LevelScan | SliceScan | StockScan | BeatScan;

/** Width of a scan's buckets in ms; buckets begin at multiples of it since the epoch. */
interface Binned {
  readonly binMs: number;
}

/** Rows of one fact. `where` is ANDed: scope and those filters that the store applies. */
interface Selected extends Binned {
  readonly fact: FactId;
  readonly where: readonly Membership[];
}

/** Additive parts, summed (or maximised, as each term says) per bucket and group. */
export interface SumScan extends Selected {
  readonly kind: 'sum';
  readonly groupBy: readonly string[];
  readonly terms: readonly Term[];
}

/** The largest per-slot sums of sampled levels. Never rolled up over groups: the peak of a total is not a sum of peaks. */
export interface PeakScan extends Selected {
  readonly kind: 'peak';
  readonly groupBy: readonly string[];
  /** Each is summed over the series of a slot before slots are compared. */
  readonly levels: readonly (readonly string[])[];
}

/** Of each snapshot part the newest complete sample of the bucket: beat and series. */
export interface LevelScan extends Selected {
  readonly kind: 'level';
  readonly columns: readonly string[];
}

/** Slices of agent state as they are, for where they must be clipped. One bucket is a quarter of an hour. */
export interface SliceScan extends Selected {
  readonly kind: 'slice';
  readonly groupBy: readonly string[];
}

/** What a level is rebuilt from, minute by minute: newest samples, and flows weighted by what remains of the minute. */
export interface StockScan extends Selected {
  readonly kind: 'stock';
  readonly column: string;
  readonly inflows: readonly FactId[];
  readonly outflows: readonly FactId[];
}

/** When each snapshot part last beat in the first slot of a minute, which is when open slices are extended. */
export interface BeatScan extends Selected {
  readonly kind: 'beat';
}

/** A condition on one measure of a row. */
export interface Condition {
  readonly column: string;
  readonly op: Operator;
  readonly value: number | string;
}

/** One additive part: a column, possibly times another, over the rows that meet some conditions; null counts nothing. */
export interface Term {
  readonly aggregate: 'sum' | 'max';
  readonly column: string;
  readonly times?: string | undefined;
  readonly where: readonly Condition[];
}

/** What one group adds up to in one bucket: raw integers, in the order of the scan's terms or levels. */
export interface GroupCell {
  readonly group: readonly string[];
  readonly values: readonly number[];
}

/** One series at a beat. A measure that the row lacks is undefined. */
export interface LevelRow {
  readonly slotMs: number;
  readonly part: string;
  readonly series: string;
  readonly values: readonly (number | undefined)[];
}

/** One part's complete sample: every series that is not in `rows` is 0. */
export interface Sample {
  readonly slotMs: number;
  readonly part: string;
  readonly atMs: number;
  readonly intervalMs: number;
  readonly rows: readonly LevelRow[];
}

/** A stretch of one agent's time in one state; it never crosses a quarter of an hour. */
export interface Slice {
  readonly startMs: number;
  readonly ms: number;
  readonly state: string;
  readonly group: readonly string[];
}

/** A series' newest level in one minute and part; the beat's own series is the proof of the sample. */
export interface MinuteLevel {
  readonly minuteMs: number;
  readonly part: string;
  readonly series: string;
  readonly slotMs: number;
  readonly level: number;
}

/** What flowed in one minute; given once per part that beat in it, with the flow after that part's last beat. */
export interface MinuteFlow {
  readonly minuteMs: number;
  readonly series: string;
  readonly fact: string;
  readonly part: string | undefined;
  readonly n: number;
  /** Sum of n * (end of the minute - instant of the flow). */
  readonly weightedMs: number;
  readonly afterBeat: number;
}

/** All that one minute of a stock is made of. */
export interface StockMinute {
  readonly levels: readonly MinuteLevel[];
  readonly flows: readonly MinuteFlow[];
}

/** When a part last beat. */
export interface Beat {
  readonly part: string;
  readonly atMs: number;
}

interface RowByKind {
  readonly sum: GroupCell;
  readonly peak: GroupCell;
  readonly level: Sample;
  readonly slice: Slice;
  readonly stock: StockMinute;
  readonly beat: Beat;
}

/** What the buckets of a scan hold. */
export type RowOf<S extends Scan> = RowByKind[S['kind']];

/**
 * The buckets of a scan over a range, by their start. A bucket that is absent holds nothing: no row, no beat. A bucket that
 * the range cuts holds only what lies inside (bounds are whole seconds), so whoever keeps buckets must ask for whole
 * ones, and cut ends by the same scan with narrower bins. Everything in it is JSON.
 */
export type PartBuckets<S extends Scan> = ReadonlyMap<number, readonly RowOf<S>[]>;

/** What a reader did for the answer so far. */
export interface ReadAccount {
  readonly state: 'hit' | 'partial' | 'miss';
  /** Queries sent to the store. */
  readonly fetched: number;
}

/**
 * Reads scans for one verified tenant and scope. The seam between metrics and whatever holds their parts: the store, a
 * cache of closed buckets before it, a fold of the live tail on top. Whatever it is, `read` gives what the store would.
 */
export interface ScanReader {
  read: <S extends Scan>(scan: S, range: TimeRange) => Promise<PartBuckets<S>>;
  /** Arrival of the newest stored event, or undefined when there was none in memory. */
  watermark: (nowMs: number) => Promise<number | undefined>;
  account: () => ReadAccount;
}

/** For whom a reader reads. A cache's keys begin with all of it. */
export interface ScanSubject {
  readonly territoryId: number;
  readonly regionId: number | undefined;
  /** Names the row scope; its predicates are already in each scan's `where`. */
  readonly scopeKey: string;
}

/** Makes the reader of one request. `signal` ends what nobody waits for any more. */
export type ScanReaderFactory = (subject: ScanSubject, signal: AbortSignal | undefined) => ScanReader;

/** Names a scan: equal for scans that read the same, different else; no range, no tenant. */
export function scanKey(scan: Scan): string {
  return keyOf(scan);
}

/** Names a term. */
export function termKey(term: Term): string {
  return keyOf(term);
}

// Scans and terms never change, and are asked for their names again and again.
const keys = new WeakMap<object, string>();

function keyOf(value: Scan | Term): string {
  const key = keys.get(value) ?? canonical(value);
  keys.set(value, key);
  return key;
}

/** JSON whose object keys are in order, so that equal data has equal text. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
