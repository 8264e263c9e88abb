import { metricTitle } from '../../i18n/metric-titles.ts';
import type { SeriesLabel, TileView } from '../../client/tile-view.ts';

/** A cell that a spreadsheet would run as a formula is shown as text instead. */
function cell(value: string): string {
  const safe = /^[=+\-@\t\r]/u.test(value) ? `'${value}` : value;
  return /[",\r\n]/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function csvOf(view: TileView, labels: readonly SeriesLabel[]): readonly string[] {
  return view.series.flatMap(({ metric, unit, points }, index) => {
    const names = [cell(metricTitle(metric)), cell(labels[index]?.name ?? '')];
    return points.map(([atMs, value]) =>
      [...names, new Date(atMs).toISOString(), value === null ? '' : String(value), unit].join(','),
    );
  });
}

/**
 * Puts what a tile shows on the clipboard as CSV: exact values, ISO instants, one row per point. Answers how many rows
 * there are; undefined where the browser does not let the page write to the clipboard.
 */
export async function copyCsv(view: TileView | undefined, labels: readonly SeriesLabel[]): Promise<number | undefined> {
  const rows = view === undefined ? [] : csvOf(view, labels);
  try {
    await navigator.clipboard.writeText(['metric,series,time,value,unit', ...rows, ''].join('\r\n'));
    return rows.length;
  } catch (error) {
    console.warn('lumina-widget: the browser did not let the page write to the clipboard.', error);
    return undefined;
  }
}
