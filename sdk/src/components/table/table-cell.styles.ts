import { css } from 'lit';

/** Styles of what stands in the cells of `<lumina-table>`. */
export const tableCellStyles = css`
  .cell {
    position: relative;
    display: flex;
    align-items: center;
    justify-content: flex-end;
    gap: 6px;
    min-height: calc(var(--_row-height) - 6px);
  }
  .cell > * {
    position: relative;
  }
  .cell > .bar {
    position: absolute;
    inset: auto 0 0;
    height: 3px;
    border-radius: 1.5px;
    background: linear-gradient(var(--_bar, var(--_sequential-3)) 0 0) 0 0 / calc(var(--share) * 100%) 100% no-repeat;
  }
  /* A share of a whole shows the whole. */
  .cell > .bar.of-whole {
    background-color: var(--_inset);
  }
  .number {
    color: var(--_text-strong);
  }
  .unit {
    font-size: var(--_small-size, 12px);
    color: var(--_text-muted);
  }
  .tone {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    margin-inline-end: auto;
    font-size: var(--_small-size, 12px);
  }
  .tone svg,
  .delta svg {
    flex: none;
    width: 14px;
    height: 14px;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.6;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .good .tone,
  .good .number,
  .delta.better {
    color: var(--_good);
  }
  .warning .tone,
  .warning .number {
    color: var(--_warning);
  }
  .critical .tone,
  .critical .number,
  .delta.worse {
    color: var(--_critical);
  }
  .info .tone,
  .info .number {
    color: var(--_info);
  }
  .warning .number,
  .critical .number {
    font-weight: 600;
  }
  .good {
    --_bar: var(--_good-mark);
  }
  .warning {
    --_bar: var(--_warning-mark);
  }
  .critical {
    --_bar: var(--_critical-mark);
  }
  .info {
    --_bar: var(--_info-mark);
  }
  .delta {
    display: inline-flex;
    align-items: center;
    justify-content: flex-end;
    min-width: 56px;
    font-size: var(--_small-size, 12px);
    color: var(--_text-muted);
  }
  .delta svg {
    width: 12px;
    height: 12px;
  }
  td.spark {
    width: 88px;
  }
  td.spark svg {
    display: block;
    width: 72px;
    height: 20px;
    margin-inline-start: auto;
    overflow: visible;
  }
  td.spark path {
    fill: none;
    stroke: var(--_text-muted);
    stroke-width: 1.5;
    vector-effect: non-scaling-stroke;
  }
  :host([muted]) .number,
  :host([muted]) .tone,
  :host([muted]) .delta {
    color: var(--_text-muted);
  }
  :host([muted]) {
    --_sequential-3: var(--_border-strong);
  }
  :host([muted]) .value {
    --_bar: var(--_border-strong);
  }
  /* In a narrow tile words of tones are for readers of screens; the sign and the colour stay. */
  @container (max-width: 479px) {
    .tone .word {
      position: absolute;
      width: 1px;
      height: 1px;
      overflow: hidden;
      clip-path: inset(50%);
    }
    .delta {
      min-width: 52px;
    }
  }
  :host([density='compact']) .cell > .bar {
    height: 2px;
  }
`;
