import type { SeriesLabel, TileView } from '../../client/tile-view.ts';
import { csvHead, csvRowsOf } from '../kind/csv-rows.ts';
import { csvOf } from '../kind/csv.ts';

/**
 * Puts what a tile shows on the clipboard as CSV. Answers how many rows there are; undefined where the browser does not
 * let the page write to the clipboard.
 */
export async function copyCsv(view: TileView | undefined, labels: readonly SeriesLabel[]): Promise<number | undefined> {
  const rows = view === undefined ? [] : csvRowsOf(view, labels);
  try {
    await navigator.clipboard.writeText(csvOf([csvHead(), ...rows]));
    return rows.length;
  } catch (error) {
    console.warn('lumina-widget: the browser did not let the page write to the clipboard.', error);
    return undefined;
  }
}
