/** The parts of one metric in one bin and group, in the order of its formula. */
export type Vector = readonly number[];

/** How the vectors of one metric combine. `last`: the newest bin stands for all. */
export interface Combination {
  readonly overGroups: 'sum' | 'max';
  readonly overBins: 'sum' | 'max' | 'last';
  /** The last number is the time that the bin covers: the same for all groups, so never added over them. */
  readonly endsInElapsed?: boolean;
}

/** Values of the groupBy columns, in their order. */
export type GroupValues = readonly string[];

export interface PartGroup {
  readonly values: GroupValues;
  /** Vector per bin; null where the store cannot know. */
  readonly cells: Map<number, Vector | null>;
}

/** Parts per group and bin, from which metrics are computed last. */
export interface PartTable {
  readonly combination: Combination;
  readonly groups: readonly PartGroup[];
  /** The vector of a group that has no rows in a bin; null where the store cannot know. */
  empty(bin: number): Vector | null;
  /** Bins whose stock was carried over minutes without a sample. */
  readonly drift?: ReadonlySet<number>;
}

/** Gathers vectors by group and bin. */
export class PartBuilder {
  readonly #combination: Combination;
  readonly #groups = new Map<string, PartGroup>();

  constructor(combination: Combination) {
    this.#combination = combination;
  }

  /** The group of these values, made if it is new. */
  group(values: GroupValues): PartGroup {
    const key = keyOf(values);
    let group = this.#groups.get(key);
    if (group === undefined) {
      group = { values, cells: new Map() };
      this.#groups.set(key, group);
    }
    return group;
  }

  /** Adds to a cell what another series or step contributes to it. */
  add(values: GroupValues, bin: number, vector: Vector): void {
    const { cells } = this.group(values);
    const known = cells.get(bin);
    cells.set(
      bin,
      known === undefined || known === null ? vector : mergeVectors(this.#combination.overGroups, known, vector),
    );
  }

  build(empty: (bin: number) => Vector | null, drift: ReadonlySet<number> = new Set()): PartTable {
    return { combination: this.#combination, groups: [...this.#groups.values()], empty, drift };
  }
}

/** All groups of a table have equally many values: one of none or of one needs no quotes. */
function keyOf(values: GroupValues): string {
  return values.length < 2 ? (values[0] ?? '') : JSON.stringify(values);
}

export function mergeVectors(how: 'sum' | 'max', left: Vector, right: Vector): Vector {
  return how === 'max'
    ? left.map((value, index) => Math.max(value, right[index] ?? 0))
    : left.map((value, index) => value + (right[index] ?? 0));
}

/** The vector of a group in a bin. */
export function cellOf(table: PartTable, group: PartGroup, bin: number): Vector | null {
  const cell = group.cells.get(bin);
  return cell === undefined ? table.empty(bin) : cell;
}

/** Puts groups together into one, as if the query had not told them apart; undefined where parts do not allow it. */
export function mergeGroups(
  table: PartTable,
  groups: readonly PartGroup[],
  values: GroupValues,
  binCount: number,
): PartGroup | undefined {
  const { overGroups, overBins: over, endsInElapsed = false } = table.combination;
  // The maximum of sums is not the sum of maxima: peaks cannot be put together.
  if (over === 'max') return undefined;
  const cells = new Map<number, Vector | null>();
  for (let bin = 0; bin < binCount; bin += 1) {
    const vectors = groups.map((group) => cellOf(table, group, bin));
    cells.set(
      bin,
      vectors.reduce((left, right) => {
        if (left === null || right === null) return null;
        const merged = mergeVectors(overGroups, left, right);
        return endsInElapsed ? [...merged.slice(0, -1), right.at(-1) ?? 0] : merged;
      }),
    );
  }
  return { values, cells };
}

/** The vector of a group over all bins; null when no bin is known. */
export function overBins(table: PartTable, group: PartGroup, binCount: number): Vector | null {
  const how = table.combination.overBins;
  if (how === 'last') return cellOf(table, group, binCount - 1);
  let total: Vector | null = null;
  for (let bin = 0; bin < binCount; bin += 1) {
    const cell = cellOf(table, group, bin);
    if (cell !== null) total = total === null ? cell : mergeVectors(how, total, cell);
  }
  return total;
}
