import { css } from 'lit';
import { alertingStyles } from './alerting.styles.ts';

const ownStyles = css`
  .icon-button {
    display: inline-grid;
    flex: none;
    place-items: center;
    width: 24px;
    height: 24px;
    margin: -4px;
    padding: 0;
    border: 0;
    border-radius: 6px;
    background: none;
    color: var(--_text-muted);
    cursor: pointer;
  }
  .icon-button:hover,
  .icon-button[aria-expanded='true'] {
    background: var(--_inset);
    color: var(--_text-strong);
  }
  .icon-button.menu {
    position: absolute;
    inset: -2px -6px auto auto;
    margin: 0;
    background: var(--_tile);
  }
  .icon-button.menu:hover {
    background: var(--_inset);
  }
  /* Where something hovers, the menu waits for it; a finger finds it always there. */
  @media (hover: hover) {
    .icon-button.menu:not([aria-expanded='true']) {
      opacity: 0;
    }
    .tile:hover .icon-button.menu,
    .icon-button.menu:focus-visible {
      opacity: 1;
    }
    /* Wherever it shows, the texts make room for it. */
    .tile:hover .titles,
    header:has(.icon-button.menu:is(:focus-visible, [aria-expanded='true'])) .titles {
      padding-inline-end: 24px;
    }
  }
  @media (hover: none) {
    .titles {
      padding-inline-end: 24px;
    }
  }
  .panel {
    position: fixed;
    inset: var(--top, 0) auto auto var(--left, 0);
    margin: 0;
    padding: 4px;
    border: 1px solid var(--_border);
    border-radius: 8px;
    background: var(--_raised);
    box-shadow: var(--_shadow);
    font-size: 13px;
    line-height: 18px;
    color: var(--_text);
  }
  .panel:focus-visible {
    outline: none;
  }
  .menu.panel {
    min-width: 176px;
  }
  .entry {
    display: flex;
    align-items: center;
    gap: 8px;
    width: 100%;
    min-height: 32px;
    padding: 4px 10px 4px 8px;
    border: 0;
    border-radius: 5px;
    background: none;
    font: inherit;
    color: inherit;
    text-align: start;
    cursor: pointer;
  }
  .entry:is(:hover, :focus-visible) {
    background: var(--_inset);
  }
  .entry:focus-visible {
    outline-offset: -2px;
  }
  .entry svg {
    color: var(--_text-muted);
  }
  .definition.panel {
    width: min(360px, calc(100vw - 16px));
    max-height: min(420px, calc(100vh - 16px));
    padding: 12px 16px;
    overflow: auto;
  }
  .definition-of + .definition-of {
    margin-block-start: 12px;
    padding-block-start: 12px;
    border-block-start: 1px solid var(--_border);
  }
  .definition.panel :is(h4, p) {
    margin: 0 0 6px;
  }
  .definition.panel h4 {
    font-size: 13px;
    font-weight: 600;
    color: var(--_text-strong);
  }
  .definition.panel .formula {
    padding: 6px 8px;
    border-radius: 4px;
    background: var(--_inset);
    font-size: 12px;
  }
  .definition.panel .limits {
    display: block;
    color: var(--_text-muted);
  }
  .definition.panel .origin {
    display: flex;
    flex-wrap: wrap;
    gap: 0 12px;
    margin: 0 0 4px;
    font-size: 12px;
    color: var(--_text-muted);
  }
`;

/** Styles of the small buttons of a tile, of the panels they open, and of what fires. */
export const panelStyles = [ownStyles, alertingStyles];
