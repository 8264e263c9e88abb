import { html, nothing, svg } from 'lit';
import type { TemplateResult } from 'lit';
import { msg, str } from '@lit/localize';
import type { Threshold } from '@lumina/contracts';
import { toneOf } from '../../charts/thresholds.ts';
import type { TileCompare, TileSeries } from '../../client/tile-view.ts';
import { NO_VALUE, formatValue } from '../../i18n/format.ts';
import { ICONS } from '../icons.ts';
import { attributes } from '../kind/attributes.ts';
import { versusText } from '../kind/compare-text.ts';
import { TONE_ICONS, toneWord } from '../kind/tones.ts';
import { comparisonOf } from '../stat/comparison.ts';
import type { Comparison } from '../stat/comparison.ts';
import { SPARK_HEIGHT, SPARK_WIDTH, sparkPath } from './spark-path.ts';

/** What all cells of a column share. */
export interface CellLook {
  readonly locale: string;
  readonly thresholds: readonly Threshold[] | undefined;
  readonly compare: TileCompare | undefined;
  /** Value of a full bar; 0 draws no bar. */
  readonly largest: number;
  /** Digits behind the point that all cells of the column have at least. */
  readonly digits: 0 | 1;
  /** Whether the unit stands in the header already. */
  readonly isUnitInHeader: boolean;
}

/** A cell with a value: bar, tone, number and difference. */
export function valueCell(series: TileSeries | undefined, look: CellLook): TemplateResult {
  const total = series?.total ?? null;
  const { text, unit } = formatValue(total, series?.unit ?? 'count', look.locale, look.digits);
  const tone = toneOf(total, look.thresholds);
  const share = look.largest > 0 && total !== null ? Math.min(1, Math.max(0, total / look.largest)) : 0;
  const barClass = series?.unit === '%' ? 'bar of-whole' : 'bar';
  return html`<td .className=${`value ${tone ?? ''}`}>
    <div class="cell">
      ${share > 0 ? html`<span .className=${barClass} .style=${`--share:${share.toFixed(3)}`}></span>` : nothing}
      ${
        tone === undefined
          ? nothing
          : html`<span class="tone"
              ><svg viewBox="0 0 16 16" aria-hidden="true">${ICONS[TONE_ICONS[tone]]}</svg
              ><span class="word">${toneWord(tone)}</span></span
            >`
      }
      <span class="number"
        >${
          text === NO_VALUE
            ? html`<span aria-hidden="true">${NO_VALUE}</span
                ><span class="visually-hidden">${msg('no data', { id: 'table.noValue' })}</span>`
            : text
        }${unit === '' || look.isUnitInHeader ? nothing : html`<span class="unit"> ${unit}</span>`}</span
      >
      ${series === undefined || look.compare === undefined ? nothing : deltaPart(deltaOf(series, look.locale), look.compare)}
    </div>
  </td>`;
}

const ARROWS = {
  up: svg`<path d="M8 12.5v-9M4.5 7L8 3.5 11.5 7"></path>`,
  down: svg`<path d="M8 3.5v9M4.5 9L8 12.5 11.5 9"></path>`,
  same: svg`<path d="M3.5 8h9"></path>`,
} as const;

function deltaOf({ total, compareTotal, unit, better }: TileSeries, locale: string): Comparison | undefined {
  return comparisonOf(total, compareTotal, unit, better, locale);
}

/** The difference without its sign: an arrow shows that, or a word. */
function sizeOf({ text }: Comparison): string {
  return text.replace(/^[+−±]/u, '');
}

function deltaWords(delta: Comparison, compare: TileCompare): string {
  const versus = versusText(compare);
  const size = sizeOf(delta);
  if (delta.trend === 'same') return msg(str`no change ${versus}`, { id: 'table.delta.same' });
  return delta.trend === 'up'
    ? msg(str`up ${size} ${versus}`, { id: 'table.delta.up' })
    : msg(str`down ${size} ${versus}`, { id: 'table.delta.down' });
}

function deltaPart(delta: Comparison | undefined, compare: TileCompare): TemplateResult {
  if (delta === undefined) return html`<span class="delta"></span>`;
  const words = deltaWords(delta, compare);
  return html`<span .className=${`delta ${delta.verdict}`} .title=${words}
    ><svg viewBox="0 0 16 16" aria-hidden="true">${ARROWS[delta.trend]}</svg
    ><span aria-hidden="true">${delta.trend === 'same' ? '' : sizeOf(delta)}</span
    ><span class="visually-hidden">${words}</span></span
  >`;
}

/** A cell with the course of a series, for the eye only: its numbers stand beside it. */
export function sparkCell(series: TileSeries | undefined, fromMs: number, toMs: number): TemplateResult {
  const d = sparkPath(series?.points ?? [], fromMs, toMs);
  const viewBox = `0 0 ${String(SPARK_WIDTH)} ${String(SPARK_HEIGHT)}`;
  return html`<td class="spark" aria-hidden="true">
    ${svg`<svg preserveAspectRatio="none" ${attributes({ viewBox })}><path ${attributes({ d })}></path></svg>`}
  </td>`;
}
