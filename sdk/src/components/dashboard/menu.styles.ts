import { css } from 'lit';

/** Styles of a menu of the toolbar. */
export const menuStyles = css`
  :host {
    display: inline-block;
    min-width: 0;
  }
  svg {
    flex: none;
    width: 16px;
    height: 16px;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.5;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  button,
  input {
    font: 400 13px/20px var(--_font);
    color: inherit;
  }
  .button {
    display: flex;
    align-items: center;
    gap: 6px;
    max-width: 100%;
    min-height: 32px;
    padding: 5px 8px 5px 10px;
    border: 1px solid var(--_border-strong);
    border-radius: 6px;
    background: var(--_tile);
    color: var(--_text);
    cursor: pointer;
  }
  .button:hover,
  :host([open]) .button {
    background: var(--_inset);
  }
  .button .text {
    overflow: hidden;
    font-size: max(13px, var(--_small-size));
    font-weight: 600;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .button svg {
    color: var(--_text-muted);
  }
  .button .chevron {
    width: 14px;
    height: 14px;
  }
  .button.good,
  .button.good svg:first-child {
    color: var(--_good);
  }
  .button.warning {
    border-color: currentColor;
    background: var(--_warning-surface);
    color: var(--_warning);
  }
  .button.warning svg {
    color: inherit;
  }
  .panel {
    position: fixed;
    inset: var(--top, 0) auto auto var(--left, 0);
    width: max-content;
    min-width: 200px;
    max-width: min(336px, calc(100vw - 16px));
    max-height: min(480px, calc(100vh - var(--top, 0px) - 8px));
    margin: 0;
    padding: 6px;
    overflow: auto;
    border: 1px solid var(--_border-strong);
    border-radius: 8px;
    background: var(--_raised);
    color: var(--_text);
    box-shadow: var(--_shadow);
  }
  .search {
    width: 100%;
    min-height: 34px;
    margin-block-end: 6px;
    padding: 6px 8px;
    border: 1px solid var(--_border-strong);
    border-radius: 6px;
    background: var(--_tile);
    color: var(--_text-strong);
  }
  /* The ring stays within the panel. */
  .search:focus-visible {
    outline-offset: -1px;
  }
  .search::placeholder {
    color: var(--_text-muted);
    opacity: 1;
  }
  .group + .group {
    margin-block-start: 6px;
    padding-block-start: 6px;
    border-block-start: 1px solid var(--_border);
  }
  .group-title {
    margin: 0;
    padding: 4px 8px;
    font-size: 12px;
    line-height: 16px;
    color: var(--_text-muted);
  }
  .columns {
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 1fr));
    gap: 0 6px;
  }
  .columns .group + .group {
    margin: 0;
    padding: 0;
    border: 0;
  }
  .columns .option {
    gap: 4px;
    padding-inline: 4px;
  }
  .option {
    display: flex;
    align-items: center;
    gap: 8px;
    width: 100%;
    min-height: 32px;
    padding: 6px 8px;
    border: 0;
    border-radius: 5px;
    background: none;
    text-align: start;
    cursor: pointer;
  }
  .option:hover,
  .option:focus-visible {
    background: var(--_inset);
  }
  .option:focus-visible {
    outline-offset: -2px;
  }
  .option[aria-selected='true'] {
    font-weight: 600;
    color: var(--_text-strong);
  }
  .option .mark {
    color: var(--_accent-text);
  }
  .option .name {
    flex: 1;
    overflow-wrap: anywhere;
  }
  .option .detail {
    flex: none;
    font-size: 12px;
    font-weight: 400;
    color: var(--_text-muted);
  }
  .none {
    margin: 0;
    padding: 8px;
    font-size: 13px;
    color: var(--_text-muted);
  }
  .custom {
    display: grid;
    gap: 8px;
    margin-block-start: 6px;
    padding: 10px 8px 8px;
    border-block-start: 1px solid var(--_border);
    font-size: 13px;
    line-height: 18px;
  }
  .custom label {
    display: grid;
    gap: 2px;
    font-size: 12px;
    color: var(--_text-muted);
  }
  .custom input {
    width: 100%;
    min-height: 34px;
    padding: 5px 8px;
    border: 1px solid var(--_border-strong);
    border-radius: 6px;
    background: var(--_tile);
    color: var(--_text-strong);
  }
  .custom .zone,
  .custom .fault {
    margin: 0;
    font-size: 12px;
    line-height: 16px;
    color: var(--_text-muted);
  }
  .custom .fault {
    color: var(--_critical);
  }
  .custom .apply {
    min-height: 32px;
    border: 0;
    border-radius: 6px;
    background: var(--_accent);
    font-weight: 600;
    color: var(--_on-accent);
    cursor: pointer;
  }
  /* On a phone the word says it; the picture of what is no state would only push others to a second line. */
  @container (max-width: 599px) {
    .button {
      gap: 4px;
      padding-inline: 8px 4px;
    }
    .button.calm svg:first-child {
      display: none;
    }
  }
  @container (max-width: 419px) {
    .button {
      padding-inline: 8px;
    }
    .button .chevron {
      display: none;
    }
  }
  @media (forced-colors: active) {
    .option:hover,
    .option:focus-visible {
      outline: 2px solid Highlight;
    }
  }
`;
