import type { SeriesLabel, TileView } from '../../client/tile-view.ts';
import { metricTitle } from '../../i18n/metric-titles.ts';
import { csvOf } from '../dashboard/csv.ts';

type Row = readonly (string | number | null)[];

const HEAD: Row = ['metric', 'series', 'time', 'value', 'unit'];

function rowsOf(view: TileView, labels: readonly SeriesLabel[]): readonly Row[] {
  return view.series.flatMap(({ metric, unit, points }, index) =>
    points.map(([atMs, value]): Row => [
      metricTitle(metric),
      labels[index]?.name ?? '',
      new Date(atMs).toISOString(),
      value,
      unit,
    ]),
  );
}

/**
 * Puts what a tile shows on the clipboard as CSV: exact values, ISO instants, one row per point. Answers how many rows
 * there are; undefined where the browser does not let the page write to the clipboard.
 */
export async function copyCsv(view: TileView | undefined, labels: readonly SeriesLabel[]): Promise<number | undefined> {
  const rows = view === undefined ? [] : rowsOf(view, labels);
  try {
    await navigator.clipboard.writeText(csvOf([HEAD, ...rows]));
    return rows.length;
  } catch (error) {
    console.warn('lumina-widget: the browser did not let the page write to the clipboard.', error);
    return undefined;
  }
}
