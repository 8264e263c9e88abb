import { css } from 'lit';

/** Styles of the mark of an alert beside a tile's title, and of its words in the menu. */
export const alertingStyles = css`
  .alerting {
    display: inline-grid;
    flex: none;
    align-self: center;
    color: var(--_info);
  }
  .alerting.warning {
    color: var(--_warning);
  }
  .alerting.critical {
    color: var(--_critical);
  }
  .alerting svg {
    width: 1.15em;
    height: 1.15em;
  }
  .entry.said {
    max-width: 280px;
    padding-block: 7px;
    font-size: 12px;
    color: var(--_text-muted);
    cursor: default;
  }
  .entry:not(.said) + .said {
    margin-block-start: 4px;
    border-block-start: 1px solid var(--_border);
    border-start-start-radius: 0;
    border-start-end-radius: 0;
  }
`;
