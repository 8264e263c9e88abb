/** A custom property with the colour of a place in the palette. */
export function keyColour(place: number): string {
  return `--_key:var(--_series-${String((place % 8) + 1)})`;
}
