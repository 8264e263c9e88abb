import type { TileView } from '../../client/tile-view.ts';

/** One row of the card at the cursor. */
export interface CardRow {
  readonly index: number;
  readonly value: number | null;
  /** The value of the compared range; undefined where there is no comparison. */
  readonly compared: number | null | undefined;
}

/** What fits of the card. */
export interface CardRows {
  readonly rows: readonly CardRow[];
  readonly hiddenCount: number;
}

const ROW_PX = 18;
const CARD_FRAME_PX = 64;

/** The rows of the card at an instant: highest value first, as many as the height allows, the chosen one always. */
export function cardRows(view: TileView, atMs: number, heightPx: number, chosen: number | undefined): CardRows {
  const all = view.series
    .map((series, index): CardRow => {
      const compared = series.comparePoints === undefined ? undefined : valueAt(series.comparePoints, atMs);
      return { index, value: valueAt(series.points, atMs), compared };
    })
    .sort((a, b) => (b.value ?? -Infinity) - (a.value ?? -Infinity));
  const limit = Math.max(3, Math.floor((heightPx - CARD_FRAME_PX) / ROW_PX));
  if (all.length <= limit) return { rows: all, hiddenCount: 0 };
  const rows = all.slice(0, limit - 1);
  const own = all.find(({ index }) => index === chosen);
  if (own !== undefined && !rows.includes(own)) rows.splice(-1, 1, own);
  return { rows, hiddenCount: all.length - rows.length };
}

function valueAt(points: TileView['series'][number]['points'], atMs: number): number | null {
  return points.find(([time]) => time === atMs)?.[1] ?? null;
}
