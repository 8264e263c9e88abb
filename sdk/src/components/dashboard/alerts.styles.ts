import { css } from 'lit';

/** Styles of what fires, over the tiles of a board. */
export const alertsStyles = css`
  .alerts {
    display: grid;
    gap: 8px;
    margin-block-end: 12px;
    font-size: max(13px, var(--_small-size));
    line-height: 20px;
    color: var(--_text);
  }
  .alert-list {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 8px;
    max-height: min(308px, 50dvh);
    margin: 0;
    padding: 0;
    overflow: auto;
    list-style: none;
  }
  .alert-list:focus-visible {
    outline-offset: -2px;
  }
  .alert,
  .alert-summary {
    --_tone: var(--_info);
    --_mark: var(--_info-mark);
    display: flex;
    align-items: center;
    gap: 0 12px;
    min-width: 0;
    padding: 7px 12px 7px 10px;
    border: 1px solid var(--_border);
    border-inline-start: 3px solid var(--_mark);
    border-radius: 6px;
    background: var(--_tile);
  }
  .alert-summary {
    width: 100%;
    min-height: 36px;
    font: inherit;
    color: inherit;
    text-align: start;
    cursor: pointer;
  }
  .alert-summary:hover {
    background: var(--_inset);
  }
  :is(.alert, .alert-summary, .severity).warning {
    --_tone: var(--_warning);
    --_mark: var(--_warning-mark);
  }
  :is(.alert, .alert-summary, .severity).critical {
    --_tone: var(--_critical);
    --_mark: var(--_critical-mark);
  }
  :is(.alert, .alert-summary).critical {
    border-color: var(--_critical-mark);
    background: var(--_critical-surface);
  }
  .severity {
    --_tone: var(--_info);
    display: inline-flex;
    flex: none;
    align-items: center;
    gap: 6px;
    font-weight: 600;
    color: var(--_tone);
    white-space: nowrap;
  }
  .alerts svg {
    flex: none;
    width: 16px;
    height: 16px;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.5;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .alerts .name,
  .count {
    font-weight: 600;
    color: var(--_text-strong);
  }
  .alerts .name {
    flex: 0 1 auto;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .count {
    flex: none;
  }
  .names {
    flex: 1;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .alerts .detail {
    flex: none;
    margin-inline-start: auto;
    white-space: nowrap;
  }
  .alert-summary[aria-expanded='true'] .chevron {
    rotate: 180deg;
  }
  /* Two stand side by side, so that the tiles below stay where one alert has put them. */
  @container lumina-board (min-width: 1440px) {
    .alert-list:not([tabindex='0']):has(> .alert + .alert) {
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }
  }
  @container lumina-board (max-width: 719px) {
    .alert-list {
      max-height: none;
    }
    .alert {
      flex-wrap: wrap;
      align-items: flex-start;
    }
    /* The whole count says that there are some. */
    .alert-summary .info {
      display: none;
    }
    .alerts .name {
      flex: 1;
      white-space: normal;
      overflow-wrap: anywhere;
    }
    .alerts .detail {
      flex: 1 0 100%;
      margin: 0;
      padding-inline-start: 22px;
      white-space: normal;
    }
    .names {
      display: none;
    }
    .alert-summary .chevron {
      margin-inline-start: auto;
    }
  }
`;
