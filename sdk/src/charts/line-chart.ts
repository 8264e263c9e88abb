import { Chart, Filler, LineController, LineElement, LinearScale, PointElement } from 'chart.js';
import type { ChartDataset } from 'chart.js';
import { SteadyAxis } from './axis.ts';
import type { ValueAxis } from './axis.ts';
import { CanvasChart } from './canvas-chart.ts';
import { faded, patternOf } from './chart-theme.ts';
import type { ChartTheme } from './chart-theme.ts';
import { lineConfiguration } from './line-configuration.ts';
import type { LineDrawing } from './line-configuration.ts';
import { linePartsOf } from './line-data.ts';
import type { LineParts, XY } from './line-data.ts';
import { linesOf } from './line-view.ts';
import type { LineChartMode, LineChartView, LineSeries } from './line-view.ts';
import { paintBands, paintTarget } from './paint.ts';
import type { Backdrop, PlotBox } from './paint.ts';
import { paintLineEnd } from './paint-line-end.ts';
import { timeTicks } from './time-ticks.ts';

Chart.register(LineController, LineElement, PointElement, LinearScale, Filler);

/** Widths of lines in sizes of the text beside them, so that a wall shows them from afar. */
const LINE_WIDTH_EM = 1.75 / 12;
const SPARK_WIDTH_EM = 1.5 / 12;
const PX_PER_POINT = 2;
const PX_PER_TIME_TICK = 72;
const TIME_TEXT_PX = 44;
const LOW_PLOT_PX = 130;
const COMPARE_DASH = [4, 4];
const COMPARE_PERCENT = 55;
const MUTED_PERCENT = 45;
const ASIDE_PERCENT = 22;

interface Drawn {
  readonly series: LineSeries;
  readonly parts: LineParts;
  readonly colour: string;
}

interface Prepared extends LineParts {
  readonly source: LineSeries['points'];
  readonly openFromMs: number | undefined;
  readonly limit: number;
}

/** Draws lines on a canvas. All charts of a page draw in one frame; nothing is animated. */
export class LineChart extends CanvasChart<LineChartView> implements LineDrawing {
  protected readonly chart: Chart<'line', XY[]>;
  readonly #mode: LineChartMode;
  readonly #axes = [new SteadyAxis(), new SteadyAxis()] as const;
  readonly #datasets = new Map<string, ChartDataset<'line', XY[]>>();
  readonly #prepared = new Map<string, Prepared>();
  #drawn: readonly Drawn[] = [];
  #axisNow: readonly (ValueAxis | undefined)[] = [];

  /** Called after each drawing: places on the canvas may have moved. */
  onDrawn: (() => void) | undefined;

  constructor(canvas: HTMLCanvasElement, theme: ChartTheme, mode: LineChartMode = 'plot') {
    super(theme);
    this.#mode = mode;
    this.chart = new Chart(canvas, lineConfiguration(mode, this));
  }

  /** Where an instant lies on the canvas, px from its left edge. */
  pixelOf(epochMs: number): number {
    return this.chart.scales['x']?.getPixelForValue(epochMs) ?? 0;
  }

  /** The instant under a place on the canvas. */
  timeAt(px: number): number {
    return this.chart.scales['x']?.getValueForPixel(px) ?? 0;
  }

  /** Where a value of a series lies on the canvas, px from its top. */
  heightOf(value: number, axis: 0 | 1 = 0): number {
    return this.chart.scales[axis === 0 ? 'y' : 'y2']?.getPixelForValue(value) ?? 0;
  }

  /** The plot's box on the canvas. */
  plotArea(): { readonly left: number; readonly right: number; readonly top: number; readonly bottom: number } {
    const { left, right, top, bottom } = this.chart.chartArea;
    return { left, right, top, bottom };
  }

