/** From this many rows on only those in sight are in the document. */
export const WINDOW_FROM = 80;
/** Rows rendered beyond what is in sight, so that a fast scroll shows rows at once. */
const SPARE_ROWS = 20;
/** The window moves in steps, so that a scroll of a few pixels renders nothing. */
const STEP_ROWS = 10;

/** Which rows are rendered: from (inclusive) to (exclusive); infinite for all. */
export interface RowWindow {
  readonly from: number;
  readonly to: number;
}

/** The rows to render of `count` rows of one height, for a scroller at `topPx` with room for `heightPx`. */
export function rowWindowOf(count: number, rowPx: number, topPx: number, heightPx: number): RowWindow {
  if (count < WINDOW_FROM || rowPx <= 0) return { from: 0, to: Number.POSITIVE_INFINITY };
  const step = (row: number): number => Math.floor(row / STEP_ROWS) * STEP_ROWS;
  const from = Math.max(0, step(topPx / rowPx) - SPARE_ROWS);
  const to = step((topPx + heightPx) / rowPx) + STEP_ROWS + SPARE_ROWS;
  return { from: Math.min(from, Math.max(0, count - WINDOW_FROM)), to: Math.min(count, to) };
}
