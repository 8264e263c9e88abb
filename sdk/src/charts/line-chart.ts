import { Chart, Filler, LineController, LineElement, LinearScale, PointElement } from 'chart.js';
import type { ChartConfiguration, ChartDataset, ScriptableLineSegmentContext } from 'chart.js';
import { steadyAxis, timeTicks } from './axis.ts';
import type { ValueAxis } from './axis.ts';
import { decimate } from './decimate.ts';
import type { Point } from './decimate.ts';
import { cancelFrame, inNextFrame } from './frame-flush.ts';

Chart.register(LineController, LineElement, PointElement, LinearScale, Filler);

/** One line. */
export interface LineSeries {
  readonly label: string;
  readonly colour: string;
  readonly points: readonly Point[];
}

/** Everything a line chart draws. */
export interface LineChartView {
  readonly series: readonly LineSeries[];
  readonly fromMs: number;
  readonly toMs: number;
  /** Start of the bucket that is still filling; drawn dashed. */
  readonly openFromMs: number | undefined;
  readonly unit: string;
  readonly timeZone: string;
  readonly target: number | undefined;
  /** Set while the lines may not be read as current: they fade, the axes stay readable. */
  readonly muted: boolean;
  readonly formatTick: (value: number) => string;
  readonly formatTime: (epochMs: number) => string;
}

/** Colours and type of the surroundings, resolved once per theme. */
export interface ChartTheme {
  readonly grid: string;
  readonly text: string;
  readonly target: string;
  readonly font: string;
}

/** `plot` has axes, `spark` is the bare line at the edge of a number. */
export type LineChartMode = 'plot' | 'spark';

interface XY {
  x: number;
  y: number | null;
}

const LINE_WIDTH = 1.75;
const PX_PER_POINT = 2;
const PX_PER_TIME_TICK = 90;
const OPEN_DASH = [3, 3];

