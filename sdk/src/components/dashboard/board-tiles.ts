import { html } from 'lit';
import type { TemplateResult } from 'lit';
import { resolveVariables } from '@lumina/contracts';
import type { Dashboard, QueryRange, VariableTerms, Widget, WidgetOptions } from '@lumina/contracts';
import { placementCss, placementsOf } from './board-layout.ts';

/** One tile as the board renders it. */
export interface BoardTile {
  readonly id: string;
  readonly widget: Widget;
  /** The widget's own options over what the board says. */
  readonly display: WidgetOptions;
  /** Where it stands, as custom properties. */
  readonly css: string;
}

/** How many rows the full grid has, for a wall that is to be filled. */
export function rowsCss({ widgets }: Dashboard): string {
  return `--rows:${String(Math.max(1, ...widgets.map(({ y, h }) => y + h)))}`;
}

/** What the board says to all tiles. */
export interface BoardDefaults {
  /** Which board it is: another one begins in its own reading order, whatever tiles stood there before. */
  readonly boardId: string;
  readonly range: QueryRange;
  readonly timeZone: string | undefined;
  /** What the variables in the filters of tiles stand for. */
  readonly variables: VariableTerms;
}

/**
 * The tiles of a board in an order that never changes while a tile stays: a tile that moves gets another place on the
 * grid, but its element stays where it is, with its chart and its focus.
 */
export class BoardTiles {
  #board: Dashboard | undefined;
  #boardId = '';
  #key = '';
  #tiles: readonly BoardTile[] = [];

  /** The tiles; the same array and the same options as long as nothing changed. */
  of(board: Dashboard, { boardId, range, timeZone, variables }: BoardDefaults): readonly BoardTile[] {
    const key = JSON.stringify([boardId, range, timeZone ?? null, variables]);
    if (board === this.#board && key === this.#key) return this.#tiles;
    if (boardId !== this.#boardId) this.#tiles = [];
    this.#boardId = boardId;
    this.#board = board;
    this.#key = key;
    const widgets = new Map(board.widgets.map((widget) => [widget.id, widget]));
    const places = new Map(placementsOf([...widgets.values()]).map((place) => [place.id, placementCss(place)]));
    const stayed = this.#tiles.map(({ id }) => id).filter((id) => widgets.has(id));
    const ids = new Set([...stayed, ...places.keys()]);
    this.#tiles = [...ids].flatMap((id) => {
      const widget = widgets.get(id);
      if (widget === undefined) return [];
      const display = { range, ...(timeZone === undefined ? {} : { timeZone }), ...widget.options };
      const asked = { ...widget, query: resolveVariables(widget.query, variables) };
      return [{ id, widget: asked, display, css: places.get(id) ?? '' }];
    });
    return this.#tiles;
  }
}

/** A tile in its place on the grid. */
export function tileAt({ widget, display, css }: BoardTile): TemplateResult {
  return html`<div class="cell" part="cell" .style=${css}>
    <lumina-widget
      part="tile"
      kind=${widget.kind}
      .heading=${widget.title ?? ''}
      .query=${widget.query}
      .display=${display}
    ></lumina-widget>
  </div>`;
}
