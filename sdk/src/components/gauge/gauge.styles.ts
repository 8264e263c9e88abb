import { css } from 'lit';

/** Styles of `<lumina-gauge>`. */
export const gaugeStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    align-items: center;
    justify-content: center;
    container-type: size;
    min-width: 0;
    min-height: 96px;
    height: 100%;
  }
  lumina-stat {
    align-self: stretch;
    flex: 1;
  }
  .dial {
    position: relative;
    /* As large as fits in both directions, the line below it left free. */
    width: min(100cqi, calc((100cqb - 20px) * 1.26), 340px);
    aspect-ratio: 200 / 158;
    container-type: inline-size;
  }
  .dial > svg {
    display: block;
    width: 100%;
    height: 100%;
    overflow: visible;
  }
  path {
    fill: none;
    stroke-linecap: butt;
  }
  .ground {
    stroke: var(--_inset);
    stroke-width: 14;
  }
  .arc {
    stroke: var(--_series-1);
    stroke-width: 14;
  }
  .good .arc,
  .track.good {
    stroke: var(--_mark-good);
  }
  .warning .arc,
  .track.warning {
    stroke: var(--_mark-warning);
  }
  .critical .arc,
  .track.critical {
    stroke: var(--_mark-critical);
  }
  .info .arc,
  .track.info {
    stroke: var(--_mark-info);
  }
  .track {
    stroke-width: 3;
  }
  .track.none {
    stroke: none;
  }
  .target {
    stroke: var(--_text-strong);
    stroke-width: 2.5;
  }
  .middle {
    position: absolute;
    inset: 34% 18% 20%;
    display: flex;
    flex-direction: column;
    align-items: center;
    justify-content: center;
    gap: 4px;
    container-type: inline-size;
  }
  .middle .value {
    flex-wrap: wrap;
    justify-content: center;
    --_hero: 40px;
  }
  .middle .reason {
    margin: 4px 0 0;
    flex-basis: 100%;
    text-align: center;
    font-size: 12px;
  }
  .end {
    position: absolute;
    inset-block-end: 0;
    width: 30%;
    font-size: 12px;
    line-height: 16px;
    color: var(--_text-muted);
    white-space: nowrap;
  }
  .min {
    inset-inline-start: 0;
    padding-inline-start: 4%;
    text-align: start;
  }
  .max {
    inset-inline-end: 0;
    padding-inline-end: 4%;
    text-align: end;
  }
  .tone {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    font-size: 12px;
    font-weight: 600;
    line-height: 16px;
  }
  .tone svg {
    width: 14px;
    height: 14px;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.6;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .tone.good {
    color: var(--_good);
  }
  .tone.warning {
    color: var(--_warning);
  }
  .tone.critical {
    color: var(--_critical);
  }
  .tone.info {
    color: var(--_info);
  }
  .goal {
    display: flex;
    align-items: center;
    gap: 6px;
    height: 16px;
    margin: 4px 0 0;
    font-size: 12px;
    line-height: 16px;
    color: var(--_text-muted);
  }
  .mark {
    width: 2.5px;
    height: 10px;
    background: var(--_text-strong);
  }
  :host([density='compact']) .middle .value {
    --_hero: 28px;
  }
  :host([density='wall']) .middle .value {
    --_hero: 56px;
  }
  :host([muted]) .arc {
    opacity: 0.45;
  }
  :host([muted]) .tone {
    color: var(--_text-muted);
  }
`;
