import type { TileView } from '../../client/tile-view.ts';
import { labelPlaces } from '../../charts/label-places.ts';
import type { LineChart } from '../../charts/line-chart.ts';
import type { Density } from '../../theme/tokens.ts';

/** What stands at the right of the plot: the ends of the lines, and the value to reach. */
export interface LineEndsOf {
  readonly view: TileView;
  readonly target: number | undefined;
  readonly density: Density;
}

/** Moves the labels at the ends of the lines, and of the target, to where those are, none above another. */
export function placeEnds(
  root: ParentNode,
  { view, target, density }: LineEndsOf,
  chart: LineChart,
  heightPx: number,
): void {
  const items = root.querySelectorAll<HTMLElement>('.ends li');
  if (items.length === 0) return;
  const ends = chart.ends();
  const { bottom } = chart.plotArea();
  const labelPx = density === 'wall' ? 24 : 18;
  const heights = view.series.map(({ key }) => ends.get(key) ?? bottom);
  if (target !== undefined) heights.push(chart.heightOf(target));
  const wishes = heights.map((y) => ({ y, heightPx: labelPx }));
  const places = labelPlaces(wishes, heightPx);
  for (const [index, item] of items.entries()) {
    item.style.transform = `translateY(${String(Math.round((places[index] ?? 0) - labelPx / 2))}px)`;
  }
}

/** The series whose value at an instant is nearest to a height on the chart. */
export function nearestSeries(
  view: TileView | undefined,
  chart: LineChart | undefined,
  atMs: number,
  y: number,
): number | undefined {
  const places = chart?.placesAt(atMs);
  let best: { index: number; away: number } | undefined;
  for (const [index, { key }] of (view?.series ?? []).entries()) {
    const place = places?.get(key);
    if (place === undefined) continue;
    const away = Math.abs(place - y);
    if (best === undefined || away < best.away) best = { index, away };
  }
  return best?.index;
}
