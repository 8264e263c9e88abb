import { html, nothing, svg } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { localized, msg, str } from '@lit/localize';
import { property, query } from 'lit/decorators.js';
import type { TileDirection, TileSeries, TileView } from '../../client/tile-view.ts';
import { ChartController } from '../../charts/chart-controller.ts';
import { LineChart } from '../../charts/line-chart.ts';
import type { LineChartView } from '../../charts/line-view.ts';
import { toneOf } from '../../charts/thresholds.ts';
import { formatValueText } from '../../i18n/format.ts';
import { metricTitle } from '../../i18n/metric-titles.ts';
import { baseStyles } from '../../theme/theme-styles.ts';
import { ICONS } from '../icons.ts';
import { versusText } from '../kind/compare-text.ts';
import { heroStyles, heroValue } from '../kind/hero-value.ts';
import { lineChartView } from '../kind/line-view-of.ts';
import { SizeController } from '../kind/size-controller.ts';
import { TileKind } from '../kind/tile-kind.ts';
import type { TileTable } from '../kind/tile-table.ts';
import { TONE_ICONS, toneWord } from '../kind/tones.ts';
import { comparisonOf } from './comparison.ts';
import { statStyles } from './stat.styles.ts';

/** Lower than this there is no room for a sparkline. */
const SHORT_PX = 88;
const SHORT_ON_WALL_PX = 140;
const MAX_SECONDARY = 3;
const DRAWN_INPUTS = ['view', 'labels', 'theme', 'muted', 'options', 'target'] as const;

const ARROWS = {
  up: svg`<path d="M8 13V3.5M4 7.5L8 3.5l4 4"></path>`,
  down: svg`<path d="M8 3v9.5M4 8.5l4 4 4-4"></path>`,
  same: svg`<path d="M3 8h10"></path>`,
} as const;

/**
 * One big number: how it stands against its thresholds, its target and an earlier range, and its recent course. Further
 * metrics of the view stand small below.
 *
 * @summary A value, its unit, its target and a sparkline.
 * @csspart value - The number.
 * @csspart unit - Its unit.
 * @csspart comparison - The difference to the compared range.
 * @csspart target - The value to reach.
 */
@localized()
export class LuminaStat extends TileKind {
  static override styles = [baseStyles, heroStyles, statStyles];

  /** Value to reach; `options.target` where it is not set. */
  @property({ attribute: false }) target: number | undefined;

  /** Which side of the target is good; the metric's own where it is not set. */
  @property({ attribute: false }) better: TileDirection | undefined;

  @query('canvas') private canvas: HTMLCanvasElement | undefined;

