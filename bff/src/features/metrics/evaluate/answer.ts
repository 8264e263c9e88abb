import type { MetricAggregation, MetricQuery, MetricSeries } from '@lumina/contracts';
import type { PreparedMetric } from '../plan/prepare.ts';
import { cellOf, mergeGroups, overBins } from '../scans/parts.ts';
import type { PartGroup, PartTable } from '../scans/parts.ts';
import type { Grid } from '../time/grid.ts';
import { metricValue } from './metric-value.ts';
import type { MetricValue } from './metric-value.ts';
import { serviceLevelOptions } from './service-level.ts';

type Point = MetricSeries['points'][number];

/** Name of the group that holds what `top` leaves out. */
export const OTHER_GROUP = 'other';

export interface Answer {
  readonly data: readonly MetricSeries[];
  readonly aggregations: readonly MetricAggregation[];
}

export interface AnswerOptions {
  readonly query: MetricQuery;
  readonly metric: PreparedMetric;
  readonly table: PartTable;
  readonly grid: Grid;
  /** What is added to each point's time: a compared series lies over the current one. */
  readonly shiftMs: number;
  readonly compare?: 'previous' | '1d' | '7d';
}

/** Computes series and aggregations from parts: the aggregation from the parts of the whole range, never from points. */
export function answer({ query, metric, table, grid, shiftMs, compare }: AnswerOptions): Answer {
  const dims = [...new Set(query.groupBy ?? [])];
  const options = serviceLevelOptions(query.options ?? {});
  const evaluate = (vector: readonly number[] | null): MetricValue => metricValue(metric.formula, vector, options);
  const groups = table.groups.length === 0 && dims.length === 0 ? [{ values: [], cells: new Map() }] : table.groups;
  const totals = groups.map((group) => ({ group, total: evaluate(overBins(table, group, grid.size)) }));
  const shown = top(totals, query.top, (rest) => {
    const other = mergeGroups(
      table,
      rest,
      dims.map(() => OTHER_GROUP),
      grid.size,
    );
    return other === undefined ? undefined : { group: other, total: evaluate(overBins(table, other, grid.size)) };
  });
  const common = { ref: query.ref, metric: metric.definition.id, ...(compare === undefined ? {} : { compare }) };
  const series: MetricSeries[] = [];
  const aggregations: MetricAggregation[] = [];
  for (const { group, total } of shown) {
    const named = Object.fromEntries(dims.map((dim, index) => [dim, group.values[index] ?? '']));
    const values = grid.starts.map((_, bin) => evaluate(cellOf(table, group, bin)).value);
    const points = fill(values, query.fill).map((value, bin): Point => [grid.startOf(bin) + shiftMs, value]);
    series.push({ ...common, group: named, points });
    aggregations.push({ ...common, group: named, ...total });
  }
  return { data: series, aggregations };
}

interface Totalled {
  readonly group: PartGroup;
  readonly total: MetricValue;
}

/** The groups in their order: the largest first under `top`, with the rest as one; else by name. */
function top(
  groups: readonly Totalled[],
  count: number | undefined,
  merge: (rest: readonly PartGroup[]) => Totalled | undefined,
): Totalled[] {
  const byName = (a: Totalled, b: Totalled): number =>
    compareText(a.group.values.join('\u0000'), b.group.values.join('\u0000'));
  if (count === undefined) return [...groups].sort(byName);
  const rank = ({ total }: Totalled): number => total.value ?? Number.NEGATIVE_INFINITY;
  const ranked = [...groups].sort((a, b) => (rank(a) === rank(b) ? byName(a, b) : rank(b) - rank(a)));
  const rest = ranked.slice(count).map(({ group }) => group);
  const other = rest.length === 0 ? undefined : merge(rest);
  return [...ranked.slice(0, count), ...(other === undefined ? [] : [other])];
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
