import { DIMENSION_OF_VARIABLE } from '@lumina/contracts';
import type { DashboardVariable, MetricId, MetricQuery, Widget, WidgetKind, WidgetOptions } from '@lumina/contracts';

/** A board as it is written down: what it is for, and its tiles. */
export interface Board {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly variables?: readonly DashboardVariable[];
  readonly widgets: readonly Widget[];
}

/** The tile's question: one metric or several, and how they are asked. */
export type TileQuery = Omit<MetricQuery, 'ref' | 'metrics' | 'groupBy'> & { readonly groupBy?: string };

/** Place on the grid of 12 columns: x, y, width, height. */
export type Place = readonly [x: number, y: number, w: number, h: number];

/** Leaves out what has no such id, e.g. calls that met no queue: they would be a row of their own. */
export function withoutNone(dim: string): NonNullable<MetricQuery['filters']> {
  return [{ dim, op: 'ne', values: ['-'] }];
}

/** Tiles that show what is chosen over the board. */
export function chosenBy({ name, kind }: DashboardVariable, widgets: readonly Widget[]): readonly Widget[] {
  const filter = { dim: DIMENSION_OF_VARIABLE[kind], op: 'in' as const, values: [`$${name}`] };
  return widgets.map((widget) => {
    const { query } = widget;
    return { ...widget, query: { ...query, filters: [...(query.filters ?? []), filter] } };
  });
}

/** One tile. The ref of its query is its own id, so that a reply can be told apart by tile. */
export function tile(
  id: string,
  kind: WidgetKind,
  [x, y, w, h]: Place,
  title: string,
  metrics: MetricId | readonly MetricId[],
  query: TileQuery = {},
  options?: WidgetOptions,
): Widget {
  const { groupBy, ...rest } = query;
  return {
    id,
    kind,
    title,
    x,
    y,
    w,
    h,
    query: {
      ref: id,
      metrics: typeof metrics === 'string' ? [metrics] : [...metrics],
      ...(groupBy === undefined ? {} : { groupBy: [groupBy] }),
      ...rest,
    },
    ...(options === undefined ? {} : { options }),
  };
}

/** Sampled as it is now, where the metric has such a figure. */
export const NOW: TileQuery = { options: { stat: 'now' } };
/** What a tile says it is about when its figure is of this instant, whatever the range of the board. */
export const OF_NOW: WidgetOptions = { subtitle: 'now' };
