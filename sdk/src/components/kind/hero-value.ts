import { css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { msg } from '@lit/localize';
import type { MetricUnit } from '@lumina/contracts';
import { NO_VALUE } from '../../i18n/format.ts';
import { fadeWhenChanged } from './fade-when-changed.ts';
import { valueParts, widthOf } from './value-parts.ts';

/**
 * The big number of a tile with its unit small beside it. It is told how many characters it has and shrinks to the
 * width of its container, so that it never overflows.
 */
export function heroValue(value: number | null | undefined, unit: MetricUnit, locale: string): TemplateResult {
  const parts = valueParts(value, unit, locale);
  const isMissing = parts[0]?.text === NO_VALUE;
  return html`<p
    .className=${isMissing ? 'value missing' : 'value'}
    part="value"
    ${fadeWhenChanged(parts)}
    .style=${`--_chars:${widthOf(parts).toFixed(1)}`}
  >
    ${parts.map(
      (one) =>
        html`<span class="number">${one.text}</span>${
            one.unit === '' ? nothing : html`<span class="unit" part="unit">${one.unit}</span>`
          }`,
    )}${isMissing ? html`<span class="reason">${msg('No data in this period', { id: 'stat.noData' })}</span>` : nothing}
  </p>`;
}

/** Styles of {@link heroValue}; the largest size is \`--_hero\`. */
export const heroStyles = css`
  .value {
    display: flex;
    align-items: baseline;
    gap: 0.18em;
    min-width: 0;
    margin: 0;
    /* A digit is at most 0.7 of the size wide. */
    font-size: clamp(14px, calc(100cqi / (var(--_chars) * 0.7)), var(--_hero, 40px));
    line-height: 1;
    white-space: nowrap;
    color: var(--_text-strong);
  }
  .number {
    font-weight: 600;
    letter-spacing: -0.02em;
  }
  .number + .number,
  .unit + .number {
    margin-inline-start: 0.08em;
  }
  .unit {
    font-size: min(16px, 0.5em);
    color: var(--_text-muted);
  }
  .missing {
    flex-wrap: wrap;
  }
  .missing .number {
    font-weight: 400;
    color: var(--_text-muted);
  }
  .reason {
    flex-basis: 100%;
    margin-block-start: 8px;
    font-size: 13px;
    line-height: 1.3;
    white-space: normal;
    color: var(--_text-muted);
  }
  :host([density='compact']) {
    --_hero: 28px;
  }
  /* Read from five metres: as large as the tile is wide enough for. */
  :host([density='wall']) .value {
    --_hero: clamp(56px, 13cqi, 72px);
  }
  :host([density='wall']) .unit {
    font-size: min(28px, 0.5em);
  }
  :host([density='wall']) .reason {
    font-size: 16px;
  }
  :host([muted]) .value {
    color: var(--_text-muted);
  }
  :host([muted]) .number {
    font-weight: 400;
  }
`;
