import { styleAxes } from './axis-style.ts';
import type { TileChart } from './chart-controller.ts';
import type { ChartTheme } from './chart-theme.ts';
import { cancelFrame, inNextFrame } from './frame-flush.ts';

/** The part of the library's chart that is the same for all types of charts. */
interface LibraryChart {
  readonly options: { readonly scales?: object };
  resize: (widthPx: number, heightPx: number) => void;
  destroy: () => void;
}

/** What every chart on a canvas has in common: its view, its colours, its size, and when it draws. */
export abstract class CanvasChart<View extends { readonly textPx: number }> implements TileChart<View> {
  protected abstract readonly chart: LibraryChart;
  protected theme: ChartTheme;
  protected size = { widthPx: 0, heightPx: 0 };
  #view: View | undefined;
  readonly #draw = (): void => {
    // A canvas without a size has no place to draw.
    if (this.#view !== undefined && this.size.widthPx > 0) this.draw(this.#view);
  };

  constructor(theme: ChartTheme) {
    this.theme = theme;
  }

  /** Draws a view at once. */
  protected abstract draw(view: View): void;

  /** What is shown; undefined before the first view. */
  get view(): View | undefined {
    return this.#view;
  }

  /** Shows a view in the next frame. */
  show(view: View): void {
    if (view.textPx !== this.#view?.textPx) styleAxes(this.chart.options.scales, this.theme, view.textPx);
    this.#view = view;
    inNextFrame(this.#draw);
  }

  /** Takes over the colours of a theme. */
  setTheme(theme: ChartTheme): void {
    this.theme = theme;
    if (this.#view !== undefined) styleAxes(this.chart.options.scales, theme, this.#view.textPx);
    inNextFrame(this.#draw);
  }

  /** Fits the canvas to its box and to the density of the screen. */
  resize(widthPx: number, heightPx: number): void {
    if (widthPx <= 0 || heightPx <= 0) return;
    this.size = { widthPx, heightPx };
    this.chart.resize(Math.floor(widthPx), Math.floor(heightPx));
    // A resized canvas is blank. This is called between layout and paint, so drawing at once shows no blank frame.
    this.#draw();
  }

  /** Frees the canvas. */
  destroy(): void {
    cancelFrame(this.#draw);
    this.chart.destroy();
  }
}
