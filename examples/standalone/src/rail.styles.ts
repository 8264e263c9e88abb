import { css } from 'lit';

export const railStyles = css`
  :host {
    position: fixed;
    inset-block: 0;
    inset-inline-start: 0;
    z-index: 20;
    display: flex;
    flex-direction: column;
    width: 56px;
    border-inline-end: 1px solid var(--_border);
    background: var(--_tile);
  }
  nav {
    display: flex;
    flex-direction: column;
    flex: 1;
    gap: 4px;
    min-height: 0;
    padding: 8px;
  }
  .brand {
    flex: none;
    width: 28px;
    height: 28px;
    margin: 14px 14px 6px 13px;
  }
  .brand rect {
    fill: var(--_accent);
  }
  .brand path {
    fill: none;
    stroke: var(--_on-accent);
    stroke-width: 3;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .boards {
    display: flex;
    flex-direction: column;
    gap: 4px;
    padding-block-start: 8px;
    margin-block-start: 4px;
    border-block-start: 1px solid var(--_border);
  }
  .space {
    flex: 1;
  }
  .item {
    position: relative;
    display: grid;
    flex: none;
    place-items: center;
    width: 39px;
    height: 40px;
    padding: 0;
    border: 0;
    border-radius: 8px;
    background: transparent;
    font: 400 13px/20px var(--_font);
    color: var(--_text-muted);
    text-decoration: none;
    cursor: pointer;
  }
  .item:hover {
    background: var(--_inset);
    color: var(--_text-strong);
  }
  .item[aria-current='page'] {
    background: var(--_inset);
    color: var(--_accent-text);
  }
  .item[aria-current='page']::before {
    position: absolute;
    inset-block: 8px;
    inset-inline-start: -8px;
    width: 3px;
    border-radius: 0 3px 3px 0;
    background: var(--_accent);
    content: '';
  }
  .label {
    position: absolute;
    inset-inline-start: 48px;
    padding: 4px 12px;
    border: 1px solid var(--_border-strong);
    border-radius: 6px;
    background: var(--_raised);
    box-shadow: 0 4px 16px rgb(0 0 0 / 18%);
    color: var(--_text-strong);
    white-space: nowrap;
    opacity: 0;
    pointer-events: none;
  }
  .item:hover .label,
  .item:focus-visible .label {
    opacity: 1;
  }
  .skip {
    position: fixed;
    inset-block-start: 8px;
    inset-inline-start: 8px;
    z-index: 40;
    padding: 8px 16px;
    border: 0;
    border-radius: 6px;
    background: var(--_accent);
    font: 600 14px/20px var(--_font);
    color: var(--_on-accent);
    text-decoration: none;
    transform: translateY(-200%);
  }
  .skip:focus-visible {
    transform: none;
  }
  @media (max-height: 520px) and (min-width: 640px) {
    :host {
      overflow-y: auto;
    }
    .boards {
      display: none;
    }
  }
  @media (max-width: 639px) {
    :host {
      inset-block: auto 0;
      inset-inline: 0;
      width: auto;
      border-inline-end: 0;
      border-block-start: 1px solid var(--_border);
      padding-block-end: env(safe-area-inset-bottom);
    }
    nav {
      flex-direction: row;
      justify-content: space-around;
      padding: 4px 8px;
    }
    .brand,
    .boards,
    .space,
    .item.wide {
      display: none;
    }
    .item {
      flex: 1;
      align-content: center;
      gap: 2px;
      width: auto;
      max-width: 120px;
      height: 48px;
    }
    .item[aria-current='page']::before {
      inset-block: -4px auto;
      inset-inline: 24px;
      width: auto;
      height: 3px;
      border-radius: 0 0 3px 3px;
    }
    .label {
      position: static;
      padding: 0;
      border: 0;
      background: none;
      box-shadow: none;
      font-size: 12px;
      line-height: 16px;
      color: inherit;
      opacity: 1;
    }
  }
`;
