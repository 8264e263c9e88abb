import type { ChartConfiguration, ChartOptions, Scale } from 'chart.js';
import { axisTicks } from './axis.ts';
import type { ValueAxis } from './axis.ts';
import type { BarChartView } from './bar-view.ts';
import { QUIET_OPTIONS, paintingPlugin } from './chart-configuration.ts';
import type { Painting } from './chart-configuration.ts';

/** A bar in a chart's own values. */
export interface Cell {
  x: number | null;
  y: number | null;
}

/** What the configuration asks of its chart while it draws, so that it is written once and never replaced. */
export interface BarDrawing extends Painting {
  readonly view: BarChartView | undefined;
  readonly axis: ValueAxis | undefined;
}

type LinearOptions = NonNullable<NonNullable<ChartOptions<'bar'>['scales']>[string]>;

/** The library's configuration with everything off that costs time. */
export function barConfiguration(isLying: boolean, drawing: BarDrawing): ChartConfiguration<'bar', Cell[]> {
  return {
    type: 'bar',
    data: { datasets: [] },
    plugins: [paintingPlugin(drawing)],
    options: {
      ...QUIET_OPTIONS,
      indexAxis: isLying ? 'y' : 'x',
      layout: { padding: { top: 0 } },
      scales: isLying
        ? { x: { type: 'linear', display: false }, y: { type: 'linear', display: false, reverse: true, offset: false } }
        : { x: indexScale(drawing), y: valueScale(drawing) },
    },
  };
}

function indexScale(drawing: BarDrawing): LinearOptions {
  return {
    type: 'linear',
    offset: false,
    afterBuildTicks: (scale: Scale) => {
      scale.ticks = (drawing.view?.ticks ?? []).map(({ at }) => ({ value: at }));
    },
    grid: { display: false },
    border: { display: false },
    ticks: {
      autoSkip: false,
      maxRotation: 0,
      padding: 4,
      callback: (_value: number | string, index: number) => drawing.view?.ticks[index]?.text ?? '',
    },
  };
}

function valueScale(drawing: BarDrawing): LinearOptions {
  return {
    type: 'linear',
    afterBuildTicks: (scale: Scale) => {
      scale.ticks = drawing.axis === undefined ? [] : axisTicks(drawing.axis).map((value) => ({ value }));
    },
    border: { display: false },
    grid: { drawTicks: false },
    ticks: {
      autoSkip: false,
      padding: 8,
      callback: (value: number | string) => drawing.view?.formatTick(Number(value)) ?? '',
    },
  };
}
