import { PARTS, SLICE_CUT_MS, partDefinition } from '@lumina/contracts';
import type { FactId, PartId } from '@lumina/contracts';
import { HOUR_MS, MINUTE_MS } from '../time/grid.ts';
import type { Grid } from '../time/grid.ts';
import type { TimeRange } from '../time/range.ts';
import { accepts } from './membership.ts';
import type { Membership } from './membership.ts';
import { canonical, scanKey } from './scan.ts';
import type {
  BeatScan,
  GroupCell,
  LevelScan,
  PartBuckets,
  PeakScan,
  Sample,
  Scan,
  ScanReader,
  Slice,
  StockMinute,
  StockScan,
  Term,
} from './scan.ts';
import { cellsOf, mergeSumWants } from './sum-merge.ts';
import type { RowSelection, SumCell, SumWant } from './sum-merge.ts';

/** A part that has been silent for longer than this before the newest beat is retired, not late. */
export const RETIRED_AFTER_MS = 10 * MINUTE_MS;

const SLICE_DIMENSIONS = ['agent_id', 'team_id'];

/**
 * The scans of one request. Everything is asked for first and read afterwards, so that all widgets that read the same rows
 * share one scan. What the scan groups more finely than a want, or filters less, is settled here.
 */
export class ScanSet {
  readonly #reader: ScanReader;
  readonly #nowMs: number;
  readonly #unread = new Set<SumWant>();
  readonly #sums = new Map<SumWant, Promise<SumCell[]>>();
  readonly #peaks = new Map<string, Map<string, readonly string[]>>();
  readonly #reads = new Map<string, Promise<ReadonlyMap<number, readonly unknown[]>>>();
  readonly #asOfs = new Map<string, Promise<number | undefined>>();

  constructor(reader: ScanReader, nowMs: number) {
    this.#reader = reader;
    this.#nowMs = nowMs;
  }

