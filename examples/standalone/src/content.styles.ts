import { css } from 'lit';

export const contentStyles = css`
  :host {
    display: block;
  }
  [role='main'] {
    min-height: 100vh;
    outline: none;
  }
  .beside-rail {
    padding-inline-start: 56px;
  }
  .whole {
    display: grid;
    align-content: start;
    justify-items: center;
  }
  .skip {
    position: fixed;
    inset-block-start: 8px;
    inset-inline-start: 8px;
    z-index: 40;
    padding: 8px 16px;
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
  .banner {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 8px 16px;
    padding: 8px 24px;
    border-block-end: 1px solid var(--_border);
    background: var(--_info-surface);
    font-size: 14px;
    line-height: 20px;
    color: var(--_info);
    overflow-wrap: anywhere;
  }
  .banner.critical {
    background: var(--_critical-surface);
    color: var(--_critical);
  }
  @media (max-width: 639px) {
    .beside-rail {
      padding-inline-start: 0;
      padding-block-end: calc(57px + env(safe-area-inset-bottom));
    }
    .banner {
      padding: 8px 12px;
    }
  }
`;
