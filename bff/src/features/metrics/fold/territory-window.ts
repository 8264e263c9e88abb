import type { FactId } from '@lumina/contracts';
import { widenBuckets } from '../scans/part-buckets.ts';
import { scanKey } from '../scans/scan.ts';
import type { PartBuckets, RowOf, Scan } from '../scans/scan.ts';
import { MINUTE_MS, floorTo } from '../time/grid.ts';
import type { TimeRange } from '../time/range.ts';
import { evaluateScan } from './evaluate-scan.ts';
import type { VersionedRow } from './fact-key.ts';
import type { FactRow } from './fact-row.ts';
import { FactRows } from './fact-rows.ts';

/** A kind of fact that is being read for the first time: what the tail tells meanwhile waits here. */
interface Seeding {
  readonly told: VersionedRow[];
}

interface Memo {
  readonly facts: readonly FactId[];
  usedMs: number;
  readonly minutes: Map<number, PartBuckets<Scan>>;
}

/** Minutes of scans that nobody asks for any more are let go of after this. */
const MEMO_UNUSED_MS = 300_000;

/** The facts that a scan reads. */
export function factsOf(scan: Scan): readonly FactId[] {
  return scan.kind === 'stock' ? [scan.fact, ...scan.inflows, ...scan.outflows] : [scan.fact];
}

/** The recent rows of one territory, as far as somebody asks for them, and what scans find among them, by the minute. */
export class TerritoryWindow {
  readonly territoryId: number;
  readonly regionId: number | undefined;
  usedMs: number;
  readonly #facts = new Map<FactId, FactRows | Seeding>();
  readonly #memos = new Map<string, Memo>();
  #fromMs: number;

  constructor(territoryId: number, regionId: number | undefined, fromMs: number, nowMs: number) {
    this.territoryId = territoryId;
    this.regionId = regionId;
    this.#fromMs = fromMs;
    this.usedMs = nowMs;
  }

  /** Its rows are complete from here on. */
  get fromMs(): number {
    return this.#fromMs;
  }

