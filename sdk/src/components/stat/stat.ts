import { LitElement, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { localized, msg, str } from '@lit/localize';
import { property, query } from 'lit/decorators.js';
import type { TileView } from '../../client/tile-view.ts';
import { ChartController } from '../../charts/chart-controller.ts';
import { NO_VALUE, formatValue, formatValueText } from '../../i18n/format.ts';
import { baseStyles } from '../../theme/theme-styles.ts';
import type { ThemeName } from '../../theme/tokens.ts';
import { ICONS } from '../icons.ts';
import { statStyles } from './stat.styles.ts';

/**
 * One big number with its recent course. Draws what it is given; `<lumina-widget kind="stat">` feeds it.
 *
 * @summary A value, its unit, its target and a sparkline.
 */
@localized()
export class LuminaStat extends LitElement {
  static override styles = [baseStyles, statStyles];

  /** What to show. */
  @property({ attribute: false }) view: TileView | undefined;

  /** Language of numbers. */
  @property({ attribute: false }) locale = 'en';

  /** Theme of the surroundings; a canvas has to be told. */
  @property({ attribute: false }) theme: ThemeName = 'light';

  /** Value to reach; shown in words with an icon. */
  @property({ attribute: false }) target: number | undefined;

  /** Which side of the target is good. */
  @property({ attribute: false }) better: 'higher' | 'lower' | 'neutral' = 'neutral';

  /** Set while the value may not be read as current. */
  @property({ type: Boolean, reflect: true }) muted = false;

  @query('canvas') private canvas: HTMLCanvasElement | undefined;

  readonly #chart = new ChartController(this, 'spark');

  protected override updated(): void {
    const { view } = this;
    this.#chart.show(this.canvas, this.theme, (colours) =>
      view === undefined
        ? undefined
        : {
            series: view.series
              .slice(0, 1)
              .map(({ points }) => ({ label: '', colour: colours.series[0] ?? '', points })),
            fromMs: view.fromMs,
            toMs: view.toMs,
            openFromMs: view.openFromMs,
            unit: view.unit,
            timeZone: view.timeZone,
            target: undefined,
            muted: this.muted,
            formatTick: () => '',
            formatTime: () => '',
          },
    );
  }

  protected override render(): TemplateResult {
    const value = this.view?.series[0]?.total ?? null;
    const formatted = formatValue(value, this.view?.unit ?? 'count', this.locale);
    return html`
      <div>
        <p class="value">
          <span class="number">${formatted.text}</span>
          ${formatted.unit === '' ? nothing : html`<span class="unit">${formatted.unit}</span>`}
          ${
            formatted.text === NO_VALUE
              ? html`<span class="reason">${msg('No data in this period', { id: 'stat.noData' })}</span>`
              : nothing
          }
        </p>
        ${this.#target(value)}
      </div>
      <div class="spark" aria-hidden="true"><canvas></canvas></div>
    `;
  }

  #target(value: number | null): TemplateResult | typeof nothing {
    const { target, view } = this;
    if (target === undefined || view === undefined) return nothing;
    const text = formatValueText(target, view.unit, this.locale);
    const isMet = value !== null && (this.better === 'lower' ? value <= target : value >= target);
    const level = value === null ? 'none' : isMet ? 'good' : 'critical';
    const words = isMet
      ? msg(str`Target ${text} met`, { id: 'stat.targetMet' })
      : msg(str`Target ${text} missed`, { id: 'stat.targetMissed' });
    return html`<span .className=${`target ${level}`}>
      ${
        value === null
          ? msg(str`Target ${text}`, { id: 'stat.target' })
          : html`<svg viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.6" aria-hidden="true">
                ${isMet ? ICONS.check : ICONS.miss}</svg
              >${words}`
      }
    </span>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'lumina-stat': LuminaStat;
  }
}
