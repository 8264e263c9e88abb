import type { WidgetOptions } from '@lumina/contracts';
import type { TileMetric, TileView } from '../client/tile-view.ts';

/** One place on the axis of a bar chart: a group, or a bucket of time. */
export interface BarGroup {
  readonly key: string;
  readonly name: string;
  /** Index of the group's first series in the view; undefined for a bucket. */
  readonly seriesIndex: number | undefined;
  /** A value per drawn metric. */
  readonly values: readonly (number | null)[];
  /** The value of the first metric in the compared range. */
  readonly compared: number | null | undefined;
  /** Start of the bucket; undefined for a group. */
  readonly fromMs: number | undefined;
  /** Whether the bucket is still filling. */
  readonly isOpen: boolean;
}

/** What a bar chart shows of a view. */
export interface BarGroups {
  readonly groups: readonly BarGroup[];
  readonly hiddenCount: number;
  /** The metrics that share the first one's unit, and so one axis. */
  readonly metrics: readonly TileMetric[];
  /** The others, which bars of one axis cannot show. */
  readonly otherMetrics: readonly TileMetric[];
  readonly isOverTime: boolean;
}

/** How groups are put in order, and how many are shown. */
export interface BarOrder {
  /** A metric's id, or `name`; default the first metric. */
  readonly sortBy?: string | undefined;
  /** Default true for values, false for names. */
  readonly isDescending?: boolean | undefined;
  readonly limit: number;
  readonly locale: string;
}

/** Sorts a view out into bars: one per group by its total, or one per bucket where nothing is grouped. */
export function barGroups(view: TileView, order: BarOrder, nameOf: (index: number) => string): BarGroups {
  const metrics = view.metrics.filter(({ unit }) => unit === view.unit);
  const otherMetrics = view.metrics.filter(({ unit }) => unit !== view.unit);
  const isOverTime = view.series.every(({ dimension }) => dimension === '') && view.series.some(hasSeveralPoints);
  if (isOverTime) return { groups: buckets(view, metrics), hiddenCount: 0, metrics, otherMetrics, isOverTime };
  const all = sorted(totals(view, metrics, nameOf), metrics, order);
  const isTooMany = all.length > order.limit;
  const groups = isTooMany ? all.slice(0, Math.max(1, order.limit)) : all;
  return { groups, hiddenCount: all.length - groups.length, metrics, otherMetrics, isOverTime };
}

function hasSeveralPoints({ points }: TileView['series'][number]): boolean {
  return points.length > 1;
}

function totals(view: TileView, metrics: readonly TileMetric[], nameOf: (index: number) => string): BarGroup[] {
  const byGroup = new Map<string, { index: number; values: (number | null)[]; compared: number | null | undefined }>();
  for (const [index, series] of view.series.entries()) {
    const place = metrics.findIndex(({ id }) => id === series.metric);
    if (place === -1) continue;
    const key = JSON.stringify(series.group);
    const group = byGroup.get(key) ?? { index, values: metrics.map(() => null), compared: undefined };
    group.values[place] = series.total;
    if (place === 0) group.compared = series.compareTotal;
    byGroup.set(key, group);
  }
  return [...byGroup].map(([key, { index, values, compared }]) => ({
    key,
    name: nameOf(index),
    seriesIndex: index,
    values,
    compared,
    fromMs: undefined,
    isOpen: false,
  }));
}

function sorted(groups: readonly BarGroup[], metrics: readonly TileMetric[], order: BarOrder): readonly BarGroup[] {
  const isByName = order.sortBy === 'name';
  const direction = (order.isDescending ?? !isByName) ? -1 : 1;
  const byName = (a: BarGroup, b: BarGroup): number => a.name.localeCompare(b.name, order.locale, { numeric: true });
  if (isByName) return [...groups].sort((a, b) => direction * byName(a, b));
  const place = Math.max(
    0,
    metrics.findIndex(({ id }) => id === order.sortBy),
  );
  return [...groups].sort((a, b) => {
    const [left, right] = [a.values[place] ?? null, b.values[place] ?? null];
    // What has no value stands last in either direction.
    if (left === null || right === null) return Number(left === null) - Number(right === null) || byName(a, b);
    return direction * (left - right) || byName(a, b);
  });
}

function buckets(view: TileView, metrics: readonly TileMetric[]): readonly BarGroup[] {
  const drawn = metrics.map(({ id }) => view.series.find(({ metric }) => metric === id));
  const times = [...new Set(drawn.flatMap((series) => series?.points.map(([time]) => time) ?? []))];
  const values = drawn.map((series) => new Map(series?.points));
  const compared = new Map(drawn[0]?.comparePoints);
  return times
    .sort((a, b) => a - b)
    .map((fromMs) => ({
      key: String(fromMs),
      name: '',
      seriesIndex: undefined,
      values: values.map((map) => map.get(fromMs) ?? null),
      compared: compared.get(fromMs),
      fromMs,
      isOpen: view.openFromMs !== undefined && fromMs >= view.openFromMs,
    }));
}

/** The usual width of a bucket: the smallest distance between two. */
export function bucketMs(groups: readonly BarGroup[]): number {
  let smallest = Infinity;
  for (const [index, { fromMs }] of groups.entries()) {
    const before = groups[index - 1]?.fromMs;
    if (fromMs !== undefined && before !== undefined) smallest = Math.min(smallest, fromMs - before);
  }
  return Number.isFinite(smallest) ? smallest : 60_000;
}

const CHAR_PX = 6.6;
const NAME_GAP_PX = 10;

/** Lays bars down where names are too long to stand side by side. */
export function isHorizontal(orientation: WidgetOptions['orientation'], bars: BarGroups, widthPx: number): boolean {
  if (bars.isOverTime) return false;
  if (orientation === 'horizontal' || orientation === 'vertical') return orientation === 'horizontal';
  const slotPx = widthPx / Math.max(1, bars.groups.length);
  return bars.groups.some(({ name }) => name.length * CHAR_PX + NAME_GAP_PX > slotPx);
}

/** A name cut to a width with an ellipsis. */
export function fittedName(name: string, widthPx: number): string {
  const fits = Math.floor(widthPx / CHAR_PX);
  return name.length <= fits ? name : `${name.slice(0, Math.max(1, fits - 1)).trimEnd()}…`;
}

const MIN_BAR_PX = 6;
const MAX_UPRIGHT_PX = 56;
/** Thickest lying bar, in sizes of the text beside it. */
const MAX_LYING_EM = 2.25;
const SLOT_SHARE = 0.68;

/** How thick each of the bars of one place is: at least 6 px wherever the place has so much. */
export function barThicknessPx(slotPx: number, barsPerSlot: number, isLying: boolean, textPx = 12): number {
  const share = (slotPx * SLOT_SHARE) / Math.max(1, barsPerSlot);
  const most = isLying ? MAX_LYING_EM * textPx : MAX_UPRIGHT_PX;
  const least = Math.min(MIN_BAR_PX, (slotPx - 1) / Math.max(1, barsPerSlot));
  return Math.max(least, Math.min(most, share));
}
