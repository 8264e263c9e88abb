import { msg } from '@lit/localize';
import type { SeriesLabel, TileView } from '../../client/tile-view.ts';
import { metricTitle } from '../../i18n/metric-titles.ts';

/** One row of a CSV text; null is an empty cell. */
export type CsvRow = readonly (string | number | null)[];

const instant = (epochMs: number): string => new Date(epochMs).toISOString();

/** The columns of `csvRowsOf`, in the language of the page. */
export function csvHead(): CsvRow {
  return [
    msg('Metric', { id: 'csv.metric' }),
    msg('Series', { id: 'csv.series' }),
    msg('Time', { id: 'csv.time' }),
    msg('Value', { id: 'csv.value' }),
    msg('Unit', { id: 'csv.unit' }),
  ];
}

/**
 * What a tile shows, per series: its value over the whole range (its time is the interval), then its points. Times are
 * ISO 8601 in UTC, values are exact and in the unit of their column, nothing where no value is known.
 */
export function csvRowsOf(view: TileView, labels: readonly SeriesLabel[]): readonly CsvRow[] {
  const range = `${instant(view.fromMs)}/${instant(view.toMs)}`;
  return view.series.flatMap(({ metric, unit, total, points }, index): CsvRow[] => {
    const place = [metricTitle(metric), labels[index]?.name ?? ''];
    return [[...place, range, total, unit], ...points.map(([at, value]) => [...place, instant(at), value, unit])];
  });
}
