import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { ThemeName } from '../theme/tokens.ts';
import { readColours } from './chart-theme.ts';
import type { ChartTheme, ResolvedColours } from './chart-theme.ts';
import { watchNearness, watchSize } from './observers.ts';

type Host = ReactiveControllerHost & HTMLElement;

/** A chart on a canvas. */
export interface TileChart<View> {
  show: (view: View) => void;
  setTheme: (theme: ChartTheme) => void;
  resize: (widthPx: number, heightPx: number) => void;
  destroy: () => void;
}

/** Makes the chart of a canvas, in the colours of the moment. */
export type ChartFactory<Chart> = (canvas: HTMLCanvasElement, theme: ChartTheme) => Chart;

/**
 * Owns the chart of a tag: makes it when the tag first comes near the screen, feeds it only while it is there, keeps it
 * as large as its box, frees it when the tag leaves the page.
 */
export class ChartController<View, Chart extends TileChart<View>> implements ReactiveController {
  readonly #host: Host;
  readonly #factory: ChartFactory<Chart>;
  #chart: Chart | undefined;
  #canvas: HTMLCanvasElement | undefined;
  #colours: ResolvedColours | undefined;
  #theme: ThemeName | undefined;
  #size = { widthPx: 0, heightPx: 0 };
  #isNearScreen = false;
  #viewOf: ((colours: ResolvedColours) => View | undefined) | undefined;
  #unwatchNearness: (() => void) | undefined;
  #unwatchSize: (() => void) | undefined;

  constructor(host: Host, factory: ChartFactory<Chart>) {
    this.#host = host;
    this.#factory = factory;
    host.addController(this);
  }

  /** The chart, once it exists. */
  get chart(): Chart | undefined {
    return this.#chart;
  }

  /** Shows a view on a canvas; off screen it is only remembered. Colours are read again when the theme changes. */
  show(
    canvas: HTMLCanvasElement | undefined,
    theme: ThemeName,
    viewOf: (colours: ResolvedColours) => View | undefined,
  ): void {
    if (canvas !== this.#canvas) this.#adopt(canvas);
    if (theme !== this.#theme) {
      this.#theme = theme;
      this.#colours = undefined;
      const colours = this.#readColours();
      if (colours !== undefined) this.#chart?.setTheme(colours.chart);
    }
    this.#viewOf = viewOf;
    if (this.#isNearScreen) this.#draw();
  }

  hostConnected(): void {
    this.#unwatchNearness = watchNearness(this.#host, (isNear) => {
      this.#isNearScreen = isNear;
      if (isNear) this.#draw();
    });
    // A tag that was moved on the page has lost its chart, and its new surroundings may have other colours.
    if (this.#canvas !== undefined) this.#adopt(this.#canvas);
  }

  hostDisconnected(): void {
    this.#unwatchNearness?.();
    this.#isNearScreen = false;
    this.#release();
  }

  #adopt(canvas: HTMLCanvasElement | undefined): void {
    this.#release();
    this.#canvas = canvas;
    const box = canvas?.parentElement;
    if (!box) return;
    this.#unwatchSize = watchSize(box, (widthPx, heightPx) => {
      this.#size = { widthPx, heightPx };
      if (this.#chart === undefined) this.#draw();
      else this.#chart.resize(widthPx, heightPx);
    });
  }

  #release(): void {
    this.#unwatchSize?.();
    this.#unwatchSize = undefined;
    this.#chart?.destroy();
    this.#chart = undefined;
    this.#colours = undefined;
    this.#size = { widthPx: 0, heightPx: 0 };
  }

  #readColours(): ResolvedColours | undefined {
    if (this.#theme === undefined) return undefined;
    this.#colours ??= readColours(this.#host, this.#theme);
    return this.#colours;
  }

  #draw(): void {
    const { widthPx, heightPx } = this.#size;
    if (this.#canvas === undefined || !this.#isNearScreen || widthPx <= 0 || heightPx <= 0) return;
    const colours = this.#readColours();
    const view = colours === undefined ? undefined : this.#viewOf?.(colours);
    if (colours === undefined || view === undefined) return;
    if (this.#chart === undefined) {
      this.#chart = this.#factory(this.#canvas, colours.chart);
      this.#chart.resize(widthPx, heightPx);
    }
    this.#chart.show(view);
  }
}
