import { css } from 'lit';

/** Styles of `<lumina-bar>`. */
export const barStyles = css`
  :host {
    --_most-px: 64px;
    display: flex;
    flex-direction: column;
    min-height: 0;
    height: 100%;
  }
  ul {
    margin: 0;
    padding: 0;
    list-style: none;
    font-size: 12px;
    line-height: 18px;
    color: var(--_text);
  }
  li {
    display: flex;
    align-items: center;
    gap: 6px;
    min-width: 0;
  }
  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 16px;
    margin-block-end: 6px;
  }
  .key {
    flex: none;
    width: 8px;
    height: 8px;
    border-radius: 2px;
    background: var(--_key);
  }
  .plot {
    flex: 1;
    min-height: 0;
    border-radius: 4px;
  }
  .upright {
    display: grid;
    min-height: 96px;
  }
  .lying {
    display: grid;
    grid-template-columns: fit-content(45%) minmax(0, 1fr) auto;
    gap: 10px;
    max-height: calc(var(--_rows) * var(--_most-px));
    min-height: calc(var(--_rows) * 20px);
  }
  .bars {
    position: relative;
    min-width: 0;
  }
  canvas {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
  }
  .names,
  .values {
    display: grid;
    grid-auto-rows: minmax(0, 1fr);
    min-width: 0;
    font-size: 13px;
  }
  .names span {
    overflow: hidden;
    line-height: 1.4;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .names .chosen {
    font-weight: 600;
    color: var(--_text-strong);
  }
  .values {
    min-width: 4ch;
  }
  .values li {
    justify-content: flex-end;
    gap: 4px;
    font-weight: 600;
    color: var(--_text-strong);
    white-space: nowrap;
  }
  .values .good {
    color: var(--_good);
  }
  .values .warning {
    color: var(--_warning);
  }
  .values .critical {
    color: var(--_critical);
  }
  .values .info {
    color: var(--_info);
  }
  svg {
    flex: none;
    width: 14px;
    height: 14px;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.6;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .notes {
    display: flex;
    flex-wrap: wrap;
    gap: 0 16px;
    margin: 6px 0 0;
    font-size: 12px;
    line-height: 16px;
    color: var(--_text-muted);
  }
  .notes:empty {
    display: none;
  }
  .notes > span {
    display: inline-flex;
    align-items: center;
    gap: 6px;
  }
  .tick {
    flex: none;
    width: 2px;
    height: 10px;
    margin-inline: 3px;
    background: var(--_text-muted);
  }
  .dash {
    width: 14px;
    border-block-start: 1px dashed var(--_text);
  }
  .card {
    position: absolute;
    z-index: 2;
    inset-block-start: 8px;
    min-width: 132px;
    max-width: 240px;
    padding: 8px 12px;
    border: 1px solid var(--_border-strong);
    border-radius: 6px;
    background: var(--_raised);
    box-shadow: 0 4px 14px rgb(0 0 0 / 16%);
    font-size: 12px;
    line-height: 18px;
    color: var(--_text);
    pointer-events: none;
  }
  .card p {
    margin: 0 0 4px;
    color: var(--_text-muted);
    white-space: nowrap;
  }
  .card em {
    font-style: normal;
  }
  .card em::before {
    content: '· ';
  }
  .card .last {
    margin-inline-start: auto;
    padding-inline-start: 12px;
    font-weight: 600;
    color: var(--_text-strong);
  }
  :host([density='wall']) {
    --_most-px: 120px;
  }
  :host([density='wall']) .names,
  :host([density='wall']) .values {
    font-size: 20px;
  }
  :host([density='wall']) :is(.legend, .notes) {
    font-size: 16px;
    line-height: 24px;
  }
  :host([muted]) .values li {
    font-weight: 400;
    color: var(--_text-muted);
  }
`;
