import { css } from 'lit';

/** Styles of `<lumina-stat>`. */
export const statStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    container-type: inline-size;
    min-width: 0;
    min-height: 0;
    height: 100%;
  }
  .frame {
    display: flex;
    flex: 1;
    flex-direction: column;
    justify-content: space-between;
    min-height: 0;
  }
  /* What is good stays calm: its chip says so, and only what is not stands out. */
  .frame.warning .number {
    color: var(--_warning);
  }
  .frame.critical .number {
    color: var(--_critical);
  }
  .facts {
    display: flex;
    flex-direction: column;
    gap: 8px;
    min-width: 0;
  }
  .short .facts {
    flex-flow: row wrap;
    align-items: baseline;
    gap: 4px 12px;
  }
  .short .missing {
    flex-wrap: nowrap;
  }
  .short .missing .reason {
    flex-basis: auto;
    margin: 0;
  }
  .chips {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 12px;
    min-width: 0;
    font-size: 12px;
    line-height: 16px;
  }
  .chips:empty {
    display: none;
  }
  .chip {
    display: inline-flex;
    align-items: center;
    gap: 0.35em;
    min-width: 0;
    color: var(--_text-muted);
  }
  .tone {
    padding: 1px 8px 1px 6px;
    border-radius: 10px;
    font-weight: 600;
  }
  .tone.good {
    background: var(--_good-surface);
  }
  .tone.warning {
    background: var(--_warning-surface);
  }
  .tone.critical {
    background: var(--_critical-surface);
  }
  .tone.info {
    background: var(--_info-surface);
    color: var(--_info);
  }
  .good,
  .better .difference,
  .better svg,
  .better .word {
    color: var(--_good);
  }
  .warning {
    color: var(--_warning);
  }
  .critical,
  .worse .difference,
  .worse svg,
  .worse .word {
    color: var(--_critical);
  }
  .difference {
    font-weight: 600;
    color: var(--_text);
    white-space: nowrap;
  }
  .versus {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .word {
    flex: none;
    white-space: nowrap;
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
  dl {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 16px;
    margin: 0;
    font-size: 12px;
    line-height: 18px;
  }
  dl div {
    display: flex;
    gap: 6px;
    min-width: 0;
  }
  dt {
    overflow: hidden;
    color: var(--_text-muted);
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  dd {
    margin: 0;
    font-weight: 600;
    color: var(--_text);
  }
  .spark {
    position: relative;
    flex: 1 1 40px;
    min-height: 28px;
    max-height: 64px;
    margin-block-start: 8px;
    overflow: hidden;
  }
  canvas {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
  }
  :host([density='compact']) .facts {
    gap: 4px;
  }
  :host([density='wall']) .chips,
  :host([density='wall']) dl {
    font-size: 20px;
    line-height: 28px;
  }
  :host([density='wall']) .chip svg {
    width: 20px;
    height: 20px;
  }
  /* Low on a wall: beside the number, one below the other. */
  :host([density='wall']) .short .facts {
    flex-wrap: nowrap;
    align-items: center;
    column-gap: 20px;
  }
  :host([density='wall']) .short .chips {
    flex-flow: column;
    align-items: flex-start;
  }
  :host([density='wall']) .tone {
    padding-inline: 8px 12px;
    border-radius: 16px;
  }
  :host([density='wall']) .spark {
    flex-basis: 72px;
    max-height: 160px;
  }
  :host([muted]) .number,
  :host([muted]) dd,
  :host([muted]) .chip,
  :host([muted]) .chip * {
    color: var(--_text-muted);
  }
  :host([muted]) .tone {
    background: var(--_inset);
  }
`;
