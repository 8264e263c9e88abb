/** How many series colours exist before they repeat. */
export const SERIES_COLOUR_COUNT = 8;

const FIXED: Readonly<Record<string, readonly string[]>> = {
  direction: ['inbound', 'outbound', 'internal'],
};

/**
 * Gives every entity one place in the palette, so that a queue keeps its colour on every tile of a page. Entities of
 * the directory take the directory's order, whichever tile loads first.
 */
export class SeriesColours {
  readonly #places = new Map<string, Map<string, number>>();

  /** Fixes the order of a dimension's values; values already placed keep their place. */
  seed(dimension: string, values: Iterable<string>): void {
    for (const value of values) this.placeOf(dimension, value);
  }

  /** The palette index, from 0. */
  placeOf(dimension: string, value: string): number {
    let places = this.#places.get(dimension);
    if (places === undefined) {
      places = new Map((FIXED[dimension] ?? []).map((fixed, index) => [fixed, index]));
      this.#places.set(dimension, places);
    }
    const place = places.get(value) ?? places.size;
    places.set(value, place);
    return place % SERIES_COLOUR_COUNT;
  }
}
