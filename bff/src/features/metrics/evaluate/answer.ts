import type { MetricAggregation, MetricQuery, MetricSeries } from '@lumina/contracts';
import type { Measure } from '../plan/measure.ts';
import { cellOf, mergeGroups, overBins } from '../tables/part-table.ts';
import type { GroupValues, PartGroup, PartTable } from '../tables/part-table.ts';
import type { Grid } from '../time/grid.ts';
import type { MetricValue } from './metric-value.ts';

type Point = MetricSeries['points'][number];

/** Name of the group that holds what `top` leaves out. */
export const OTHER_GROUP = 'other';

export interface Answer {
  readonly data: readonly MetricSeries[];
  readonly aggregations: readonly MetricAggregation[];
  /** The groups that are shown by themselves, in their order. */
  readonly shown: readonly GroupValues[];
}

export interface AnswerOptions {
  readonly query: MetricQuery;
  readonly measure: Measure;
  readonly tables: readonly PartTable[];
  readonly grid: Grid;
  /** The bins that points are drawn at: a compared series lies over the current one. */
  readonly drawnOn: { readonly grid: Grid; readonly shiftMs: number };
  readonly compare?: NonNullable<MetricQuery['compare']>;
  /** What the current series show; a compared one shows the same. */
  readonly like?: readonly GroupValues[];
}

/** One group over all tables, in their order. */
interface Group {
  readonly values: GroupValues;
  readonly ofTable: readonly PartGroup[];
}

interface Totalled {
  readonly group: Group;
  readonly total: MetricValue;
}

const keyOf = (values: GroupValues): string => JSON.stringify(values);

/** Computes series and aggregations from parts: the aggregation from the parts of the whole range, never from points. */
export function answer(options: AnswerOptions): Answer {
  const { query, grid, measure, tables, compare, drawnOn } = options;
  const dims = [...new Set(query.groupBy ?? [])];
  const { shown, other } = choose(options, dims);
  const drift = [...new Set(tables.flatMap(({ drift = [] }) => [...drift]))].sort((a, b) => a - b);
  const atMs = (bin: number): number =>
    drawnOn.grid.size === grid.size ? drawnOn.grid.startOf(bin) : grid.startOf(bin) + drawnOn.shiftMs;
  const common = { ref: query.ref, metric: measure.id, ...(compare === undefined ? {} : { compare }) };
  const data: MetricSeries[] = [];
  const aggregations: MetricAggregation[] = [];
  for (const { group, total } of [...shown, ...other]) {
    const named = Object.fromEntries(dims.map((dim, index) => [dim, group.values[index] ?? '']));
    const values = grid.starts.map((_, bin) => valueAt(options, group, bin));
    const points = fill(values, query.fill).map((value, bin): Point => [atMs(bin), value]);
    data.push({ ...common, group: named, points, ...(drift.length === 0 ? {} : { drift: drift.map(atMs) }) });
    aggregations.push({ ...common, group: named, ...total, ...(drift.length === 0 ? {} : { drift: true }) });
  }
  return { data, aggregations, shown: shown.map(({ group }) => group.values) };
}

function valueAt({ measure, tables, grid }: AnswerOptions, { ofTable }: Group, bin: number): number | null {
  const { fromMs, toMs } = grid.clip(bin);
  const vectors = tables.map((table, index) => cellOf(table, ofTable[index] ?? nothing([]), bin));
  return measure.evaluate(vectors, toMs - fromMs).value;
}

function totalOf({ measure, tables, grid }: AnswerOptions, { ofTable }: Group): MetricValue {
  const vectors = tables.map((table, index) => overBins(table, ofTable[index] ?? nothing([]), grid.size));
  return measure.evaluate(vectors, grid.range.toMs - grid.range.fromMs);
}

const nothing = (values: GroupValues): PartGroup => ({ values, cells: new Map() });

/** The groups in their order: the largest first under `top`, with the rest as one; else by name. */
function choose(options: AnswerOptions, dims: readonly string[]): { shown: Totalled[]; other: Totalled[] } {
  const { query, tables, like } = options;
  const groups = groupsOf(tables, dims.length === 0);
  const totalled = (group: Group): Totalled => ({ group, total: totalOf(options, group) });
  if (query.top === undefined) return { shown: groups.map(totalled), other: [] };
  const shown =
    like === undefined
      ? rank(groups.map(totalled)).slice(0, query.top)
      : like.map((values) =>
          totalled(groups.find((group) => keyOf(group.values) === keyOf(values)) ?? lookUp([], values, tables)),
        );
  const chosen = new Set(shown.map(({ group }) => keyOf(group.values)));
  const rest = groups.filter((group) => !chosen.has(keyOf(group.values)));
  const other = rest.length === 0 ? undefined : merge(options, rest, dims);
  return { shown, other: other === undefined ? [] : [totalled(other)] };
}

function groupsOf(tables: readonly PartTable[], isUngrouped: boolean): Group[] {
  const indexes = tables.map(({ groups }) => new Map(groups.map((group) => [keyOf(group.values), group])));
  const values = new Map(tables.flatMap(({ groups }) => groups.map((group) => [keyOf(group.values), group.values])));
  if (values.size === 0 && isUngrouped) values.set(keyOf([]), []);
  return [...values.values()]
    .sort((a, b) => compareText(a.join('\u0000'), b.join('\u0000')))
    .map((group) => lookUp(indexes, group, tables));
}

function lookUp(indexes: readonly Map<string, PartGroup>[], values: GroupValues, tables: readonly PartTable[]): Group {
  const key = keyOf(values);
  return { values, ofTable: tables.map((_, index) => indexes[index]?.get(key) ?? nothing(values)) };
}

/** The merged parts of some groups; undefined where parts do not allow it. */
function merge({ tables, grid }: AnswerOptions, rest: readonly Group[], dims: readonly string[]): Group | undefined {
  const values = dims.map(() => OTHER_GROUP);
  const ofTable: PartGroup[] = [];
  for (const [index, table] of tables.entries()) {
    const groups = rest.map((group) => group.ofTable[index] ?? nothing(group.values));
    const merged = mergeGroups(table, groups, values, grid.size);
    if (merged === undefined) return undefined;
    ofTable.push(merged);
  }
  return { values, ofTable };
}

function rank(groups: readonly Totalled[]): Totalled[] {
  const of = ({ total }: Totalled): number => total.value ?? Number.NEGATIVE_INFINITY;
  // Equal ones keep their order by name.
  return groups.toSorted((a, b) => (of(a) === of(b) ? 0 : of(b) - of(a)));
}

// Plain code unit order: the same on every machine.
function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function fill(values: readonly (number | null)[], how: MetricQuery['fill']): (number | null)[] {
  if (how === 'zero') return values.map((value) => value ?? 0);
  if (how !== 'previous') return [...values];
  let last: number | null = null;
  return values.map((value) => {
    last = value ?? last;
    return last;
  });
}
