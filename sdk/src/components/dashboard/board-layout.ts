import { DASHBOARD_COLUMNS } from '@lumina/contracts';
import type { Widget, WidgetKind } from '@lumina/contracts';

/** A rectangle on a grid, in columns and rows from 0. */
export interface GridArea {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** Where a tile stands at each width of the board. */
export interface Placement {
  readonly id: string;
  /** Place in reading order, from 0. */
  readonly order: number;
  /** On the full grid of twelve columns. */
  readonly wide: GridArea;
  /** On the grid of six columns that a tablet gets. */
  readonly medium: GridArea;
  /** Rows in the single column of a phone. */
  readonly narrowRows: number;
}

type Placed = Pick<Widget, 'id' | 'kind' | 'x' | 'y' | 'w' | 'h'>;

/** Columns of the grid between phone and desktop. */
export const MEDIUM_COLUMNS = 6;

/** What a kind needs in one column to be readable, in rows; charts and tables in six as well. */
const LEAST_ROWS: Readonly<Record<WidgetKind, number>> = { stat: 2, gauge: 3, line: 4, bar: 4, table: 4 };

const MOST_ROWS_ALONE = 4;

/** Tiles from top to bottom, then from left to right. */
export function readingOrder<T extends Pick<Widget, 'x' | 'y'>>(widgets: readonly T[]): readonly T[] {
  return [...widgets].sort((a, b) => a.y - b.y || a.x - b.x);
}

function isSmall({ kind }: Placed): boolean {
  return kind === 'stat' || kind === 'gauge';
}

/** How wide a tile wants to be on six columns: numbers may stand three abreast, charts at most two. */
function mediumWidth(tile: Placed): number {
  const { w } = tile;
  if (w <= 2) return isSmall(tile) ? 2 : 3;
  if (w <= 4) return isSmall(tile) && w === 4 ? 2 : 3;
  return w <= 7 ? 3 : MEDIUM_COLUMNS;
}

/** Fills rows in reading order; what is left of a row is shared by its tiles, so that no row has a hole. */
function mediumAreas(ordered: readonly Placed[]): ReadonlyMap<string, GridArea> {
  const areas = new Map<string, GridArea>();
  let row: { readonly tile: Placed; w: number }[] = [];
  let y = 0;
  const close = (): void => {
    const h = Math.max(...row.map(({ tile }) => (isSmall(tile) ? tile.h : Math.max(tile.h, LEAST_ROWS[tile.kind]))));
    const [first] = row;
    const isAlone = row.length === 1 && first !== undefined && isSmall(first.tile);
    let free = MEDIUM_COLUMNS - row.reduce((sum, { w }) => sum + w, 0);
    for (let at = row.length - 1; free > 0; at = at === 0 ? row.length - 1 : at - 1, free -= 1) {
      const one = row[at];
      if (one !== undefined) one.w += 1;
    }
    // A number that has a row to itself needs no more of the page than this.
    const rows = isAlone ? Math.min(h, MOST_ROWS_ALONE) : h;
    let x = 0;
    for (const { tile, w } of row) {
      areas.set(tile.id, { x, y, w, h: rows });
      x += w;
    }
    y += rows;
    row = [];
  };
  for (const tile of ordered) {
    const w = mediumWidth(tile);
    if (row.length > 0 && row.reduce((sum, one) => sum + one.w, 0) + w > MEDIUM_COLUMNS) close();
    row.push({ tile, w });
  }
  if (row.length > 0) close();
  return areas;
}

/** Places every tile at every width. A pure function: the same board always looks the same. */
export function placementsOf(widgets: readonly Placed[]): readonly Placement[] {
  const ordered = readingOrder(widgets);
  const medium = mediumAreas(ordered);
  return ordered.map((tile, order) => {
    const x = Math.min(tile.x, DASHBOARD_COLUMNS - 1);
    const wide = { x, y: tile.y, w: Math.min(tile.w, DASHBOARD_COLUMNS - x), h: tile.h };
    return {
      id: tile.id,
      order,
      wide,
      medium: medium.get(tile.id) ?? wide,
      narrowRows: Math.max(tile.h, LEAST_ROWS[tile.kind]),
    };
  });
}

/** The placement as custom properties; the style sheet picks those of the board's width. */
export function placementCss({ order, wide, medium, narrowRows }: Placement): string {
  const areaOf = ({ x, y, w, h }: GridArea): string =>
    [y + 1, x + 1, `span ${String(h)}`, `span ${String(w)}`].join('/');
  return `--wide:${areaOf(wide)};--medium:${areaOf(medium)};--rows:${String(narrowRows)};--order:${String(order)}`;
}
