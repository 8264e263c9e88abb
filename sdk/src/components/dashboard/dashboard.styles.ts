import { css } from 'lit';
import { alertsStyles } from './alerts.styles.ts';

const ownStyles = css`
  :host {
    --_row: 56px;
    display: block;
    container: lumina-board / inline-size;
    min-width: 0;
    min-height: 240px;
  }
  :host([density='compact']) {
    --_row: 48px;
  }
  :host([density='wall']) {
    --_row: 76px;
  }
  /* On a phone the bar alone stays: with what fires below it there would be no room left for numbers. */
  .head {
    display: contents;
  }
  lumina-toolbar,
  .head {
    position: sticky;
    inset-block-start: var(--lumina-toolbar-top, 0);
    z-index: 2;
    background: var(--_page);
  }
  lumina-toolbar {
    margin-block-end: 4px;
    padding-block: 8px;
  }
  .grid {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    grid-auto-rows: var(--_row);
    gap: var(--_gap-size);
  }
  .cell {
    display: grid;
    grid-row: span var(--rows);
    order: var(--order);
    min-width: 0;
    min-height: 0;
  }
  .cell > lumina-widget {
    min-width: 0;
    min-height: 0;
    height: 100%;
  }
  @container lumina-board (min-width: 600px) {
    .head {
      display: flow-root;
    }
    .head lumina-toolbar {
      position: static;
    }
    .grid {
      grid-template-columns: repeat(6, minmax(0, 1fr));
      reading-flow: grid-rows;
    }
    .cell {
      grid-area: var(--medium);
    }
  }
  @container lumina-board (min-width: 960px) {
    .grid {
      grid-template-columns: repeat(12, minmax(0, 1fr));
    }
    .cell {
      grid-area: var(--wide);
    }
    /* A wall is filled from top to bottom, and nobody scrolls there; the rest is the toolbar's and the page's edge. */
    :host([density='wall']) .grid {
      --_row: max(52px, calc((100dvh - var(--_above, 88px)) / var(--rows, 1) - var(--_gap-size)));
    }
    :host([density='wall']) .head:has(.alerts) + .grid {
      --_above: 144px;
    }
  }
  .skeleton {
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
    background: var(--_tile);
    padding: 16px;
  }
  .skeleton::before {
    content: '';
    display: block;
    width: 40%;
    height: 12px;
    border-radius: 4px;
    background: var(--_skeleton);
  }
  .notice {
    display: flex;
    flex-direction: column;
    align-items: center;
    justify-content: center;
    gap: 4px;
    min-height: 240px;
    padding: 24px;
    border: 1px solid var(--_border);
    border-radius: var(--_radius);
    background: var(--_tile);
    font-size: 14px;
    line-height: 20px;
    text-align: center;
    color: var(--_text-muted);
  }
  .notice svg {
    width: 24px;
    height: 24px;
    margin-block-end: 8px;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.2;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .notice.error svg {
    color: var(--_critical);
  }
  .notice p {
    max-width: 70ch;
    margin: 0;
  }
  .notice .what {
    font-size: 16px;
    font-weight: 600;
    line-height: 24px;
    color: var(--_text-strong);
  }
  .notice .code {
    font-size: 12px;
    overflow-wrap: anywhere;
  }
  .notice button {
    min-height: 32px;
    margin-block-start: 12px;
    padding: 4px 14px;
    border: 1px solid var(--_border-strong);
    border-radius: 6px;
    background: var(--_tile);
    font: 600 13px/18px var(--_font);
    color: var(--_accent-text);
    cursor: pointer;
  }
  .notice button:hover {
    background: var(--_inset);
  }
`;

/** Styles of `<lumina-dashboard>`. */
export const dashboardStyles = [ownStyles, alertsStyles];
