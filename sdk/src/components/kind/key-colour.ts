import { SERIES_COLOUR_COUNT } from '../../theme/series-colours.ts';

/** A custom property with the colour of a place in the palette. */
export function keyColour(place: number): string {
  return `--_key:var(--_series-${String((place % SERIES_COLOUR_COUNT) + 1)})`;
}
