import { msg } from '@lit/localize';
import type { SeriesLabel, TileView } from '../../client/tile-view.ts';
import { metricTitle } from '../../i18n/metric-titles.ts';
import { csvOf } from './csv.ts';

/** What a tile shows, as far as a file needs it. */
export interface TileContents {
  readonly title: string;
  readonly view: TileView | undefined;
  readonly labels: readonly SeriesLabel[];
}

type Row = readonly (string | number | null)[];

const instant = (epochMs: number): string => new Date(epochMs).toISOString();

/**
 * All tiles as one CSV text: per series its value over the whole range (its time is the interval), then its points. Times
 * are ISO 8601 in UTC, values in the unit of their column, nothing where no value is known.
 */
export function boardCsv(tiles: readonly TileContents[]): { readonly text: string; readonly rows: number } {
  const head: Row = [
    msg('Tile', { id: 'board.csv.tile' }),
    msg('Metric', { id: 'board.csv.metric' }),
    msg('Series', { id: 'board.csv.series' }),
    msg('Time', { id: 'board.csv.time' }),
    msg('Value', { id: 'board.csv.value' }),
    msg('Unit', { id: 'board.csv.unit' }),
  ];
  const rows = tiles.flatMap((tile) => rowsOf(tile));
  return { text: csvOf([head, ...rows]), rows: rows.length };
}

function rowsOf({ title, view, labels }: TileContents): readonly Row[] {
  if (view === undefined) return [];
  const range = `${instant(view.fromMs)}/${instant(view.toMs)}`;
  return view.series.flatMap(({ metric, unit, total, points }, index): Row[] => {
    const place = [title, metricTitle(metric), labels[index]?.name ?? ''];
    return [[...place, range, total, unit], ...points.map(([at, value]) => [...place, instant(at), value, unit])];
  });
}
