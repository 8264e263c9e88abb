import { html, nothing, svg } from 'lit';
import type { TemplateResult } from 'lit';
import { localized, msg, str } from '@lit/localize';
import { GAUGE_HEIGHT, GAUGE_WIDTH, gaugeShapes, hasScale } from '../../charts/gauge-geometry.ts';
import type { GaugeShapes } from '../../charts/gauge-geometry.ts';
import type { TileSeries } from '../../client/tile-view.ts';
import { formatValueText } from '../../i18n/format.ts';
import { baseStyles } from '../../theme/theme-styles.ts';
import { ICONS } from '../icons.ts';
import { attributes } from '../kind/attributes.ts';
import { heroStyles, heroValue } from '../kind/hero-value.ts';
import { tickText } from '../kind/tick-text.ts';
import { TileKind } from '../kind/tile-kind.ts';
import type { TileTable } from '../kind/tile-table.ts';
import { TONE_ICONS, toneWord } from '../kind/tones.ts';
import { gaugeStyles } from './gauge.styles.ts';

/**
 * A value on an arc of 240 degrees: thresholds along the track, a tick at the target. Without a target, thresholds or an
 * end of the scale an arc would mean nothing, and the value stands as `<lumina-stat>` shows it.
 *
 * @summary A value on a scale with its target.
 * @csspart value - The number.
 * @csspart unit - Its unit.
 */
@localized()
export class LuminaGauge extends TileKind {
  static override styles = [baseStyles, heroStyles, gaugeStyles];

  override toTable(): TileTable {
    const [series] = this.view?.series ?? [];
    const text = (value: number | null | undefined): string =>
      formatValueText(value ?? null, series?.unit ?? 'count', this.locale);
    const { target } = this.options;
    const rows = [[this.heading, text(series?.total)]];
    if (target !== undefined) rows.push([msg('Target', { id: 'gauge.target' }), text(target)]);
    const columns = [msg('Name', { id: 'chart.name' }), msg('Value', { id: 'chart.value' })];
    return { caption: this.heading, columns, rows };
  }

  protected override render(): TemplateResult {
    const { view } = this;
    if (view === undefined) return html``;
    if (!hasScale(this.options)) return this.#stat();
    const [series] = view.series;
    const unit = series?.unit ?? view.unit;
    const value = series?.total ?? null;
    const shapes = gaugeShapes(value, this.options, unit);
    return html`
      <div
        .className=${`dial ${shapes.tone ?? ''} ${value === null ? 'missing' : ''}`}
        role="img"
        .ariaLabel=${this.#summary(series, shapes)}
      >
        <svg ${attributes({ viewBox: `0 0 ${String(GAUGE_WIDTH)} ${String(GAUGE_HEIGHT)}` })} aria-hidden="true">
          ${shapes.track.map(
            ({ path, tone }) =>
              svg`<path class="track" ${attributes({ d: path, class: `track ${tone ?? 'none'}` })}></path>`,
          )}
          <path class="ground" ${attributes({ d: shapes.ground })}></path>
          <path class="arc" ${attributes({ d: shapes.value })}></path>
          <path class="target" ${attributes({ d: shapes.target })}></path>
        </svg>
        <div class="middle">${heroValue(value, unit, this.locale)}${this.#tone(shapes)}</div>
      </div>
      <p class="scale">
        <span class="end">${tickText(shapes.min, unit, this.locale)}</span>
        ${this.#target(series)}
        <span class="end">${tickText(shapes.max, unit, this.locale)}</span>
      </p>
    `;
  }

  #stat(): TemplateResult {
    return html`<lumina-stat
      exportparts="value, unit, comparison, target"
      .view=${this.view}
      .labels=${this.labels}
      .heading=${this.heading}
      .locale=${this.locale}
      .theme=${this.theme}
      .density=${this.density}
      .muted=${this.muted}
      .options=${this.options}
    ></lumina-stat>`;
  }

  #tone({ tone }: GaugeShapes): TemplateResult | typeof nothing {
    if (tone === undefined) return nothing;
    return html`<span .className=${`tone ${tone}`}
      ><svg viewBox="0 0 16 16" aria-hidden="true">${ICONS[TONE_ICONS[tone]]}</svg>${toneWord(tone)}</span
    >`;
  }

  #target(series: TileSeries | undefined): TemplateResult | typeof nothing {
    const { target } = this.options;
    if (target === undefined || series === undefined) return nothing;
    const text = formatValueText(target, series.unit, this.locale);
    return html`<span class="goal"><span class="mark"></span>${msg(str`Target ${text}`, { id: 'stat.target' })}</span>`;
  }

  #summary(series: TileSeries | undefined, shapes: GaugeShapes): string {
    const text = (value: number | null): string => formatValueText(value, series?.unit ?? 'count', this.locale);
    const { target } = this.options;
    const value = series?.total ?? null;
    const tone = shapes.tone === undefined ? '' : `, ${toneWord(shapes.tone)}`;
    const shown = value === null ? msg('No data in this period', { id: 'stat.noData' }) : `${text(value)}${tone}`;
    const ends = `${text(shapes.min)} – ${text(shapes.max)}`;
    return target === undefined
      ? msg(str`${this.heading}: ${shown}, scale ${ends}`, { id: 'gauge.summary' })
      : msg(str`${this.heading}: ${shown}, target ${text(target)}, scale ${ends}`, { id: 'gauge.summaryTarget' });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'lumina-gauge': LuminaGauge;
  }
}
