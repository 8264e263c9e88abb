import { BarController, BarElement, Chart, LinearScale } from 'chart.js';
import type { ChartDataset } from 'chart.js';
import { SteadyAxis } from './axis.ts';
import type { ValueAxis } from './axis.ts';
import { barConfiguration } from './bar-configuration.ts';
import type { BarDrawing, Cell } from './bar-configuration.ts';
import { barThicknessPx } from './bar-groups.ts';
import type { Bar, BarChartView } from './bar-view.ts';
import { CanvasChart } from './canvas-chart.ts';
import { faded } from './chart-theme.ts';
import type { ChartTheme } from './chart-theme.ts';
import { paintBands, paintTarget } from './paint.ts';
import type { Backdrop, PlotBox } from './paint.ts';

Chart.register(BarController, BarElement, LinearScale);

const RADIUS_PX = 2;
const LABEL_ROOM_PX = 6;
const LOW_PLOT_PX = 130;
const MUTED_PERCENT = 45;
const OPEN_PERCENT = 50;
const ASIDE_PERCENT = 35;

/** Draws bars on a canvas, upright or lying. All charts of a page draw in one frame; nothing is animated. */
export class BarChart extends CanvasChart<BarChartView> implements BarDrawing {
  protected readonly chart: Chart<'bar', Cell[]>;
  readonly #axis = new SteadyAxis();
  readonly #isLying: boolean;
  #axisNow: ValueAxis | undefined;

  constructor(canvas: HTMLCanvasElement, theme: ChartTheme, isLying: boolean) {
    super(theme);
    this.#isLying = isLying;
    this.chart = new Chart(canvas, barConfiguration(isLying, this));
  }

