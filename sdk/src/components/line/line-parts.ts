import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { msg, str } from '@lit/localize';
import { newestValue } from '../../client/tile-view.ts';
import type { TileView } from '../../client/tile-view.ts';
import type { LineChart } from '../../charts/line-chart.ts';
import { formatValueText } from '../../i18n/format.ts';
import { cardPlace } from '../kind/card-place.ts';
import { comparedTitle } from '../kind/compare-text.ts';
import { keyColour } from '../kind/key-colour.ts';
import { instantText } from '../kind/tile-time.ts';
import { cardRows } from './cursor-card.ts';
import type { Marked } from './range-drag.ts';

/** So many lines have their names at their ends; more have a legend. */
export const MAX_DIRECT = 4;

/** What the parts of a line tile know of it. */
export interface LineParts {
  readonly view: TileView;
  readonly locale: string;
  /** Index of the line that stands out. */
  readonly chosen: number | undefined;
  readonly nameOf: (index: number) => string;
  readonly placeOf: (index: number) => number;
  readonly choose: (index: number | undefined) => void;
  readonly pick: (index: number) => void;
}

/** Names and newest values, the highest first. */
export function lineLegend(parts: LineParts): TemplateResult {
  const { view } = parts;
  const order = view.series
    .map((series, index) => ({ key: series.key, index, last: newestValue(series.points) }))
    .sort((a, b) => (b.last ?? -Infinity) - (a.last ?? -Infinity));
  const isLong = view.series.length > MAX_DIRECT;
  return html`<ul
    .className=${isLong ? 'legend long' : isAnonymous(view) ? 'legend anonymous' : 'legend'}
    part="legend"
    .tabIndex=${isLong ? 0 : -1}
    .ariaLabel=${msg('Legend', { id: 'line.legend' })}
    @pointerleave=${() => {
      parts.choose(undefined);
    }}
  >
    ${repeat(
      order,
      ({ key }) => key,
      ({ index, last }) => item(parts, index, last, ''),
    )}
  </ul>`;
}

/** The same beside the ends of the lines, and the name of the target beside its rule; the chart moves them there. */
export function lineEnds(parts: LineParts, target: string): TemplateResult {
  return html`<ul
    .className=${isAnonymous(parts.view) ? 'ends anonymous' : 'ends'}
    part="legend"
    @pointerleave=${() => {
      parts.choose(undefined);
    }}
  >
    ${repeat(
      parts.view.series,
      ({ key }) => key,
      ({ points }, index) => item(parts, index, newestValue(points), ''),
    )}
    ${target === '' ? nothing : html`<li class="goal">${target}</li>`}
  </ul>`;
}

/** One line of the whole needs no name beside it: the tile's heading is its name. */
function isAnonymous({ series }: TileView): boolean {
  return series.length === 1 && series[0]?.dimension === '';
}

function item(parts: LineParts, index: number, value: number | null, compared: string): TemplateResult {
  const name = parts.nameOf(index);
  const unit = parts.view.series[index]?.unit ?? parts.view.unit;
  return html`<li
    .className=${index === parts.chosen ? 'chosen' : ''}
    @pointerenter=${() => {
      parts.choose(index);
    }}
    @pointerup=${() => {
      parts.pick(index);
    }}
  >
    <span class="key" .style=${keyColour(parts.placeOf(index))}></span><span class="name" .title=${name}>${name}</span
    ><span class="last">${formatValueText(value, unit, parts.locale)}</span>${
      compared === '' ? nothing : html`<span class="compared">${compared}</span>`
    }
  </li>`;
}

/** What the dashed lighter lines are, and the dashed rule where its name does not stand beside it. */
export function lineNotes({ compare }: TileView, target: string): TemplateResult | typeof nothing {
  if (compare === undefined && target === '') return nothing;
  return html`<p class="note">
    ${compare === undefined ? nothing : html`<span><span class="dashes"></span>${comparedTitle(compare)}</span>`}
    ${target === '' ? nothing : html`<span><span class="dashes goal"></span>${target}</span>`}
  </p>`;
}

/** The stretch of time that is being marked. */
export function markedPart(chart: LineChart | undefined, marked: Marked | undefined): TemplateResult | typeof nothing {
  if (marked === undefined || chart === undefined) return nothing;
  const left = Math.round(chart.pixelOf(marked.fromMs));
  const width = Math.round(chart.pixelOf(marked.toMs)) - left;
  return html`<div class="marked" .style=${`left:${String(left)}px;width:${String(width)}px`}></div>`;
}

/** The rule at the cursor, which all charts show, with a dot on each line. */
export function cursorRule(parts: LineParts, chart: LineChart, atMs: number): TemplateResult {
  const { bottom, top } = chart.plotArea();
  const px = Math.round(chart.pixelOf(atMs));
  const places = chart.placesAt(atMs);
  const style = `transform:translateX(${String(px)}px);top:${String(top)}px;height:${String(bottom - top)}px`;
  return html`<div class="rule" .style=${style}></div>
    ${
      parts.view.series.length > MAX_DIRECT * 2
        ? nothing
        : parts.view.series.map(({ key }, index) => {
            const y = places.get(key);
            if (y === undefined) return nothing;
            const move = `transform:translate(${String(px)}px,${String(Math.round(y))}px)`;
            return html`<div class="dot" .style=${`${move};${keyColour(parts.placeOf(index))}`}></div>`;
          })
    }`;
}

/** The card at the cursor, which only the chart under the pointer shows: all lines at that instant. */
export function cursorCard(parts: LineParts, chart: LineChart, atMs: number): TemplateResult {
  const { view, locale } = parts;
  const { right, bottom } = chart.plotArea();
  const { rows, hiddenCount } = cardRows(view, atMs, bottom, parts.chosen);
  const isOpen = view.openFromMs !== undefined && atMs >= view.openFromMs;
  return html`<div class="card" role="status" .style=${cardPlace(Math.round(chart.pixelOf(atMs)), right)}>
    <p>
      ${instantText(view, atMs, locale)}${
        isOpen ? html` <em>${msg('still filling', { id: 'chart.open' })}</em>` : nothing
      }${view.compare === undefined ? nothing : html`<span class="compared">${comparedTitle(view.compare)}</span>`}
    </p>
    <ul>
      ${rows.map(({ index, value, compared }) => {
        const unit = view.series[index]?.unit ?? view.unit;
        return item(parts, index, value, compared === undefined ? '' : formatValueText(compared, unit, locale));
      })}
    </ul>
    ${
      hiddenCount === 0
        ? nothing
        : html`<p class="more">${msg(str`${String(hiddenCount)} more`, { id: 'chart.more' })}</p>`
    }
  </div>`;
}
