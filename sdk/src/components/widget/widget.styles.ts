import { css } from 'lit';

/** Styles of `<lumina-widget>`. */
export const widgetStyles = css`
  :host {
    display: block;
    container-type: inline-size;
    min-width: 0;
    min-height: 168px;
  }
  :host([kind='line']) {
    min-height: 280px;
  }
  .tile {
    position: relative;
    display: flex;
    flex-direction: column;
    height: 100%;
    min-height: inherit;
    padding: 14px 16px 10px;
    overflow: hidden;
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
    background: var(--_tile);
  }
  header {
    display: flex;
    align-items: baseline;
    gap: 8px;
    min-width: 0;
    margin-block-end: 10px;
  }
  h3 {
    margin: 0;
    overflow: hidden;
    font-size: 13px;
    font-weight: 600;
    line-height: 18px;
    color: var(--_text);
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .subtitle {
    flex: none;
    margin-inline-start: auto;
    font-size: 12px;
    line-height: 18px;
    color: var(--_text-muted);
    white-space: nowrap;
  }
  .body {
    flex: 1;
    min-height: 0;
    display: flex;
    flex-direction: column;
  }
  .body > lumina-stat,
  .body > lumina-line {
    flex: 1;
  }
  footer {
    display: flex;
    align-items: center;
    gap: 6px;
    min-height: 16px;
    margin-block-start: 8px;
    font-size: 12px;
    line-height: 16px;
    color: var(--_text-muted);
  }
  footer .age {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  footer .zone {
    flex: none;
    margin-inline-start: auto;
  }
  svg {
    flex: none;
    width: 14px;
    height: 14px;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.5;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  :host([state='ready']) footer svg {
    color: var(--_good);
  }
  /* Not current: a hatched edge and words, so that nobody acts on an old number. */
  :host([state='late']) .tile,
  :host([state='stale']) .tile,
  :host([state='offline']) .tile {
    padding-block-start: 20px;
  }
  .edge {
    display: none;
    position: absolute;
    inset: 0 0 auto;
    height: 6px;
  }
  :host([state='late']) .edge,
  :host([state='stale']) .edge {
    display: block;
    background: repeating-linear-gradient(135deg, var(--_warning) 0 6px, var(--_warning-surface) 6px 12px);
  }
  :host([state='late']) .edge {
    height: 3px;
  }
  :host([state='late']) .tile {
    padding-block-start: 17px;
  }
  :host([state='offline']) .edge {
    display: block;
    background: repeating-linear-gradient(135deg, var(--_text-muted) 0 6px, var(--_inset) 6px 12px);
  }
  :host([state='late']) footer,
  :host([state='stale']) footer {
    color: var(--_warning);
  }
  :host([state='stale']) .tile {
    border-color: var(--_warning);
  }
  :host([state='stale']) footer,
  :host([state='offline']) footer {
    margin: 6px -16px -10px;
    padding: 7px 16px;
    font-weight: 600;
  }
  :host([state='stale']) footer {
    background: var(--_warning-surface);
  }
  :host([state='offline']) footer {
    background: var(--_inset);
    color: var(--_text);
  }
  .notice {
    display: flex;
    flex: 1;
    flex-direction: column;
    align-items: flex-start;
    justify-content: center;
    gap: 2px;
    font-size: 13px;
    line-height: 18px;
  }
  .notice svg {
    width: 24px;
    height: 24px;
    margin-block-end: 6px;
    stroke-width: 1.2;
    color: var(--_text-muted);
  }
  .notice.error svg {
    color: var(--_critical);
  }
  .notice p {
    margin: 0;
    color: var(--_text-muted);
  }
  .notice .what {
    font-weight: 600;
    color: var(--_text-strong);
  }
  .notice .code {
    max-width: 100%;
    overflow-wrap: anywhere;
    font-size: 12px;
  }
  :host([kind='line']) .notice {
    align-items: center;
    text-align: center;
  }
  button {
    margin-block-start: 8px;
    min-height: 32px;
    padding: 4px 12px;
    border: 1px solid var(--_border-strong);
    border-radius: 6px;
    background: var(--_tile);
    font: 600 13px/18px var(--_font);
    color: var(--_accent-text);
    cursor: pointer;
  }
  button:hover {
    background: var(--_inset);
  }
  .skeleton {
    border-radius: 4px;
    background: var(--_skeleton);
  }
  .skeleton.number {
    width: 96px;
    max-width: 60%;
    height: 34px;
    margin-block: 3px auto;
  }
  .skeleton.spark {
    height: 2px;
    margin-block-end: 12px;
  }
  .skeleton.legend {
    width: 180px;
    max-width: 70%;
    height: 12px;
    margin-block: 3px 14px;
  }
  .skeleton.plot {
    flex: 1;
    border: 1px solid var(--_grid);
    background: linear-gradient(var(--_grid) 0 1px, transparent 1px) 0 0 / 100% 25%;
  }
`;
