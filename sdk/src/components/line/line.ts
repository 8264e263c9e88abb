import { LitElement, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { localized, msg, str } from '@lit/localize';
import { property, query } from 'lit/decorators.js';
import type { CursorStore } from '../../client/cursor-store.ts';
import { newestValue } from '../../client/tile-view.ts';
import type { TileView } from '../../client/tile-view.ts';
import { ChartController } from '../../charts/chart-controller.ts';
import { CursorController } from '../../controllers/cursor-controller.ts';
import { formatTime, formatValueText } from '../../i18n/format.ts';
import { baseStyles } from '../../theme/theme-styles.ts';
import type { ThemeName } from '../../theme/tokens.ts';
import { lineStyles } from './line.styles.ts';

/** How a series is named and coloured. */
export interface LineLabel {
  readonly name: string;
  /** Place in the palette. */
  readonly place: number;
}

const DAY_MS = 24 * 3_600_000;
const CARD_WIDTH_PX = 200;

/**
 * Lines over time with a legend and a cursor shared by all charts under one provider. Draws what it is given;
 * `<lumina-widget kind="line">` feeds it. Arrow keys move the cursor.
 *
 * @summary Lines over time.
 */
@localized()
export class LuminaLine extends LitElement {
  static override styles = [baseStyles, lineStyles];

  /** What to show. */
  @property({ attribute: false }) view: TileView | undefined;

  /** Name and colour of each series of the view, in its order. */
  @property({ attribute: false }) labels: readonly LineLabel[] = [];

  /** What the chart is about, for its accessible name. */
  @property({ attribute: false }) heading = '';

  /** Language of numbers and times. */
  @property({ attribute: false }) locale = 'en';

  /** Theme of the surroundings; a canvas has to be told. */
  @property({ attribute: false }) theme: ThemeName = 'light';

  /** The cursor to share. */
  @property({ attribute: false }) cursor: CursorStore | undefined;

  /** Set while the lines may not be read as current. */
  @property({ type: Boolean, reflect: true }) muted = false;

  @query('canvas') private canvas: HTMLCanvasElement | undefined;

  readonly #chart = new ChartController(this, 'plot');
  readonly #cursor = new CursorController(
    this,
    () => this.cursor,
    () => this.view,
    (px) => this.#chart.chart?.timeAt(px),
  );

  protected override updated(): void {
    const { view, locale } = this;
    this.#chart.show(this.canvas, this.theme, (colours) =>
      view === undefined
        ? undefined
        : {
            series: view.series.map(({ points }, index) => ({
              label: this.labels[index]?.name ?? '',
              colour: colours.series[this.labels[index]?.place ?? index % colours.series.length] ?? '',
              points,
            })),
            muted: this.muted,
            fromMs: view.fromMs,
            toMs: view.toMs,
            openFromMs: view.openFromMs,
            unit: view.unit,
            timeZone: view.timeZone,
            target: undefined,
            formatTick: (value) => formatValueText(value, view.unit, locale),
            formatTime: (epochMs) => formatTime(epochMs, locale, view.timeZone, this.#precision(view)),
          },
    );
  }

  protected override render(): TemplateResult {
    const { view } = this;
    if (view === undefined) return html``;
    return html`
      ${this.#legend(view)}
      <div
        class="plot"
        role="img"
        tabindex="0"
        .ariaLabel=${this.#summary(view)}
        @pointermove=${this.#cursor.onPointerMove}
        @pointerleave=${this.#cursor.onLeave}
        @blur=${this.#cursor.onLeave}
        @keydown=${this.#cursor.onKeyDown}
      >
        <canvas></canvas>
        ${this.#cursorParts(view)}
      </div>
    `;
  }

  #precision(view: TileView): 'minutes' | 'seconds' | 'day' {
    const spanMs = view.toMs - view.fromMs;
    if (spanMs > 3 * DAY_MS) return 'day';
    return spanMs < 5 * 60_000 ? 'seconds' : 'minutes';
  }

  #last(view: TileView, index: number): number | null {
    return newestValue(view.series[index]?.points ?? []);
  }

  #legend(view: TileView): TemplateResult {
    const order = view.series
      .map((series, index) => ({ series, index, last: this.#last(view, index) }))
      .sort((a, b) => (b.last ?? -1) - (a.last ?? -1));
    return html`<ul>
      ${repeat(
        order,
        ({ series }) => series.key,
        ({ index, last }) => this.#item(index, formatValueText(last, view.unit, this.locale)),
      )}
    </ul>`;
  }

  #item(index: number, value: string): TemplateResult {
    const label = this.labels[index];
    const colour = `background:var(--_series-${String((label?.place ?? index) + 1)})`;
    return html`<li>
      <span class="key" .style=${colour}></span><span class="name" .title=${label?.name ?? ''}>${label?.name}</span
      ><span class="last">${value}</span>
    </li>`;
  }

  #summary(view: TileView): string {
    const values = view.series
      .slice(0, 8)
      .map((_series, index) => {
        const name = this.labels[index]?.name ?? '';
        return `${name} ${formatValueText(this.#last(view, index), view.unit, this.locale)}`;
      })
      .join(', ');
    return msg(str`${this.heading}, line chart, newest values: ${values}`, { id: 'line.summary' });
  }

  #cursorParts(view: TileView): TemplateResult | typeof nothing {
    const atMs = this.cursor?.atMs;
    const { chart } = this.#chart;
    if (atMs === undefined || chart === undefined || atMs < view.fromMs || atMs > view.toMs) return nothing;
    const px = chart.pixelOf(atMs);
    const rule = html`<div class="rule" .style=${`transform:translateX(${String(Math.round(px))}px)`}></div>`;
    if (!this.#cursor.isHere) return rule;
    const { right } = chart.plotArea();
    const isLeft = px + CARD_WIDTH_PX > right;
    const side = isLeft
      ? `right:calc(100% - ${String(Math.round(px - 12))}px)`
      : `left:${String(Math.round(px + 12))}px`;
    return html`${rule}
      <div class="card" role="status" .style=${side}>
        <p>${formatTime(atMs, this.locale, view.timeZone, 'seconds')}</p>
        <ul>
          ${view.series.map(({ points }, index) => {
            const value = points.find(([time]) => time === atMs)?.[1] ?? null;
            return this.#item(index, formatValueText(value, view.unit, this.locale));
          })}
        </ul>
      </div>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'lumina-line': LuminaLine;
  }
}