/** Draws lines on a canvas. All charts of a page draw in one frame; nothing is animated. */
export class LineChart {
  readonly #chart: Chart<'line', XY[]>;
  readonly #mode: LineChartMode;
  readonly #draw = (): void => {
    this.#flush();
  };
  #view: LineChartView | undefined;
  #theme: ChartTheme;
  #axis: ValueAxis | undefined;
  #widthPx = 0;

  constructor(canvas: HTMLCanvasElement, theme: ChartTheme, mode: LineChartMode = 'plot') {
    this.#mode = mode;
    this.#theme = theme;
    this.#chart = new Chart(canvas, configuration(mode));
  }

  /** Shows a view in the next frame. */
  show(view: LineChartView): void {
    if (view.unit !== this.#view?.unit) this.#axis = undefined;
    this.#view = view;
    inNextFrame(this.#draw);
  }

  /** Takes over the colours of a theme. */
  setTheme(theme: ChartTheme): void {
    this.#theme = theme;
    inNextFrame(this.#draw);
  }

  /** Fits the canvas to its box. */
  resize(widthPx: number, heightPx: number): void {
    if (widthPx <= 0 || heightPx <= 0) return;
    this.#widthPx = widthPx;
    this.#chart.resize(Math.floor(widthPx), Math.floor(heightPx));
    inNextFrame(this.#draw);
  }

  /** Where an instant lies on the canvas, px from its left edge. */
  pixelOf(epochMs: number): number {
    return this.#chart.scales['x']?.getPixelForValue(epochMs) ?? 0;
  }

  /** The instant under a place on the canvas. */
  timeAt(px: number): number {
    return this.#chart.scales['x']?.getValueForPixel(px) ?? 0;
  }

  /** The plot's box on the canvas. */
  plotArea(): { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number } {
    const { left, right, top, bottom } = this.#chart.chartArea;
    return { left, right, top, bottom };
  }

  /** Frees the canvas. */
  destroy(): void {
    cancelFrame(this.#draw);
    this.#chart.destroy();
  }

  #flush(): void {
    const view = this.#view;
    if (view === undefined) return;
    const limit = Math.max(8, Math.floor(this.#widthPx / PX_PER_POINT));
    this.#chart.data.datasets = view.series.map((series) => this.#dataset(series, view, limit));
    this.#applyAxes(view);
    this.#chart.update('none');
  }

  #dataset(series: LineSeries, view: LineChartView, limit: number): ChartDataset<'line', XY[]> {
    const data = decimate(series.points, limit).map(([x, y]) => ({ x, y }));
    const { openFromMs } = view;
    const isSpark = this.#mode === 'spark';
    const colour = view.muted ? `color-mix(in srgb, ${series.colour} 45%, transparent)` : series.colour;
    return {
      label: series.label,
      data,
      borderColor: colour,
      backgroundColor: `color-mix(in srgb, ${series.colour} ${view.muted ? '5%' : '10%'}, transparent)`,
      pointBackgroundColor: colour,
      // Lines that run along the edge of the scale keep their full width, and newest points are never cut.
      clip: 4,
      borderWidth: isSpark ? 1.5 : LINE_WIDTH,
      fill: isSpark,
      pointRadius: data.map((_point, index) => radiusOf(data, index, isSpark)),
      segment: {
        borderDash: (segment: ScriptableLineSegmentContext) =>
          openFromMs !== undefined && (segment.p1.parsed.x ?? 0) >= openFromMs ? OPEN_DASH : undefined,
      },
    };
  }

  #applyAxes(view: LineChartView): void {
    const { scales } = this.#chart.options;
    const x = scales?.['x'];
    const y = scales?.['y'];
    if (x === undefined || y === undefined) return;
    const highest = Math.max(
      view.target ?? 0,
      ...view.series.map(({ points }) => points.reduce((most, [, value]) => Math.max(most, value ?? 0), 0)),
    );
    this.#axis = steadyAxis(this.#axis, highest, view.unit);
    Object.assign(x, { min: view.fromMs, max: view.toMs });
    Object.assign(y, { min: 0, max: this.#mode === 'spark' ? Math.max(highest * 1.1, 1) : this.#axis.max });
    if (this.#mode === 'spark') return;
    const { step } = this.#axis;
    const tickLimit = Math.max(2, Math.floor(this.#widthPx / PX_PER_TIME_TICK));
    const instants = timeTicks(view.fromMs, view.toMs, tickLimit, view.timeZone);
    const font = { size: 12, family: this.#theme.font };
    Object.assign(x, {
      afterBuildTicks: (scale: { ticks: { value: number }[] }) => {
        scale.ticks = instants.map((value) => ({ value }));
      },
      grid: { display: false },
      border: { display: true, color: this.#theme.grid },
      ticks: {
        color: this.#theme.text,
        font,
        maxRotation: 0,
        autoSkip: false,
        padding: 4,
        callback: (value: number | string) => view.formatTime(Number(value)),
      },
    });
    Object.assign(y, {
      border: { display: false },
      grid: { color: this.#theme.grid, drawTicks: false },
      ticks: {
        stepSize: step,
        color: this.#theme.text,
        font,
        padding: 8,
        callback: (value: number | string) => view.formatTick(Number(value)),
      },
    });
  }
}

/** Points are drawn only where a line cannot say it: the newest value, and values alone between gaps. */
function radiusOf(data: readonly XY[], index: number, isSpark: boolean): number {
  if (data[index]?.y === null) return 0;
  const isLast = data.slice(index + 1).every(({ y }) => y === null);
  if (isLast) return isSpark ? 2 : 3;
  const isAlone = (data[index - 1]?.y ?? null) === null && (data[index + 1]?.y ?? null) === null;
  return isAlone ? LINE_WIDTH : 0;
}

function configuration(mode: LineChartMode): ChartConfiguration<'line', XY[]> {
  const isPlot = mode === 'plot';
  return {
    type: 'line',
    data: { datasets: [] },
    options: {
      animation: false,
      responsive: false,
      maintainAspectRatio: false,
      parsing: false,
      normalized: true,
      spanGaps: false,
      events: [],
      elements: { line: { tension: 0, borderJoinStyle: 'round', borderCapStyle: 'butt' }, point: { borderWidth: 0 } },
      layout: { padding: isPlot ? { top: 8, right: 8 } : { top: 3, bottom: 3, left: 0, right: 4 } },
      scales: {
        x: { type: 'linear', display: isPlot },
        y: { type: 'linear', display: isPlot },
      },
    },
  };
}
