import { html, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { localized, msg, str } from '@lit/localize';
import { property, query } from 'lit/decorators.js';
import type { CursorStore } from '../../client/cursor-store.ts';
import { newestValue } from '../../client/tile-view.ts';
import type { TileView } from '../../client/tile-view.ts';
import { ChartController } from '../../charts/chart-controller.ts';
import { LineChart } from '../../charts/line-chart.ts';
import type { LineChartView } from '../../charts/line-view.ts';
import { CursorController } from '../../controllers/cursor-controller.ts';
import { emit } from '../../events/events.ts';
import { formatValueText } from '../../i18n/format.ts';
import { baseStyles } from '../../theme/theme-styles.ts';
import { lineChartView, lineTable } from '../kind/line-view-of.ts';
import { SizeController } from '../kind/size-controller.ts';
import { TileKind, rangeOf } from '../kind/tile-kind.ts';
import type { TileTable } from '../kind/tile-table.ts';
import { MAX_DIRECT, cursorCard, cursorRule, lineEnds, lineLegend, lineNotes, markedPart } from './line-parts.ts';
import type { LineParts } from './line-parts.ts';
import { nearestSeries, placeEnds } from './line-places.ts';
import { lineStyles } from './line.styles.ts';
import { RangeDrag } from './range-drag.ts';

const DIRECT_FROM_PX = 400;
const SIDE_FROM_PX = 560;

const DRAWN_INPUTS = ['view', 'labels', 'locale', 'theme', 'muted', 'options', 'density'] as const;

/**
 * Lines over time with a cursor shared by all charts under one provider. Arrow keys move the cursor and choose a line,
 * Shift and arrow keys mark a stretch, Enter picks.
 *
 * @summary Lines over time.
 * @csspart legend - Names and newest values.
 * @csspart plot - The drawing.
 * @fires luminaselect - A line was picked at an instant.
 * @fires luminarange - A stretch of time was marked.
 */
@localized()
export class LuminaLine extends TileKind {
  static override styles = [baseStyles, lineStyles];

  /** The cursor to share. */
  @property({ attribute: false }) cursor: CursorStore | undefined;

  @query('canvas') private canvas: HTMLCanvasElement | undefined;

  readonly #size = new SizeController(this, [DIRECT_FROM_PX, SIDE_FROM_PX]);
  readonly #chart = new ChartController<LineChartView, LineChart>(this, (canvas, theme) => {
    const chart = new LineChart(canvas, theme);
    chart.onDrawn = this.#placeEnds;
    return chart;
  });
  readonly #cursor = new CursorController(
    this,
    () => this.cursor,
    () => this.view,
    (px) => this.#chart.chart?.timeAt(px),
  );
  readonly #drag = new RangeDrag(
    this,
    (px) => this.#chart.chart?.timeAt(px),
    ({ fromMs, toMs }) => {
      emit(this, 'luminarange', rangeOf(fromMs, toMs));
    },
  );
  #chosen: number | undefined;

  override toTable(): TileTable {
    return lineTable(this.view, this.heading, this.locale, (index) => this.nameOf(index));
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (DRAWN_INPUTS.some((name) => changed.has(name))) this.#show();
    this.#placeEnds();
  }

  protected override render(): TemplateResult {
    const { view } = this;
    if (view === undefined) return html``;
    const layout = this.#layout(view);
    const target = this.#targetText(view);
    return html`
      <div .className=${`frame ${layout}`}>
        ${layout === 'direct' ? nothing : lineLegend(this.#parts(view))}
        <div
          class="plot"
          part="plot"
          role="img"
          tabindex="0"
          .ariaLabel=${this.#summary(view)}
          @pointermove=${this.#onPointerMove}
          @pointerdown=${this.#drag.onPointerDown}
          @pointerup=${this.#onPointerUp}
          @pointerleave=${this.#onLeave}
          @blur=${this.#onLeave}
          @keydown=${this.#onKeyDown}
        >
          <canvas></canvas>
          ${markedPart(this.#chart.chart, this.#drag.marked)}${this.#cursorPart(view)}
        </div>
        ${layout === 'direct' ? lineEnds(this.#parts(view), target) : nothing}
      </div>
      ${lineNotes(view, layout === 'direct' ? '' : target)}
    `;
  }

  #show(): void {
    const { view } = this;
    this.#chart.show(this.canvas, this.theme, (colours) =>
      view === undefined
        ? undefined
        : lineChartView({
            view,
            options: this.options,
            locale: this.locale,
            isMuted: this.muted,
            density: this.density,
            highlight: this.#chosen,
            placeOf: (index) => this.placeOf(index),
            colours,
          }),
    );
  }

  #layout(view: TileView): 'direct' | 'side' | 'top' {
    const { widthPx } = this.#size;
    if (view.series.length <= MAX_DIRECT) return widthPx >= DIRECT_FROM_PX ? 'direct' : 'top';
    return widthPx >= SIDE_FROM_PX ? 'side' : 'top';
  }

  /** The name of the value to reach; empty without one. */
  #targetText(view: TileView): string {
    const { target } = this.options;
    if (target === undefined) return '';
    const text = formatValueText(target, view.unit, this.locale);
    return msg(str`Target ${text}`, { id: 'stat.target' });
  }

  #parts(view: TileView): LineParts {
    return {
      view,
      locale: this.locale,
      chosen: this.#chosen,
      nameOf: (index) => this.nameOf(index),
      placeOf: (index) => this.placeOf(index),
      choose: (index) => {
        this.#choose(index);
      },
      pick: (index) => {
        this.#pick(index, undefined);
      },
    };
  }

  #cursorPart(view: TileView): TemplateResult | typeof nothing {
    const atMs = this.cursor?.atMs;
    const { chart } = this.#chart;
    if (atMs === undefined || chart === undefined || atMs < view.fromMs || atMs > view.toMs) return nothing;
    const parts = this.#parts(view);
    const rule = cursorRule(parts, chart, atMs);
    return this.#cursor.isHere ? html`${rule}${cursorCard(parts, chart, atMs)}` : rule;
  }

  #summary(view: TileView): string {
    const values = view.series
      .slice(0, 8)
      .map((series, index) => {
        return `${this.nameOf(index)} ${formatValueText(newestValue(series.points), series.unit, this.locale)}`;
      })
      .join(', ');
    return msg(str`${this.heading}, line chart, newest values: ${values}`, { id: 'line.summary' });
  }

  readonly #placeEnds = (): void => {
    const { view } = this;
    const { chart } = this.#chart;
    if (view !== undefined && chart !== undefined)
      placeEnds(
        this.renderRoot,
        { view, target: this.options.target, density: this.density },
        chart,
        this.#size.heightPx,
      );
  };

  #choose(index: number | undefined): void {
    if (index === this.#chosen || (this.view?.series.length ?? 0) < 2) return;
    this.#chosen = index;
    this.#show();
    this.requestUpdate();
  }

  #pick(index: number, atMs: number | undefined): void {
    const { view } = this;
    const series = view?.series[index];
    if (view === undefined || series === undefined) return;
    const { dimension, value } = series;
    const next = series.points.find(([time]) => atMs !== undefined && time > atMs)?.[0] ?? view.toMs;
    const range = atMs === undefined ? rangeOf(view.fromMs, view.toMs) : rangeOf(atMs, next);
    this.select({ dimension, value, range });
  }

  readonly #onPointerMove = (event: PointerEvent): void => {
    this.#cursor.onPointerMove(event);
    this.#drag.onPointerMove(event);
  };

  readonly #onLeave = (): void => {
    this.#cursor.onLeave();
    this.#choose(undefined);
  };

  readonly #onPointerUp = (event: PointerEvent): void => {
    const hasMarked = this.#drag.onPointerUp();
    const atMs = this.cursor?.atMs;
    if (hasMarked || atMs === undefined) return;
    const y = event.clientY - (event.currentTarget as Element).getBoundingClientRect().top;
    const nearest = nearestSeries(this.view, this.#chart.chart, atMs, y);
    if (nearest !== undefined) this.#pick(nearest, atMs);
  };

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    const count = this.view?.series.length ?? 0;
    const isSideways = event.key === 'ArrowLeft' || event.key === 'ArrowRight';
    if (isSideways && event.shiftKey) this.#drag.beginAt(this.cursor?.atMs);
    this.#cursor.onKeyDown(event);
    if (isSideways && event.shiftKey) this.#drag.extendTo(this.cursor?.atMs);
    else if (event.key === 'Escape') this.#drag.cancel();
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (step !== undefined && count > 1) {
      event.preventDefault();
      this.#choose(((this.#chosen ?? (step > 0 ? -1 : 0)) + step + count) % count);
    }
    if (event.key !== 'Enter' || this.#drag.commit()) return;
    if (this.cursor?.atMs !== undefined) this.#pick(this.#chosen ?? 0, this.cursor.atMs);
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'lumina-line': LuminaLine;
  }
}
