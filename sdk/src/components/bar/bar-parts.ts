import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { msg, str } from '@lit/localize';
import type { Threshold } from '@lumina/contracts';
import type { TileView } from '../../client/tile-view.ts';
import type { BarGroup, BarGroups } from '../../charts/bar-groups.ts';
import { toneOf } from '../../charts/thresholds.ts';
import { formatValueText, sharedDigits } from '../../i18n/format.ts';
import { metricTitle } from '../../i18n/metric-titles.ts';
import { ICONS } from '../icons.ts';
import { comparedTitle } from '../kind/compare-text.ts';
import { keyColour } from '../kind/key-colour.ts';
import { TONE_ICONS, toneWord } from '../kind/tones.ts';

/** The names of the metrics, where there are several. */
export function barLegend(bars: BarGroups): TemplateResult | typeof nothing {
  if (bars.metrics.length < 2) return nothing;
  return html`<ul class="legend" part="legend">
    ${bars.metrics.map(
      ({ id }, index) =>
        html`<li><span class="key" .style=${keyColour(index)}></span><span>${metricTitle(id)}</span></li>`,
    )}
  </ul>`;
}

/** The names beside lying bars. */
export function barNames(bars: BarGroups, chosen: number | undefined): TemplateResult {
  return html`<ul class="names">
    ${repeat(
      bars.groups,
      ({ key }) => key,
      ({ name }, index) =>
        html`<li .className=${index === chosen ? 'chosen' : ''} .title=${name}><span>${name}</span></li>`,
    )}
  </ul>`;
}

/** The values beside lying bars, with the sign of their tone. */
export function barValues(
  view: TileView,
  bars: BarGroups,
  thresholds: readonly Threshold[] | undefined,
  locale: string,
): TemplateResult {
  const digits = sharedDigits(
    bars.groups.flatMap(({ values }) => values),
    view.unit,
  );
  return html`<ul class="values">
    ${repeat(
      bars.groups,
      ({ key }) => key,
      ({ values }) => {
        const tone = bars.metrics.length === 1 ? toneOf(values[0], thresholds) : undefined;
        const texts = values.map((value) => formatValueText(value, view.unit, locale, digits));
        return html`<li .className=${tone ?? ''} .title=${tone === undefined ? '' : toneWord(tone)}>
          ${
            tone === undefined
              ? nothing
              : html`<svg viewBox="0 0 16 16" aria-hidden="true">${ICONS[TONE_ICONS[tone]]}</svg>`
          }<span>${texts.join(' / ')}</span>
        </li>`;
      },
    )}
  </ul>`;
}

/** What the card of one bar says. */
export interface BarCard {
  readonly view: TileView;
  readonly bars: BarGroups;
  readonly group: BarGroup;
  readonly title: string;
  readonly locale: string;
  /** Where it stands, as declarations of a style. */
  readonly place: string;
}

/** The card of the chosen upright bar. */
export function barCard({ view, bars, group, title, locale, place }: BarCard): TemplateResult {
  return html`<div class="card" role="status" .style=${place}>
    <p>${title}${group.isOpen ? html` <em>${msg('still filling', { id: 'chart.open' })}</em>` : nothing}</p>
    <ul>
      ${bars.metrics.map(
        ({ id }, at) =>
          html`<li>
            <span class="key" .style=${keyColour(at)}></span><span>${metricTitle(id)}</span
            ><span class="last">${formatValueText(group.values[at] ?? null, view.unit, locale)}</span>
          </li>`,
      )}
      ${
        group.compared === undefined || view.compare === undefined
          ? nothing
          : html`<li>
              <span class="tick"></span><span>${comparedTitle(view.compare)}</span
              ><span class="last">${formatValueText(group.compared, view.unit, locale)}</span>
            </li>`
      }
    </ul>
  </div>`;
}

/** What stands below the bars: how many are hidden, what the marks mean, what could not be drawn. */
export function barNotes(
  view: TileView,
  { hiddenCount, otherMetrics, metrics }: BarGroups,
  target: number | undefined,
  locale: string,
): TemplateResult | typeof nothing {
  const compare = metrics.length === 1 ? view.compare : undefined;
  if (hiddenCount === 0 && otherMetrics.length === 0 && compare === undefined && target === undefined) return nothing;
  const names = otherMetrics.map(({ id }) => metricTitle(id)).join(', ');
  const targetText = formatValueText(target, view.unit, locale);
  return html`<p class="notes">
    ${hiddenCount === 0 ? nothing : html`<span>${msg(str`${String(hiddenCount)} more`, { id: 'chart.more' })}</span>`}
    ${
      target === undefined
        ? nothing
        : html`<span><span class="dash"></span>${msg(str`Target ${targetText}`, { id: 'stat.target' })}</span>`
    }
    ${compare === undefined ? nothing : html`<span><span class="tick"></span>${comparedTitle(compare)}</span>`}
    ${names === '' ? nothing : html`<span>${msg(str`Not drawn, other unit: ${names}`, { id: 'bar.otherUnit' })}</span>`}
  </p>`;
}
