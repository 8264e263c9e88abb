import type { WidgetOptions } from '@lumina/contracts';
import type { TileView } from '../../client/tile-view.ts';
import type { ResolvedColours } from '../../charts/chart-theme.ts';
import type { LineChartView, LineSeries } from '../../charts/line-view.ts';
import { msg } from '@lit/localize';
import { formatTime, formatValueText } from '../../i18n/format.ts';
import type { Density } from '../../theme/tokens.ts';
import { textPxOf } from './text-size.ts';
import { tickText } from './tick-text.ts';
import type { TileTable } from './tile-table.ts';
import { instantText, timePrecision } from './tile-time.ts';

/** What a line chart is made of. */
export interface LineInputs {
  readonly view: TileView;
  readonly options: WidgetOptions;
  readonly locale: string;
  readonly isMuted: boolean;
  readonly density: Density;
  /** Index of the series that stands out. */
  readonly highlight: number | undefined;
  readonly placeOf: (index: number) => number;
  readonly colours: ResolvedColours;
}

/** Turns what a tile is given into what the chart draws. */
export function lineChartView(inputs: LineInputs): LineChartView {
  const { view, options, locale } = inputs;
  const secondUnit = view.metrics.find(({ unit }) => unit !== view.unit)?.unit;
  const spanKey = String(Math.round(Math.log2(Math.max(1, view.toMs - view.fromMs))));
  return {
    series: seriesOf(inputs),
    fromMs: view.fromMs,
    toMs: view.toMs,
    openFromMs: view.openFromMs,
    unit: view.unit,
    secondUnit,
    timeZone: view.timeZone,
    target: options.target,
    thresholds: options.thresholds,
    min: options.min,
    max: options.max,
    scaleKey: [...view.metrics.map(({ id }) => id), spanKey, options.min, options.max, options.isStacked].join(' '),
    isArea: options.isArea === true,
    isStacked: options.isStacked === true,
    isMuted: inputs.isMuted,
    highlight: inputs.highlight === undefined ? undefined : view.series[inputs.highlight]?.key,
    textPx: textPxOf(inputs.density),
    formatTick: (value, axis) => tickText(value, axis === 0 ? view.unit : (secondUnit ?? view.unit), locale),
    formatTime: (epochMs) => formatTime(epochMs, locale, view.timeZone, timePrecision(view)),
  };
}

function seriesOf({ view, placeOf, colours }: LineInputs): readonly LineSeries[] {
  return view.series.flatMap((series, index): LineSeries[] => {
    const place = placeOf(index);
    const line = {
      key: series.key,
      entity: series.key,
      colour: colours.series[place % colours.series.length] ?? '',
      place,
      points: series.points,
      axis: series.unit === view.unit ? 0 : 1,
      isCompared: false,
    } as const;
    if (series.comparePoints === undefined) return [line];
    return [line, { ...line, key: `${series.key} compared`, points: series.comparePoints, isCompared: true }];
  });
}

/** All points of a view as rows: a time, then a column per series. */
export function lineTable(
  view: TileView | undefined,
  caption: string,
  locale: string,
  nameOf: (index: number) => string,
): TileTable {
  const series = view?.series ?? [];
  const columns = [msg('Time', { id: 'chart.time' }), ...series.map((_series, index) => nameOf(index))];
  if (view === undefined) return { caption, columns, rows: [] };
  const values = series.map(({ points }) => new Map(points));
  const times = [...new Set(series.flatMap(({ points }) => points.map(([time]) => time)))].sort((a, b) => a - b);
  const rows = times.map((time) => [
    instantText(view, time, locale),
    ...series.map(({ unit }, index) => formatValueText(values[index]?.get(time) ?? null, unit, locale)),
  ]);
  return { caption, columns, rows };
}
