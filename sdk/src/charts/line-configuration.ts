import type { ChartConfiguration, ChartOptions, Scale } from 'chart.js';
import { axisTicks } from './axis.ts';
import type { ValueAxis } from './axis.ts';
import { QUIET_OPTIONS, paintingPlugin } from './chart-configuration.ts';
import type { Painting } from './chart-configuration.ts';
import type { XY } from './line-data.ts';
import type { LineChartMode, LineChartView } from './line-view.ts';

/** What the configuration asks of its chart while it draws, so that it is written once and never replaced. */
export interface LineDrawing extends Painting {
  readonly view: LineChartView | undefined;
  axis: (index: 0 | 1) => ValueAxis | undefined;
  timeTicks: () => readonly number[];
}

/** The library's configuration with everything off that costs time. */
export function lineConfiguration(mode: LineChartMode, drawing: LineDrawing): ChartConfiguration<'line', XY[]> {
  const isPlot = mode === 'plot';
  return {
    type: 'line',
    data: { datasets: [] },
    plugins: [paintingPlugin(drawing)],
    options: {
      ...QUIET_OPTIONS,
      spanGaps: false,
      elements: { line: { tension: 0, borderJoinStyle: 'round', borderCapStyle: 'butt' }, point: { radius: 0 } },
      layout: { padding: isPlot ? { top: 8, right: 6 } : { top: 4, bottom: 3, left: 0, right: 4 } },
      scales: {
        x: { ...timeAxis(drawing), display: isPlot },
        y: { ...valueAxis(drawing, 0), display: isPlot },
        y2: { ...valueAxis(drawing, 1), display: false },
      },
    },
  };
}

type LinearOptions = NonNullable<NonNullable<ChartOptions<'line'>['scales']>[string]>;

function timeAxis(drawing: LineDrawing): LinearOptions {
  return {
    type: 'linear',
    afterBuildTicks: (scale: Scale) => {
      scale.ticks = drawing.timeTicks().map((value) => ({ value }));
    },
    grid: { display: false },
    border: { display: true },
    ticks: {
      autoSkip: false,
      maxRotation: 0,
      padding: 4,
      callback: (value: number | string) => drawing.view?.formatTime(Number(value)) ?? '',
    },
  };
}

function valueAxis(drawing: LineDrawing, index: 0 | 1): LinearOptions {
  return {
    type: 'linear',
    position: index === 0 ? 'left' : 'right',
    afterBuildTicks: (scale: Scale) => {
      const axis = drawing.axis(index);
      scale.ticks = axis === undefined ? [] : axisTicks(axis).map((value) => ({ value }));
    },
    border: { display: false },
    grid: { drawTicks: false, display: index === 0 },
    ticks: {
      autoSkip: false,
      padding: 8,
      callback: (value: number | string) => drawing.view?.formatTick(Number(value), index) ?? '',
    },
  };
}
