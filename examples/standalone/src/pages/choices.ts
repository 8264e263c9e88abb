import { css, html } from 'lit';
import type { TemplateResult } from 'lit';
import type { DensityChoice, ThemeChoice } from '../settings.ts';

/** Cards that are chosen like radio buttons, each with a small drawing of what it does. */
export const choiceStyles = css`
  fieldset {
    min-width: 0;
    margin: 0;
    padding: 0;
    border: 0;
  }
  legend {
    margin-block-end: 8px;
    padding: 0;
    font-size: 14px;
    font-weight: 600;
    line-height: 20px;
    color: var(--_text-strong);
  }
  .choices {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(144px, 1fr));
    gap: 12px;
  }
  .choice {
    position: relative;
    display: grid;
    gap: 8px;
    padding: 8px;
    border: 1px solid var(--_border-strong);
    border-radius: 8px;
    font-size: 14px;
    line-height: 20px;
    color: var(--_text);
    cursor: pointer;
  }
  .choice:hover {
    background: var(--_inset);
  }
  .choice input {
    position: absolute;
    inset: 0;
    margin: 0;
    opacity: 0;
    cursor: pointer;
  }
  .choice:has(input:checked) {
    border-color: var(--_accent);
    box-shadow: inset 0 0 0 1px var(--_accent);
    font-weight: 600;
    color: var(--_text-strong);
  }
  .choice:has(input:focus-visible) {
    outline: 2px solid var(--_accent);
    outline-offset: 2px;
  }
  .choice > span:last-child {
    padding-inline: 4px;
  }
  .swatch {
    display: grid;
    grid-template-columns: 1fr 1fr;
    grid-template-rows: 1fr 1fr;
    gap: 6px;
    height: 64px;
    padding: 8px;
    border-radius: 4px;
    background: var(--swatch-page);
  }
  .swatch i {
    border: 1px solid var(--swatch-line);
    border-radius: 3px;
    background: var(--swatch-tile);
  }
  .swatch i:first-child {
    grid-row: span 2;
  }
  .light {
    --swatch-page: #eef0f3;
    --swatch-tile: #fff;
    --swatch-line: #cfd5dd;
  }
  .dark {
    --swatch-page: #0e1115;
    --swatch-tile: #222831;
    --swatch-line: #3d4652;
  }
  .contrast {
    --swatch-page: #000;
    --swatch-tile: #000;
    --swatch-line: #fff;
  }
  .auto {
    --swatch-tile: #8c95a1;
    --swatch-line: #8c95a1;
    background: linear-gradient(115deg, #eef0f3 50%, #0e1115 50%);
  }
  .comfortable,
  .compact {
    --swatch-page: var(--_inset);
    --swatch-tile: var(--_tile);
    --swatch-line: var(--_border-strong);
  }
  .compact {
    grid-template-columns: repeat(4, 1fr);
    gap: 3px;
    padding: 6px;
  }
  .compact i:first-child {
    grid-row: auto;
  }
`;

const TILES: Readonly<Record<ThemeChoice | DensityChoice, number>> = {
  auto: 3,
  light: 3,
  dark: 3,
  contrast: 3,
  comfortable: 3,
  compact: 8,
};

/** A small drawing of a board in a theme or density. */
export function swatch(choice: ThemeChoice | DensityChoice): TemplateResult {
  return html`<span .className=${`swatch ${choice}`} aria-hidden="true">
    ${Array.from({ length: TILES[choice] }, () => html`<i></i>`)}
  </span>`;
}
