import { html, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { localized, msg, str } from '@lit/localize';
import { query } from 'lit/decorators.js';
import type { TileView } from '../../client/tile-view.ts';
import { BarChart } from '../../charts/bar-chart.ts';

import { barGroups, bucketMs, isHorizontal } from '../../charts/bar-groups.ts';
import type { BarGroup, BarGroups } from '../../charts/bar-groups.ts';
import type { BarChartView } from '../../charts/bar-view.ts';
import { ChartController } from '../../charts/chart-controller.ts';
import { toneOf } from '../../charts/thresholds.ts';
import { formatValueText } from '../../i18n/format.ts';
import { metricTitle } from '../../i18n/metric-titles.ts';
import { baseStyles } from '../../theme/theme-styles.ts';
import { cardPlace } from '../kind/card-place.ts';
import { SizeController } from '../kind/size-controller.ts';
import { TileKind, rangeOf } from '../kind/tile-kind.ts';
import type { TileTable } from '../kind/tile-table.ts';
import { instantText } from '../kind/tile-time.ts';
import { toneWord } from '../kind/tones.ts';
import { barCard, barLegend, barNames, barNotes, barValues } from './bar-parts.ts';
import { barChartView } from './bar-view-of.ts';
import { barStyles } from './bar.styles.ts';

const ROW_PX = 24;
const EXTRAS_PX = 24;
const SIZE_STEPS_PX = Array.from({ length: 60 }, (_unused, index) => (index + 1) * ROW_PX);
const DRAWN_INPUTS = ['view', 'labels', 'locale', 'theme', 'muted', 'options', 'density'] as const;

/**
 * Bars: one per group by its value over the range, largest first, or one per bucket where nothing is grouped. Metrics of
 * one unit stand side by side or on top of each other. Arrow keys choose a bar, Enter picks it.
 *
 * @summary Bars by group or over time.
 * @csspart legend - Names of the metrics.
 * @csspart plot - The drawing.
 * @fires luminaselect - A bar was picked.
 */
@localized()
export class LuminaBar extends TileKind {
  static override styles = [baseStyles, barStyles];

  @query('canvas') private canvas: HTMLCanvasElement | undefined;

  readonly #size = new SizeController(this, SIZE_STEPS_PX);
  readonly #chart = new ChartController<BarChartView, BarChart>(
    this,
    (canvas, theme) => new BarChart(canvas, theme, this.#isLying),
  );
  #bars: BarGroups | undefined;
  #isLying = false;
  #chosen: number | undefined;

  override toTable(): TileTable {
    const { view, locale } = this;
    const bars = view === undefined ? undefined : this.#groups(view, Infinity);
    const first = bars?.isOverTime === true ? msg('Time', { id: 'chart.time' }) : msg('Name', { id: 'chart.name' });
    const columns = [first, ...(bars?.metrics ?? []).map(({ id }) => metricTitle(id))];
    const rows = (bars?.groups ?? []).map((group) => [
      view === undefined ? '' : this.#title(view, group),
      ...group.values.map((value) => formatValueText(value, view?.unit ?? 'count', locale)),
    ]);
    return { caption: this.heading, columns, rows };
  }

  protected override willUpdate(): void {
    const { view } = this;
    if (view === undefined) return;
    const all = this.#groups(view, Infinity);
    this.#isLying = isHorizontal(this.options.orientation, all, this.#size.widthPx);
    this.#bars = all.isOverTime ? all : this.#groups(view, this.#room(all));
    if (this.#chosen !== undefined && this.#chosen >= this.#bars.groups.length) this.#chosen = undefined;
  }

  protected override updated(changed: PropertyValues<this>): void {
    // Sizes decide how many bars there are, and the size controller asks for updates without naming a property.
    if (changed.size === 0 || DRAWN_INPUTS.some((name) => changed.has(name))) this.#show();
  }

  protected override render(): TemplateResult {
    const { view } = this;
    const bars = this.#bars;
    if (view === undefined || bars === undefined) return html``;
    return html`${barLegend(bars)}
      <div
        .className=${this.#isLying ? 'plot lying' : 'plot upright'}
        part="plot"
        role="img"
        tabindex="0"
        .ariaLabel=${this.#summary(view, bars)}
        .style=${`--_rows:${String(bars.groups.length)}`}
        @pointermove=${this.#onPointerMove}
        @pointerleave=${this.#onLeave}
        @blur=${this.#onLeave}
        @click=${this.#onClick}
        @keydown=${this.#onKeyDown}
      >
        ${this.#isLying ? barNames(bars, this.#chosen) : nothing}
        <div class="bars">
          ${keyed(this.#isLying, html`<canvas></canvas>`)}${this.#isLying ? nothing : this.#card(view, bars)}
        </div>
        ${this.#isLying ? barValues(view, bars, this.options.thresholds, this.locale) : nothing}
      </div>
      ${barNotes(view, bars, this.options.target, this.locale)}`;
  }

  #groups(view: TileView, limit: number): BarGroups {
    const { sortBy, isDescending } = this.options;
    return barGroups(
      view,
      { sortBy, isDescending, limit, locale: this.locale },
      (index) => this.labels[index]?.name ?? '',
    );
  }

  /** How many bars fit; what has no room is counted below. */
  #room(all: BarGroups): number {
    const limit = this.options.limit ?? Infinity;
    const { widthPx, heightPx } = this.#size;
    if (heightPx === 0) return Math.min(limit, all.groups.length);
    const depth = this.options.isStacked === true ? 1 : all.metrics.length;
    const legendPx = all.metrics.length > 1 ? EXTRAS_PX : 0;
    const length = this.#isLying ? heightPx - legendPx : widthPx;
    const slotPx = this.#isLying ? Math.max(ROW_PX, depth * 9) : depth * 9 + 4;
    const fits = Math.max(1, Math.floor(length / slotPx));
    if (all.groups.length <= Math.min(limit, fits)) return all.groups.length;
    return Math.min(limit, Math.max(1, Math.floor((length - (this.#isLying ? EXTRAS_PX : 0)) / slotPx)));
  }

  #show(): void {
    const { view } = this;
    const bars = this.#bars;
    this.#chart.show(this.canvas ?? undefined, this.theme, (colours) =>
      view === undefined || bars === undefined
        ? undefined
        : barChartView({
            view,
            bars,
            options: this.options,
            locale: this.locale,
            isMuted: this.muted,
            density: this.density,
            isLying: this.#isLying,
            widthPx: this.#size.widthPx,
            highlight: this.#chosen,
            placeOf: (index) => this.placeOf(index),
            colours,
          }),
    );
  }

  #title(view: TileView, group: BarGroup): string {
    return group.fromMs === undefined ? group.name : instantText(view, group.fromMs, this.locale);
  }

  #card(view: TileView, bars: BarGroups): TemplateResult | typeof nothing {
    const index = this.#chosen;
    const group = index === undefined ? undefined : bars.groups[index];
    if (index === undefined || group === undefined) return nothing;
    const px = Math.round(this.#chart.chart?.placeOf(index) ?? 0);
    const place = cardPlace(px, this.#size.widthPx);
    return barCard({ view, bars, group, title: this.#title(view, group), locale: this.locale, place });
  }

  #summary(view: TileView, bars: BarGroups): string {
    const shown = bars.isOverTime ? bars.groups.slice(-3) : bars.groups.slice(0, 8);
    const values = shown
      .map((group) => {
        const tone = bars.metrics.length === 1 ? toneOf(group.values[0], this.options.thresholds) : undefined;
        const texts = group.values.map((value) => formatValueText(value, view.unit, this.locale)).join(' / ');
        return `${this.#title(view, group)} ${texts}${tone === undefined ? '' : ` (${toneWord(tone)})`}`;
      })
      .join(', ');
    return bars.isOverTime
      ? msg(str`${this.heading}, bars over time, newest values: ${values}`, { id: 'bar.summaryTime' })
      : msg(str`${this.heading}, bar chart: ${values}`, { id: 'bar.summary' });
  }

  #choose(index: number | undefined): void {
    if (index === this.#chosen) return;
    this.#chosen = index;
    this.requestUpdate();
  }

  #indexOf(event: MouseEvent): number | undefined {
    const box = this.canvas?.getBoundingClientRect();
    if (box === undefined) return undefined;
    return this.#chart.chart?.indexAt(this.#isLying ? event.clientY - box.top : event.clientX - box.left);
  }

  #pick(index: number | undefined): void {
    const { view } = this;
    const group = index === undefined ? undefined : this.#bars?.groups[index];
    if (view === undefined || group === undefined) return;
    const series = group.seriesIndex === undefined ? undefined : view.series[group.seriesIndex];
    const { fromMs } = group;
    const range =
      fromMs === undefined
        ? rangeOf(view.fromMs, view.toMs)
        : rangeOf(fromMs, fromMs + bucketMs(this.#bars?.groups ?? []));
    this.select({ dimension: series?.dimension ?? '', value: series?.value ?? '', range });
  }

  readonly #onPointerMove = (event: PointerEvent): void => {
    this.#choose(this.#indexOf(event));
  };

  readonly #onLeave = (): void => {
    this.#choose(undefined);
  };

  readonly #onClick = (event: MouseEvent): void => {
    this.#pick(this.#indexOf(event));
  };

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    const count = this.#bars?.groups.length ?? 0;
    const step = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    if (event.key === 'Escape') this.#choose(undefined);
    if (event.key === 'Enter') this.#pick(this.#chosen);
    if (step === undefined || count === 0) return;
    event.preventDefault();
    const start = this.#bars?.isOverTime === true ? count - 1 : 0;
    this.#choose(this.#chosen === undefined ? start : Math.min(count - 1, Math.max(0, this.#chosen + step)));
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'lumina-bar': LuminaBar;
  }
}
