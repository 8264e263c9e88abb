import type { Grid } from '../time/grid.ts';
import { readSliceAsOf } from './as-of.ts';
import { readSamples } from './level-scan.ts';
import type { Sample } from './level-scan.ts';
import type { PartTable } from './parts.ts';
import type { Reader } from './reader.ts';
import type { RowSelection } from './scan.ts';
import { readStateTime } from './slice-scan.ts';
import { readSums } from './sum-scan.ts';
import type { SumCell, Term } from './sum-scan.ts';

/** A scan that several metrics share: what each of them wants of it, by key, and its one result. */
interface SharedScan<Want, Result> {
  readonly wants: Map<string, Want>;
  result: Promise<Result> | undefined;
}

const keyOf = (selection: RowSelection, grid: Grid): string =>
  JSON.stringify([selection.fact, selection.where, selection.groupBy, grid.stepMs, grid.range]);

/** Joins a scan, adding wants; gives the position of each want in the scan's vectors. */
function join<Want, Result>(
  scans: Map<string, SharedScan<Want, Result>>,
  key: string,
  wants: readonly Want[],
): { scan: SharedScan<Want, Result>; positions: number[] } {
  const scan = scans.get(key) ?? { wants: new Map<string, Want>(), result: undefined };
  scans.set(key, scan);
  for (const want of wants) scan.wants.set(JSON.stringify(want), want);
  const order = [...scan.wants.keys()];
  return { scan, positions: wants.map((want) => order.indexOf(JSON.stringify(want))) };
}

/**
 * The scans of one request. Everything is asked for first and read afterwards, so that all widgets that read the same
 * rows in the same bins share one query.
 */
export class ScanSet {
  readonly reader: Reader;
  readonly #nowMs: number;
  readonly #sums = new Map<string, SharedScan<Term, SumCell[]>>();
  readonly #samples = new Map<string, SharedScan<string, Sample[]>>();
  readonly #states = new Map<string, SharedScan<string, PartTable>>();
  readonly #tables = new Map<string, Promise<PartTable>>();
  readonly #sliceAsOfs = new Map<string, Promise<number | undefined>>();

  constructor(reader: Reader, nowMs: number) {
    this.reader = reader;
    this.#nowMs = nowMs;
  }

  /** Asks for terms; the returned function reads them, together with all that others asked of the same rows. */
  wantSums(selection: RowSelection, terms: readonly Term[], grid: Grid): () => Promise<SumCell[]> {
    const { scan, positions } = join(this.#sums, keyOf(selection, grid), terms);
    return async () => {
      scan.result ??= readSums(this.reader, selection, [...scan.wants.values()], grid, grid.range);
      return (await scan.result).map((cell) => ({
        ...cell,
        values: positions.map((position) => cell.values[position] ?? 0),
      }));
    };
  }

  /** Asks for level columns at the last beats. */
  wantSamples(selection: RowSelection, columns: readonly string[], grid: Grid): () => Promise<Sample[]> {
    const { scan, positions } = join(this.#samples, keyOf({ ...selection, groupBy: [] }, grid), columns);
    return async () => {
      scan.result ??= readSamples(this.reader, selection, [...scan.wants.values()], grid);
      return (await scan.result).map((sample) => ({
        ...sample,
        rows: sample.rows.map((row) => ({ ...row, values: positions.map((position) => row.values[position]) })),
      }));
    };
  }

  /** Asks for clipped time in states; the last number of each vector is the elapsed time. */
  wantStateTime(selection: RowSelection, states: readonly string[], grid: Grid): () => Promise<PartTable> {
    const { scan, positions } = join(this.#states, keyOf(selection, grid), states);
    return async () => {
      const order = [...scan.wants.values()];
      scan.result ??= this.sliceAsOf(grid).then((untilMs) =>
        readStateTime(this.reader, selection, order, grid, untilMs ?? grid.range.fromMs),
      );
      const table = await scan.result;
      return projectTable(table, [...positions, order.length]);
    };
  }

  /** Reads a table once, whoever asks. */
  once(
    kind: string,
    selection: RowSelection,
    detail: readonly string[],
    grid: Grid,
    read: () => Promise<PartTable>,
  ): Promise<PartTable> {
    const key = JSON.stringify([kind, detail, keyOf(selection, grid)]);
    const table = this.#tables.get(key) ?? read();
    this.#tables.set(key, table);
    return table;
  }

  /** Up to when state time is known in a range. */
  sliceAsOf({ range }: Grid): Promise<number | undefined> {
    const key = JSON.stringify(range);
    const asOf = this.#sliceAsOfs.get(key) ?? readSliceAsOf(this.reader, range, this.#nowMs);
    this.#sliceAsOfs.set(key, asOf);
    return asOf;
  }
}

function projectTable(table: PartTable, positions: readonly number[]): PartTable {
  const project = (vector: readonly number[] | null): number[] | null =>
    vector === null ? null : positions.map((position) => vector[position] ?? 0);
  return {
    combination: table.combination,
    groups: table.groups.map(({ values, cells }) => ({
      values,
      cells: new Map([...cells].map(([bin, vector]) => [bin, project(vector)])),
    })),
    empty: (bin) => project(table.empty(bin)),
  };
}
