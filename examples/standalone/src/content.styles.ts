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