  readonly #size = new SizeController(this, [SHORT_PX, SHORT_ON_WALL_PX]);
  readonly #chart = new ChartController<LineChartView, LineChart>(
    this,
    (canvas, theme) => new LineChart(canvas, theme, 'spark'),
  );

  override toTable(): TileTable {
    const rows = (this.view?.series ?? []).map(({ total, unit, metric }, index) => [
      this.nameOf(index) || metricTitle(metric),
      formatValueText(total, unit, this.locale),
    ]);
    const columns = [msg('Name', { id: 'chart.name' }), msg('Value', { id: 'chart.value' })];
    return { caption: this.heading, columns, rows };
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (this.canvas === undefined || DRAWN_INPUTS.some((name) => changed.has(name))) this.#show();
  }

  protected override render(): TemplateResult {
    const { view } = this;
    const [series] = view?.series ?? [];
    const unit = series?.unit ?? view?.unit ?? 'count';
    const tone = toneOf(series?.total, this.options.thresholds);
    const shortPx = this.density === 'wall' ? SHORT_ON_WALL_PX : SHORT_PX;
    const isShort = this.#size.heightPx > 0 && this.#size.heightPx < shortPx;
    return html`
      <div .className=${`frame ${tone ?? ''} ${isShort ? 'short' : ''}`}>
        <div class="facts">
          ${heroValue(series?.total, unit, this.locale)}
          <div class="chips">
            ${this.#tone(tone)}${view === undefined ? nothing : this.#comparison(view, series)}
            ${series === undefined ? nothing : this.#target(series)}
          </div>
          ${view === undefined ? nothing : this.#secondary(view)}
        </div>
        ${this.#hasSparkline(isShort) ? html`<div class="spark" aria-hidden="true"><canvas></canvas></div>` : nothing}
      </div>
    `;
  }

  #targetValue(): number | undefined {
    return this.target ?? this.options.target;
  }

  #hasSparkline(isShort: boolean): boolean {
    const known = this.view?.series[0]?.points.filter(([, value]) => value !== null).length ?? 0;
    return known > 1 && !isShort && this.options.hasSparkline !== false;
  }

  #show(): void {
    const { view } = this;
    this.#chart.show(this.canvas ?? undefined, this.theme, (colours) => {
      if (view === undefined) return undefined;
      const [first] = view.series;
      return lineChartView({
        view: {
          ...view,
          series: first === undefined ? [] : [withoutCompared(first)],
          metrics: view.metrics.slice(0, 1),
        },
        options: { ...(this.#targetValue() === undefined ? {} : { target: this.#targetValue() ?? 0 }) },
        locale: this.locale,
        isMuted: this.muted,
        density: this.density,
        highlight: undefined,
        placeOf: () => this.placeOf(0),
        colours,
      });
    });
  }

  #tone(tone: ReturnType<typeof toneOf>): TemplateResult | typeof nothing {
    if (tone === undefined) return nothing;
    return html`<span .className=${`chip tone ${tone}`}>${icon(ICONS[TONE_ICONS[tone]])}${toneWord(tone)}</span>`;
  }

  #comparison(view: TileView, series: TileSeries | undefined): TemplateResult | typeof nothing {
    if (view.compare === undefined || series === undefined) return nothing;
    const { unit, better, total, compareTotal } = series;
    const comparison = comparisonOf(total, compareTotal, unit, better, this.locale);
    if (comparison === undefined) return nothing;
    const { trend, verdict, text } = comparison;
    const word = {
      better: msg('better', { id: 'compare.better' }),
      worse: msg('worse', { id: 'compare.worse' }),
      neutral: '',
    }[verdict];
    return html`<span .className=${`chip comparison ${verdict}`} part="comparison"
      >${icon(ARROWS[trend])}<span class="difference">${text}</span>${
        word === '' ? nothing : html`<span class="word">${word}</span>`
      }<span class="versus">${versusText(view.compare)}</span></span
    >`;
  }

  #target(series: TileSeries): TemplateResult | typeof nothing {
    const target = this.#targetValue();
    if (target === undefined) return nothing;
    const { total: value, unit } = series;
    const better = this.better ?? series.better;
    const text = formatValueText(target, unit, this.locale);
    if (value === null || better === 'neutral') {
      return html`<span class="chip target" part="target">${msg(str`Target ${text}`, { id: 'stat.target' })}</span>`;
    }
    const isMet = better === 'lower' ? value <= target : value >= target;
    const words = isMet
      ? msg(str`Target ${text} met`, { id: 'stat.targetMet' })
      : msg(str`Target ${text} missed`, { id: 'stat.targetMissed' });
    return html`<span .className=${`chip target ${isMet ? 'good' : 'critical'}`} part="target"
      >${icon(isMet ? ICONS.check : ICONS.miss)}${words}</span
    >`;
  }

  #secondary(view: TileView): TemplateResult | typeof nothing {
    const others = view.series
      .map((series, index) => ({ series, index }))
      .filter(({ series }) => series.metric !== view.metrics[0]?.id)
      .slice(0, MAX_SECONDARY);
    if (others.length === 0) return nothing;
    return html`<dl>
      ${others.map(
        ({ series }) =>
          html`<div>
            <dt>${metricTitle(series.metric)}</dt>
            <dd>${formatValueText(series.total, series.unit, this.locale)}</dd>
          </div>`,
      )}
    </dl>`;
  }
}

/** The chip says how it compares; a second line would only blur the course. */
function withoutCompared({ comparePoints: _compared, ...series }: TileSeries): TileSeries {
  return series;
}

function icon(paths: unknown): TemplateResult {
  return html`<svg viewBox="0 0 16 16" aria-hidden="true">${paths}</svg>`;
}

declare global {
  interface HTMLElementTagNameMap {
    'lumina-stat': LuminaStat;
  }
}
