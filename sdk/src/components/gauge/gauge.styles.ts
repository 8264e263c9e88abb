import { css } from 'lit';

/** Styles of `<lumina-gauge>`. */
export const gaugeStyles = css`
  :host {
    --_scale-px: 18px;
    --_most-px: 340px;
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
    width: var(--_dial);
    aspect-ratio: 200 / 158;
    container-type: inline-size;
  }
  .dial,
  .scale {
    --_dial: min(100cqi, calc((100cqb - var(--_scale-px)) * 1.26), var(--_most-px));
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
    stroke: color-mix(in srgb, var(--_text-muted) 18%, transparent);
    stroke-width: 14;
  }
  .arc {
    stroke: var(--_series-1);
    stroke-width: 14;
  }
  .good .arc,
  .track.good {
    stroke: var(--_good-mark);
  }
  .warning .arc,
  .track.warning {
    stroke: var(--_warning-mark);
  }
  .critical .arc,
  .track.critical {
    stroke: var(--_critical-mark);
  }
  .info .arc,
  .track.info {
    stroke: var(--_info-mark);
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
    justify-content: center;
    --_hero: 40px;
  }
  .missing .value {
    flex-wrap: wrap;
  }
  .middle .reason {
    margin: 4px 0 0;
    flex-basis: 100%;
    text-align: center;
    font-size: 12px;
  }
  .scale {
    display: flex;
    align-items: baseline;
    justify-content: space-between;
    gap: 8px;
    width: var(--_dial);
    /* Never narrower than its words, which a small dial is. */
    min-width: min-content;
    max-width: 100%;
    margin: 2px 0 0;
    padding-inline: 3%;
    font-size: 12px;
    line-height: 16px;
    color: var(--_text-muted);
    white-space: nowrap;
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
    display: inline-flex;
    align-items: center;
    gap: 0.5em;
    min-width: 0;
    overflow: hidden;
    color: var(--_text);
  }
  .mark {
    width: 2.5px;
    height: 10px;
    background: var(--_text-strong);
  }
  :host([density='compact']) .middle .value {
    --_hero: 28px;
  }
  :host([density='wall']) {
    --_scale-px: 30px;
    --_most-px: 640px;
  }
  :host([density='wall']) .middle .value {
    --_hero: clamp(56px, 28cqi, 96px);
  }
  :host([density='wall']) :is(.scale, .tone) {
    font-size: 20px;
    line-height: 28px;
  }
  :host([density='wall']) .tone svg {
    width: 20px;
    height: 20px;
  }
  :host([density='wall']) .mark {
    width: 4px;
    height: 16px;
  }
  :host([muted]) :is(.arc, .track) {
    opacity: 0.45;
  }
  :host([muted]) .tone {
    color: var(--_text-muted);
  }
`;
