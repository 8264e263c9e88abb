import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { readColours } from './chart-theme.ts';
import type { ResolvedColours } from './chart-theme.ts';
import { LineChart } from './line-chart.ts';
import type { LineChartMode, LineChartView } from './line-chart.ts';
import type { ThemeName } from '../theme/tokens.ts';

type Host = ReactiveControllerHost & HTMLElement;

/** What a host shows: the colours are resolved by the controller, once per theme. */
export type ViewOf = (colours: ResolvedColours) => LineChartView | undefined;

/**
 * Owns the chart of a tag: makes it when the canvas first comes near the screen, keeps it as large as its box, frees
 * it when the tag leaves the page.
 */
export class ChartController implements ReactiveController {
  readonly #host: Host;
  readonly #mode: LineChartMode;
  readonly #resize: ResizeObserver;
  readonly #visibility: IntersectionObserver;
  #chart: LineChart | undefined;
  #canvas: HTMLCanvasElement | undefined;
  #colours: ResolvedColours | undefined;
  #theme: ThemeName | undefined;
  #isNearScreen = false;
  #viewOf: ViewOf | undefined;

  constructor(host: Host, mode: LineChartMode) {
    this.#host = host;
    this.#mode = mode;
    this.#resize = new ResizeObserver(([entry]) => {
      if (entry !== undefined) this.#chart?.resize(entry.contentRect.width, entry.contentRect.height);
      host.requestUpdate();
    });
    this.#visibility = new IntersectionObserver(
      (entries) => {
        this.#isNearScreen = entries.at(-1)?.isIntersecting ?? false;
        if (this.#isNearScreen) this.#draw();
      },
      { rootMargin: '200px' },
    );
    host.addController(this);
  }

  /** The chart, once it exists. */
  get chart(): LineChart | undefined {
    return this.#chart;
  }

  /** The colours of the current theme, once they are known. */
  get colours(): ResolvedColours | undefined {
    return this.#colours;
  }

  /** Shows a view on a canvas; off screen it is only remembered. */
  show(canvas: HTMLCanvasElement | undefined, theme: ThemeName, viewOf: ViewOf): void {
    if (canvas !== this.#canvas) this.#adopt(canvas);
    if (theme !== this.#theme || this.#colours === undefined) {
      this.#theme = theme;
      this.#colours = readColours(this.#host);
      this.#chart?.setTheme(this.#colours.chart);
    }
    this.#viewOf = viewOf;
    if (this.#isNearScreen) this.#draw();
  }

  hostConnected(): void {
    this.#visibility.observe(this.#host);
  }

  hostDisconnected(): void {
    this.#visibility.disconnect();
    this.#adopt(undefined);
  }

  #adopt(canvas: HTMLCanvasElement | undefined): void {
    this.#resize.disconnect();
    this.#chart?.destroy();
    this.#chart = undefined;
    this.#canvas = canvas;
    if (canvas?.parentElement) this.#resize.observe(canvas.parentElement);
  }

  #draw(): void {
    if (this.#canvas === undefined || this.#colours === undefined) return;
    const view = this.#viewOf?.(this.#colours);
    if (view === undefined) return;
    if (this.#chart === undefined) {
      this.#chart = new LineChart(this.#canvas, this.#colours.chart, this.#mode);
      const box = this.#canvas.parentElement?.getBoundingClientRect();
      if (box !== undefined) this.#chart.resize(box.width, box.height);
    }
    this.#chart.show(view);
  }
}
