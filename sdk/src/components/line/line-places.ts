import type { TileView } from '../../client/tile-view.ts';
import { labelPlaces } from '../../charts/label-places.ts';
import type { LineChart } from '../../charts/line-chart.ts';

const END_LABEL_PX = 18;

/** Moves the labels at the ends of the lines to where the lines end, none above another. */
export function placeEnds(root: ParentNode, view: TileView, chart: LineChart, heightPx: number): void {
  const items = root.querySelectorAll<HTMLElement>('.ends li');
  if (items.length === 0) return;
  const ends = chart.ends();
  const { bottom } = chart.plotArea();
  const wishes = view.series.map(({ key }) => ({ y: ends.get(key) ?? bottom, heightPx: END_LABEL_PX }));
  const places = labelPlaces(wishes, heightPx);
  for (const [index, item] of items.entries()) {
    item.style.transform = `translateY(${String(Math.round((places[index] ?? 0) - END_LABEL_PX / 2))}px)`;
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
