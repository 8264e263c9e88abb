import { msg } from '@lit/localize';
import type { SeriesLabel, TileView } from '../../client/tile-view.ts';
import { metricTitle } from '../../i18n/metric-titles.ts';
import { csvHead, csvRowsOf } from '../kind/csv-rows.ts';
import type { CsvRow } from '../kind/csv-rows.ts';
import { csvOf } from '../kind/csv.ts';

/** What a tile shows, as far as a file needs it. */
export interface TileContents {
  /** Empty: the name of its first metric. */
  readonly heading: string;
  readonly view: TileView | undefined;
  readonly labels: readonly SeriesLabel[];
}

/** All tiles as one CSV text: the rows of each, behind its title. */
export function boardCsv(tiles: Iterable<TileContents>): { readonly text: string; readonly rows: number } {
  const head: CsvRow = [msg('Tile', { id: 'board.csv.tile' }), ...csvHead()];
  const rows = [...tiles].flatMap(({ heading, view, labels }) => {
    if (view === undefined) return [];
    const title = heading || metricTitle(view.metrics[0]?.id ?? '');
    return csvRowsOf(view, labels).map((row): CsvRow => [title, ...row]);
  });
  return { text: csvOf([head, ...rows]), rows: rows.length };
}