  /** How many rows it holds. */
  get size(): number {
    return [...this.#facts.values()].reduce((sum, held) => sum + (held instanceof FactRows ? held.size : 0), 0);
  }

  /** Whether a scan can be answered; the facts that it lacks besides and that nobody is reading yet. */
  has(scan: Scan): { readonly isWhole: boolean; readonly lacking: readonly FactId[] } {
    const facts = factsOf(scan);
    return {
      isWhole: facts.every((fact) => this.#facts.get(fact) instanceof FactRows),
      lacking: facts.filter((fact) => !this.#facts.has(fact)),
    };
  }

  /** From now on what the tail tells of a fact is remembered, until {@link seed} brings what was stored before. */
  beginSeed(fact: FactId): void {
    this.#facts.set(fact, { told: [] });
  }

  /** Brings the stored rows of a fact. @returns false when the tail has told what only a further reading can settle. */
  seed(fact: FactId, stored: readonly VersionedRow[]): boolean {
    const seeding = this.#facts.get(fact);
    if (seeding === undefined || seeding instanceof FactRows) return true;
    const rows = new FactRows(fact);
    for (const row of stored) rows.apply(row);
    const isClear = seeding.told.every((row) => rows.apply(row) !== 'unclear');
    rows.trim(this.#fromMs);
    if (isClear) this.#facts.set(fact, rows);
    else this.#facts.delete(fact);
    // Minutes that were remembered when the fact was last held know nothing of what was told in between.
    for (const memo of this.#memos.values()) if (memo.facts.includes(fact)) memo.minutes.clear();
    return isClear;
  }

  /** The reading of a fact failed: whoever asks next begins anew. */
  abandonSeed(fact: FactId): void {
    if (!(this.#facts.get(fact) instanceof FactRows)) this.#facts.delete(fact);
  }

  /** Takes what the tail tells. Where only the store can say which row is the newer, the fact is read anew. */
  apply(given: VersionedRow): void {
    const { fact, timeMs } = given.row;
    const held = this.#facts.get(fact);
    if (held === undefined) return;
    if (!(held instanceof FactRows)) {
      held.told.push(given);
      return;
    }
    if (timeMs < this.#fromMs) return;
    const applied = held.apply(given);
    if (applied === 'unchanged') return;
    if (applied === 'unclear') this.#facts.delete(fact);
    for (const { facts, minutes } of this.#memos.values()) {
      if (facts.includes(fact)) minutes.delete(floorTo(timeMs, MINUTE_MS));
    }
  }

  /** Answers a scan over a range that begins no earlier than the window. */
  read<S extends Scan>(scan: S, range: TimeRange, nowMs: number): PartBuckets<S> {
    // Slices have one width; which of them begin in a minute is remembered all the same.
    const fine = scan.kind === 'slice' ? scan : { ...scan, binMs: Math.min(scan.binMs, MINUTE_MS) };
    const memo = this.#memoOf(fine, nowMs);
    const found = new Map<number, RowOf<S>[]>();
    for (let minuteMs = floorTo(range.fromMs, MINUTE_MS); minuteMs < range.toMs; minuteMs += MINUTE_MS) {
      for (const [startMs, rows] of this.#minute(memo, fine, minuteMs, range)) {
        const known = found.get(startMs);
        if (known === undefined) found.set(startMs, [...rows]);
        else for (const row of rows) known.push(row);
      }
    }
    if (scan.binMs === fine.binMs || scan.kind === 'stock') return found;
    return widenBuckets(fine as never, found as never, scan.binMs) as ReadonlyMap<
      number,
      readonly unknown[]
    > as PartBuckets<S>;
  }

  /** Lets go of what lies before an instant, from which the database answers. */
  trim(fromMs: number, nowMs: number): void {
    this.#fromMs = fromMs;
    for (const held of this.#facts.values()) if (held instanceof FactRows) held.trim(fromMs);
    for (const [key, { usedMs, minutes }] of this.#memos) {
      if (nowMs - usedMs > MEMO_UNUSED_MS) this.#memos.delete(key);
      else for (const minuteMs of minutes.keys()) if (minuteMs < fromMs) minutes.delete(minuteMs);
    }
  }

  /** One minute of a scan; whole minutes are remembered until a row of theirs changes. */
  #minute<S extends Scan>(memo: Memo, scan: S, minuteMs: number, range: TimeRange): PartBuckets<S> {
    const whole = { fromMs: minuteMs, toMs: minuteMs + MINUTE_MS };
    const isWhole = range.fromMs <= whole.fromMs && range.toMs >= whole.toMs;
    if (!isWhole) {
      const cut = { fromMs: Math.max(range.fromMs, whole.fromMs), toMs: Math.min(range.toMs, whole.toMs) };
      return evaluateScan(scan, this.#rowsOf(scan, whole), cut);
    }
    const known = memo.minutes.get(minuteMs) ?? evaluateScan(scan, this.#rowsOf(scan, whole), whole);
    memo.minutes.set(minuteMs, known);
    // One key names one scan, hence one kind of row.
    return known as ReadonlyMap<number, readonly unknown[]> as PartBuckets<S>;
  }

  #rowsOf(scan: Scan, { fromMs, toMs }: TimeRange): FactRow[] {
    const rows: FactRow[] = [];
    for (const fact of factsOf(scan)) {
      const held = this.#facts.get(fact);
      if (!(held instanceof FactRows)) continue;
      for (let minuteMs = floorTo(fromMs, MINUTE_MS); minuteMs < toMs; minuteMs += MINUTE_MS)
        rows.push(...held.minute(minuteMs));
    }
    return rows;
  }

  #memoOf(scan: Scan, nowMs: number): Memo {
    const key = scanKey(scan);
    const memo = this.#memos.get(key) ?? { facts: factsOf(scan), usedMs: nowMs, minutes: new Map() };
    memo.usedMs = nowMs;
    this.#memos.set(key, memo);
    return memo;
  }
}
