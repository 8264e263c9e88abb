import type { WidgetOptions } from '@lumina/contracts';
import type { SeriesLabel, TileMetric, TileSeries, TileView } from '../../client/tile-view.ts';
import { sharedDigits } from '../../i18n/format.ts';

/** One row: a group with one cell per column, or one metric with a single cell. */
export interface TableRow {
  /** Stable over replies. */
  readonly key: string;
  readonly name: string;
  /** What a pick of the row stands for; empty for a row that is no group. */
  readonly dimension: string;
  readonly value: string;
  /** By column; undefined where a group lacks a metric. */
  readonly cells: readonly (TileSeries | undefined)[];
}

/** What rows are sorted by: a metric, or `name`. */
export interface TableSort {
  readonly by: string;
  readonly isDescending: boolean;
}

/** A view as a table. Without groups there is a row per metric, and no columns but one of values. */
export interface TableModel {
  readonly columns: readonly TileMetric[];
  readonly rows: readonly TableRow[];
  readonly isGrouped: boolean;
}

/** The name that {@link TableSort.by} takes for the first column. */
export const SORT_BY_NAME = 'name';

function columnsOf(view: TileView, options: WidgetOptions): readonly TileMetric[] {
  const wanted = options.columns?.flatMap((id) => view.metrics.find((metric) => metric.id === id) ?? []) ?? [];
  return wanted.length > 0 ? wanted : view.metrics;
}

function groupKeyOf(series: TileSeries): string {
  return JSON.stringify(Object.entries(series.group).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Sorts the series of a view into rows and columns; `titleOf` names metrics, `labels` name groups. */
export function tableModelOf(
  view: TileView,
  labels: readonly SeriesLabel[],
  options: WidgetOptions,
  titleOf: (metric: string) => string,
): TableModel {
  const columns = columnsOf(view, options);
  const isGrouped = view.series.some(({ dimension }) => dimension !== '');
  if (!isGrouped) {
    const rows = columns.map(({ id }): TableRow => {
      const series = view.series.find(({ metric }) => metric === id);
      return { key: id, name: titleOf(id), dimension: '', value: '', cells: [series] };
    });
    return { columns, rows, isGrouped };
  }
  const rows = new Map<string, TableRow & { readonly cells: (TileSeries | undefined)[] }>();
  view.series.forEach((series, index) => {
    const column = columns.findIndex(({ id }) => id === series.metric);
    if (column < 0) return;
    const key = groupKeyOf(series);
    let row = rows.get(key);
    if (row === undefined) {
      const { dimension, value } = series;
      const cells = columns.map((): TileSeries | undefined => undefined);
      row = { key, name: labels[index]?.name ?? value, dimension, value, cells };
      rows.set(key, row);
    }
    row.cells[column] = series;
  });
  return { columns, rows: [...rows.values()], isGrouped };
}

/** How a table is sorted before anybody presses a header: as its options say, else as the service sends it. */
export function initialSort({ sortBy, isDescending }: WidgetOptions): TableSort | undefined {
  if (sortBy === undefined) return undefined;
  return { by: sortBy, isDescending: isDescending ?? sortBy !== SORT_BY_NAME };
}

/** What a press on a header leads to: numbers begin with the largest, names with A; the next press turns it round. */
export function nextSort(by: string, current: TableSort | undefined): TableSort {
  if (current?.by === by) return { by, isDescending: !current.isDescending };
  return { by, isDescending: by !== SORT_BY_NAME };
}

/** Sorted rows; what has no value comes last either way, and equals stand by name, so that nothing swaps for no reason. */
export function sortedRows(
  { rows, columns, isGrouped }: TableModel,
  sort: TableSort | undefined,
  locale: string,
): readonly TableRow[] {
  if (sort === undefined) return rows;
  const collator = new Intl.Collator(locale, { numeric: true });
  const byName = (a: TableRow, b: TableRow): number => collator.compare(a.name, b.name) || (a.key < b.key ? -1 : 1);
  const direction = sort.isDescending ? -1 : 1;
  if (sort.by === SORT_BY_NAME) return [...rows].sort((a, b) => direction * byName(a, b));
  const column = isGrouped ? columns.findIndex(({ id }) => id === sort.by) : 0;
  if (column < 0) return rows;
  return [...rows].sort((a, b) => {
    const left = a.cells[column]?.total ?? null;
    const right = b.cells[column]?.total ?? null;
    if (left === null || right === null) return Number(left === null) - Number(right === null) || byName(a, b);
    return direction * (left - right) || byName(a, b);
  });
}

/** How many digits behind the point each column shows at least, so that points stand below each other. */
export function columnDigits({ columns, rows, isGrouped }: TableModel): readonly (0 | 1)[] {
  return columns.map(({ unit }, column) => {
    const values = isGrouped ? rows.map(({ cells }) => cells[column]?.total) : [];
    return sharedDigits(values, unit);
  });
}

/** The largest size per column, against which the bars of its cells are drawn; 0 draws none. */
export function columnMaxima({ columns, rows, isGrouped }: TableModel, options: WidgetOptions): readonly number[] {
  if (!isGrouped) return columns.map(() => 0);
  return columns.map(({ unit }, column) => {
    if (unit === '%') return 100;
    const largest = Math.max(0, ...rows.map(({ cells }) => cells[column]?.total ?? 0));
    return column === 0 ? Math.max(largest, options.max ?? 0) : largest;
  });
}
