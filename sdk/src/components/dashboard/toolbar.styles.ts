import { css } from 'lit';

/** Styles of the toolbar. */
export const toolbarStyles = css`
  :host {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 8px 16px;
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
  .about {
    flex: 1 1 200px;
    min-width: 0;
    min-height: 28px;
  }
  .title {
    margin: 0;
    overflow: hidden;
    font-size: max(20px, calc(var(--_title-size) * 1.4));
    font-weight: 600;
    line-height: 1.4;
    letter-spacing: -0.01em;
    color: var(--_text-strong);
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .description {
    max-width: 70ch;
    margin: 0;
    overflow: hidden;
    font-size: max(13px, var(--_small-size));
    line-height: 1.4;
    color: var(--_text-muted);
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .tools,
  .filters {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px;
    min-width: 0;
  }
  /* What is chosen may be long; its end is told by the menu. */
  .filters lumina-menu {
    max-width: 240px;
  }
  .action {
    display: grid;
    place-items: center;
    width: 32px;
    height: 32px;
    padding: 0;
    border: 1px solid var(--_border-strong);
    border-radius: 6px;
    background: var(--_tile);
    color: var(--_text);
    cursor: pointer;
  }
  .action:hover {
    background: var(--_inset);
  }
  @container (max-width: 599px) {
    .description,
    .export {
      display: none;
    }
    .about {
      flex-basis: 100%;
    }
    .tools,
    .filters {
      gap: 6px;
    }
    .filters {
      flex-basis: 100%;
    }
    .filters lumina-menu {
      max-width: calc(50% - 3px);
    }
  }
`;