  /** Where each series ends, by key: the place of its newest value, px from the top. */
  ends(): ReadonlyMap<string, number> {
    return new Map(
      this.#drawn.flatMap(({ series, parts }) =>
        series.isCompared || parts.newest === undefined
          ? []
          : [[series.key, this.heightOf(parts.newest.y, series.axis)]],
      ),
    );
  }

  /** Where each drawn line is at an instant, by key: px from the top. A stacked line is where it was stacked. */
  placesAt(epochMs: number): ReadonlyMap<string, number> {
    const places = new Map<string, number>();
    for (const { series } of this.#drawn) {
      const value = series.points.find(([time]) => time === epochMs)?.[1] ?? null;
      if (value !== null && !series.isCompared) places.set(series.key, this.heightOf(value, series.axis));
    }
    return places;
  }

  override destroy(): void {
    this.onDrawn = undefined;
    super.destroy();
  }

  // What the configuration asks while it draws.

  axis(index: 0 | 1): ValueAxis | undefined {
    return this.#axisNow[index];
  }

  timeTicks(): readonly number[] {
    const view = this.view;
    if (view === undefined) return [];
    const limit = Math.max(2, Math.floor(this.size.widthPx / PX_PER_TIME_TICK));
    // A text at the very end would push the end of the lines away from their names.
    const lastMs = view.toMs - (view.toMs - view.fromMs) * (TIME_TEXT_PX / 2 / this.size.widthPx);
    return timeTicks(view.fromMs, view.toMs, limit, view.timeZone).filter((time) => time <= lastMs);
  }

  paintBehind(): void {
    const backdrop = this.#backdrop();
    if (backdrop === undefined || this.#mode === 'spark') return;
    paintBands(this.#box(), this.theme, backdrop);
  }

  paintAbove(): void {
    const backdrop = this.#backdrop();
    const view = this.view;
    if (backdrop === undefined || view === undefined) return;
    const box = this.#box();
    for (const { series, parts, colour } of [...this.#drawn].reverse()) {
      paintLineEnd(box.ctx, parts, {
        colour,
        widthPx: this.#widthPx(view),
        dotRadiusPx: series.isCompared ? 0 : this.#mode === 'spark' ? 2 : 3,
        ring: this.theme.tile,
        placeOf: ({ x, y }) => ({ x: this.pixelOf(x), y: this.heightOf(y, series.axis) }),
      });
    }
    paintTarget(box, this.theme, backdrop);
  }

  protected override draw(view: LineChartView): void {
    const limit = Math.max(8, Math.floor(this.size.widthPx / PX_PER_POINT));
    const lines = linesOf(view);
    this.#drawn = lines.map((series) => ({
      series,
      parts: this.#partsOf(series, view.openFromMs, limit),
      colour: faded(series.colour, this.#strengthOf(series, view)),
    }));
    this.#applyAxes(view);
    this.chart.data.datasets = this.#drawn.map((drawn, index) => this.#dataset(drawn, index, view));
    this.#forget(new Set(lines.map(({ key }) => key)));
    this.chart.update('none');
    this.onDrawn?.();
  }

  #widthPx({ textPx }: LineChartView): number {
    return textPx * (this.#mode === 'spark' ? SPARK_WIDTH_EM : LINE_WIDTH_EM);
  }

  #strengthOf(series: LineSeries, view: LineChartView): number {
    const isAside = view.highlight !== undefined && view.highlight !== series.entity;
    const base = view.isMuted ? MUTED_PERCENT : 100;
    return Math.min(base, isAside ? ASIDE_PERCENT : 100, series.isCompared ? COMPARE_PERCENT : 100);
  }

  #partsOf(series: LineSeries, openFromMs: number | undefined, limit: number): LineParts {
    const known = this.#prepared.get(series.key);
    if (known?.source === series.points && known.limit === limit && known.openFromMs === openFromMs) return known;
    const parts = linePartsOf(series.points, series.isCompared ? undefined : openFromMs, limit);
    this.#prepared.set(series.key, { ...parts, source: series.points, openFromMs, limit });
    return parts;
  }

  /** Datasets are kept from drawing to drawing: a new one would make the library build all its elements anew. */
  #dataset({ series, parts, colour }: Drawn, index: number, view: LineChartView): ChartDataset<'line', XY[]> {
    let dataset = this.#datasets.get(series.key);
    if (dataset === undefined) {
      dataset = { data: [], pointRadius: 0, pointHitRadius: 0, clip: 4 };
      this.#datasets.set(series.key, dataset);
    }
    const isSpark = this.#mode === 'spark';
    const isFilled = !series.isCompared && (view.isArea || view.isStacked || isSpark);
    const strength = this.#strengthOf(series, view) / 100;
    return Object.assign(dataset, {
      data: parts.closed,
      yAxisID: series.axis === 0 ? 'y' : 'y2',
      borderColor: colour,
      borderWidth: this.#widthPx(view),
      borderDash: series.isCompared
        ? COMPARE_DASH
        : this.theme.hasPatterns && !isSpark && !view.isStacked
          ? patternOf(series.place)
          : [],
      backgroundColor: faded(series.colour, Math.round((view.isStacked ? 32 : 10) * strength)),
      fill: isFilled ? (view.isStacked && index > 0 ? '-1' : 'start') : false,
    });
  }

  #applyAxes(view: LineChartView): void {
    const isSpark = this.#mode === 'spark';
    const nowMs = performance.now();
    const intervals = this.size.heightPx < LOW_PLOT_PX ? 2 : 4;
    this.#axisNow = this.#axes.map((steady, index) => {
      const own = this.#drawn.filter(({ series }) => series.axis === index);
      if (own.length === 0) return undefined;
      const values = own.flatMap(({ parts }) => parts.extent ?? []);
      if (index === 0 && view.target !== undefined) values.push(view.target);
      const [first = 0] = values;
      const lowest = values.reduce((least, value) => Math.min(least, value), first);
      const highest = values.reduce((most, value) => Math.max(most, value), first);
      const limits = index === 0 && !isSpark ? { min: view.min, max: view.max } : {};
      const unit = (index === 0 ? view.unit : view.secondUnit) ?? 'count';
      const need = { lowest, highest, unit, intervals, isTight: isSpark, ...limits };
      return steady.next(need, `${view.scaleKey} ${String(intervals)}`, nowMs);
    });
    const { scales } = this.chart.options;
    Object.assign(scales?.['x'] ?? {}, { min: view.fromMs, max: view.toMs });
    for (const [index, id] of (['y', 'y2'] as const).entries()) {
      const axis = this.#axisNow[index];
      const ends = { min: axis?.min ?? 0, max: axis?.max ?? 1 };
      Object.assign(scales?.[id] ?? {}, { ...ends, display: !isSpark && axis !== undefined });
    }
  }

  #box(): PlotBox {
    const { ctx } = this.chart;
    return { ctx, ...this.plotArea(), placeOf: (value) => this.heightOf(value), isHorizontal: false };
  }

  #backdrop(): Backdrop | undefined {
    const [axis] = this.#axisNow;
    const view = this.view;
    if (axis === undefined || view === undefined) return undefined;
    const { thresholds, target } = view;
    return { thresholds, target, min: axis.min, max: axis.max };
  }

  #forget(keys: ReadonlySet<string>): void {
    for (const key of this.#datasets.keys()) {
      if (keys.has(key)) continue;
      this.#datasets.delete(key);
      this.#prepared.delete(key);
    }
  }
}