  /** The bar at a place on the canvas; undefined beside all of them. */
  indexAt(px: number): number | undefined {
    const at = this.chart.scales[this.#isLying ? 'y' : 'x']?.getValueForPixel(px);
    const index = at === undefined ? -1 : Math.round(at);
    return index >= 0 && index < (this.view?.bars.length ?? 0) ? index : undefined;
  }

  /** Where a bar stands, px along the axis of the bars. */
  placeOf(index: number): number {
    return this.chart.scales[this.#isLying ? 'y' : 'x']?.getPixelForValue(index) ?? 0;
  }

  protected override draw(view: BarChartView): void {
    const need = { ...this.#ends(view), unit: view.unit, min: view.min, max: view.max };
    // Without grid lines finer steps leave less of the room unused.
    const intervals = !view.hasAxis ? 8 : this.size.heightPx < LOW_PLOT_PX ? 2 : 4;
    const key = `${view.scaleKey} ${String(intervals)}`;
    this.#axisNow = this.#axis.next({ ...need, intervals }, key, performance.now());
    this.#applyScales(view, this.#axisNow);
    this.chart.data.datasets = Array.from({ length: view.depth }, (_unused, at) => this.#dataset(view, at));
    this.chart.update('none');
  }

  #ends(view: BarChartView): { lowest: number; highest: number } {
    const sums = view.bars.flatMap(({ values, compared }) => {
      const known = values.filter((value) => value !== null);
      const drawn = view.isStacked ? [known.reduce((sum, value) => sum + value, 0)] : known;
      return compared === null || compared === undefined ? drawn : [...drawn, compared];
    });
    if (view.target !== undefined) sums.push(view.target);
    return { lowest: Math.min(0, ...sums), highest: Math.max(0, ...sums) };
  }

  #dataset(view: BarChartView, at: number): ChartDataset<'bar', Cell[]> {
    const lengthPx = this.#isLying ? this.size.heightPx : this.size.widthPx;
    const slotPx = lengthPx / Math.max(1, view.bars.length);
    return {
      // A value of 0 has no bar, which the library would draw with the least length of one.
      data: view.bars.map(({ values }, index) => this.#cell(index, values[at] === 0 ? null : (values[at] ?? null))),
      backgroundColor: view.bars.map((bar, index) => this.#colour(view, bar, index, at)),
      barThickness: barThicknessPx(slotPx, view.isStacked ? 1 : view.depth, this.#isLying, view.textPx),
      borderRadius: RADIUS_PX,
      minBarLength: 2,
      inflateAmount: 0,
    };
  }

  #cell(index: number, value: number | null): Cell {
    return this.#isLying ? { x: value, y: index } : { x: index, y: value };
  }

  #colour(view: BarChartView, bar: Bar, index: number, at: number): string {
    const isAside = view.highlight !== undefined && view.highlight !== index;
    const base = view.isMuted ? MUTED_PERCENT : 100;
    return faded(bar.colours[at] ?? '', Math.min(base, isAside ? ASIDE_PERCENT : 100, bar.isOpen ? OPEN_PERCENT : 100));
  }

  #applyScales(view: BarChartView, axis: ValueAxis): void {
    const { scales } = this.chart.options;
    const [indexScale, valueScale] = this.#isLying ? [scales?.['y'], scales?.['x']] : [scales?.['x'], scales?.['y']];
    const stacked = view.isStacked;
    Object.assign(indexScale ?? {}, { min: -0.5, max: view.bars.length - 0.5, stacked });
    Object.assign(valueScale ?? {}, { min: axis.min, max: axis.max, stacked, display: view.hasAxis && !this.#isLying });
    // Room for the texts above the highest bar.
    const top = this.#isLying ? 0 : view.hasAxis ? 8 : LABEL_ROOM_PX + view.textPx;
    Object.assign(this.chart.options.layout ?? {}, { padding: { top, right: this.#isLying ? 2 : 4 } });
  }

  #box(): PlotBox {
    const { ctx, chartArea } = this.chart;
    const { left, right, top, bottom } = chartArea;
    const scale = this.chart.scales[this.#isLying ? 'x' : 'y'];
    const placeOf = (value: number): number => scale?.getPixelForValue(value) ?? 0;
    return { ctx, left, right, top, bottom, placeOf, isHorizontal: this.#isLying };
  }

  #backdrop(view: BarChartView, axis: ValueAxis): Backdrop {
    const { thresholds, target } = view;
    return { thresholds, target, min: axis.min, max: axis.max };
  }

  // What the configuration asks while it draws.

  get axis(): ValueAxis | undefined {
    return this.#axisNow;
  }

  paintBehind(): void {
    const [view, axis] = [this.view, this.#axisNow];
    if (view === undefined || axis === undefined) return;
    if (this.#isLying && view.unit === '%' && axis.max === 100) this.#paintWholes(view);
    if (view.hasAxis && !this.#isLying) paintBands(this.#box(), this.theme, this.#backdrop(view, axis));
  }

  paintAbove(): void {
    const [view, axis] = [this.view, this.#axisNow];
    if (view === undefined || axis === undefined) return;
    const box = this.#box();
    this.#paintZero(box);
    for (const [index, bar] of view.bars.entries()) {
      this.#paintCompared(box, view, bar, index);
      if (!this.#isLying) this.#paintTexts(box, view, bar, index);
    }
    paintTarget(box, this.theme, this.#backdrop(view, axis));
  }

  /** The whole of which each bar is a share. */
  #paintWholes(view: BarChartView): void {
    const { ctx, left, right } = this.#box();
    const heightPx = barThicknessPx(this.size.heightPx / view.bars.length, 1, true, view.textPx);
    ctx.save();
    ctx.fillStyle = this.theme.grid;
    for (const index of view.bars.keys())
      ctx.fillRect(left, this.placeOf(index) - heightPx / 2, right - left, heightPx);
    ctx.restore();
  }

  #paintZero(box: PlotBox): void {
    const at = Math.round(box.placeOf(0)) + (this.#isLying ? 0.5 : -0.5);
    const { ctx } = box;
    ctx.save();
    ctx.strokeStyle = this.theme.zero;
    ctx.lineWidth = 1;
    ctx.beginPath();
    ctx.moveTo(...(this.#isLying ? ([at, box.top] as const) : ([box.left, at] as const)));
    ctx.lineTo(...(this.#isLying ? ([at, box.bottom] as const) : ([box.right, at] as const)));
    ctx.stroke();
    ctx.restore();
  }

  /** A tick across the bar where the compared range stood. */
  #paintCompared(box: PlotBox, view: BarChartView, bar: Bar, index: number): void {
    if (bar.compared === null || bar.compared === undefined || view.depth > 1) return;
    const lengthPx = this.#isLying ? this.size.heightPx : this.size.widthPx;
    const half = barThicknessPx(lengthPx / view.bars.length, 1, this.#isLying, view.textPx) / 2 + 2;
    const [value, place] = [box.placeOf(bar.compared), this.placeOf(index)];
    box.ctx.fillStyle = this.theme.text;
    if (this.#isLying) box.ctx.fillRect(Math.round(value) - 1, place - half, 2, half * 2);
    else box.ctx.fillRect(place - half, Math.round(value) - 1, half * 2, 2);
  }

  #paintTexts({ ctx, placeOf }: PlotBox, view: BarChartView, bar: Bar, index: number): void {
    if (bar.valueTexts.length === 0) return;
    const sum = bar.values.reduce<number>((total, value) => total + (value ?? 0), 0);
    ctx.save();
    ctx.font = `600 ${String(view.textPx)}px ${this.theme.font}`;
    ctx.fillStyle = view.isMuted ? this.theme.text : this.theme.textStrong;
    ctx.textAlign = 'center';
    ctx.textBaseline = 'bottom';
    for (const [at, text] of bar.valueTexts.entries()) {
      const top = Math.max(0, view.isStacked ? sum : (bar.values[at] ?? 0), bar.compared ?? 0);
      const element = view.isStacked ? undefined : this.chart.getDatasetMeta(at).data[index];
      ctx.fillText(text, element?.x ?? this.placeOf(index), placeOf(top) - 4);
    }
    ctx.restore();
  }
}