  /** Asks for terms; the returned function reads them, together with all that others asked of the same rows. */
  wantSums(selection: RowSelection, terms: readonly Term[], binMs: number, range: TimeRange): () => Promise<SumCell[]> {
    const want: SumWant = { selection, terms, binMs, range };
    this.#unread.add(want);
    return async () => {
      this.#readSums();
      return (await this.#sums.get(want)) ?? [];
    };
  }

  /** Asks for the samples at the last beats of each bucket, from ten minutes before the range on, oldest first. */
  async samples(selection: RowSelection, columns: readonly string[], grid: Grid): Promise<Sample[]> {
    const all = levelColumns(selection.fact);
    const scan: LevelScan = {
      kind: 'level',
      fact: selection.fact,
      where: selection.limits,
      columns: all,
      binMs: grid.stepMs,
    };
    const fromMs = Math.min(grid.startOf(0), grid.range.fromMs) - RETIRED_AFTER_MS;
    const positions = columns.map((name) => all.indexOf(name));
    const buckets = await this.#read(scan, { fromMs, toMs: grid.range.toMs });
    return [...buckets.values()]
      .flat()
      .map((sample) => ({
        ...sample,
        rows: sample.rows
          .filter(({ series }) => isWanted(selection.filters, series))
          .map((row) => ({ ...row, values: positions.map((position) => row.values[position]) })),
      }))
      .sort((a, b) => a.slotMs - b.slotMs);
  }

  /** Asks for the largest per-slot sums of some columns. */
  wantPeaks(selection: RowSelection, columns: readonly string[], grid: Grid): () => Promise<PartBuckets<PeakScan>> {
    const base = {
      fact: selection.fact,
      where: [...selection.limits, ...selection.filters],
      groupBy: selection.groupBy,
      binMs: grid.stepMs,
    };
    const key = canonical([base, grid.range]);
    const levels = this.#peaks.get(key) ?? new Map<string, readonly string[]>();
    this.#peaks.set(key, levels.set(canonical(columns), columns));
    return async () => {
      const order = [...levels.keys()].sort();
      const scan: PeakScan = { kind: 'peak', ...base, levels: order.map((name) => levels.get(name) ?? []) };
      const at = order.indexOf(canonical(columns));
      const project = ({ group, values }: GroupCell): GroupCell => ({ group, values: [values[at] ?? 0] });
      return new Map(
        [...(await this.#read(scan, grid.range))].map(([startMs, cells]) => [startMs, cells.map(project)]),
      );
    };
  }

  /** Slices as they are, from whole quarters of an hour. */
  async slices(selection: RowSelection, range: TimeRange): Promise<Slice[]> {
    const scan: Scan = {
      kind: 'slice',
      fact: 'agent_metrics.slice',
      where: selection.limits,
      groupBy: SLICE_DIMENSIONS,
      binMs: SLICE_CUT_MS,
    };
    const buckets = await this.#read(scan, range);
    const valueOf = (slice: Slice, name: string): string =>
      name === 'state' ? slice.state : (slice.group[SLICE_DIMENSIONS.indexOf(name)] ?? '');
    return [...buckets.values()]
      .flat()
      .filter((slice) => selection.filters.every((item) => accepts(item, valueOf(slice, item.column), slice.startMs)))
      .map((slice) => ({ ...slice, group: selection.groupBy.map((name) => valueOf(slice, name)) }));
  }

  /** What a stock is rebuilt from, minute by minute. */
  async stock(
    selection: RowSelection,
    source: Pick<StockScan, 'column' | 'inflows' | 'outflows'>,
    range: TimeRange,
  ): Promise<StockMinute[]> {
    const scan: StockScan = {
      kind: 'stock',
      fact: selection.fact,
      where: selection.limits,
      ...source,
      binMs: MINUTE_MS,
    };
    const buckets = await this.#read(scan, range);
    return [...buckets.values()].flat().map(({ levels, flows }) => ({
      levels: levels.filter(({ series }) => isWanted(selection.filters, series)),
      flows: flows.filter(({ series }) => isWanted(selection.filters, series)),
    }));
  }

  /**
   * The moment up to which state time is known in a range: when the open slices were last extended. The agent snapshot in
   * the first slot of each UTC minute does that; with several parts the slowest one counts. Undefined when there was none.
   */
  sliceAsOf({ range }: Grid): Promise<number | undefined> {
    const key = canonical(range);
    const asOf = this.#asOfs.get(key) ?? this.#sliceAsOf(range);
    this.#asOfs.set(key, asOf);
    return asOf;
  }

  async #sliceAsOf(range: TimeRange): Promise<number | undefined> {
    // Beats after the range prove that it is complete.
    const toMs = Math.min(this.#nowMs, range.toMs + RETIRED_AFTER_MS);
    const fromMs = range.fromMs - RETIRED_AFTER_MS;
    // The answer nearly always lies near the end; only where it does not, a long range is searched whole.
    const recentMs = Math.max(fromMs, toMs - HOUR_MS);
    const recent = await this.#lastBeat({ fromMs: recentMs, toMs });
    return recent ?? (recentMs > fromMs ? this.#lastBeat({ fromMs, toMs: recentMs }) : undefined);
  }

  async #lastBeat(range: TimeRange): Promise<number | undefined> {
    const beats = [...(await this.lastBeats(range)).values()];
    if (beats.length === 0) return undefined;
    const newest = Math.max(...beats);
    return Math.min(...beats.filter((atMs) => atMs >= newest - RETIRED_AFTER_MS));
  }

  /** When each part last extended the open slices, by part. */
  async lastBeats(range: TimeRange): Promise<ReadonlyMap<string, number>> {
    const scan: BeatScan = { kind: 'beat', fact: 'agent_metrics.level', where: [], binMs: SLICE_CUT_MS };
    const ofPart = new Map<string, number>();
    for (const { part, atMs } of [...(await this.#read(scan, range)).values()].flat()) {
      ofPart.set(part, Math.max(atMs, ofPart.get(part) ?? atMs));
    }
    return ofPart;
  }

  #readSums(): void {
    if (this.#unread.size === 0) return;
    for (const { scan, range, wants } of mergeSumWants([...this.#unread])) {
      const buckets = this.#read(scan, range);
      for (const want of wants)
        this.#sums.set(
          want,
          buckets.then((found) => cellsOf(scan, found, want)),
        );
    }
    this.#unread.clear();
  }

  #read<S extends Scan>(scan: S, range: TimeRange): Promise<PartBuckets<S>> {
    const key = JSON.stringify([scanKey(scan), range]);
    const known = this.#reads.get(key) ?? this.#reader.read(scan, range);
    this.#reads.set(key, known);
    // One key names one scan, hence one kind of row.
    return known as Promise<PartBuckets<S>>;
  }
}

const isWanted = (filters: readonly Membership[], series: string): boolean =>
  series === '*' || filters.every((item) => accepts(item, series));

/** Every sampled column of a fact: they are so few that everybody shares one scan. */
function levelColumns(fact: FactId): string[] {
  const ids = Object.keys(PARTS) as PartId[];
  return ids
    .map(partDefinition)
    .filter((part) => part.fact === fact)
    .map(({ column }) => column);
}
