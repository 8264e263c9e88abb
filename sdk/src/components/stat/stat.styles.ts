import { css } from 'lit';

/** Styles of `<lumina-stat>`. */
export const statStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    justify-content: space-between;
    min-height: 0;
    height: 100%;
  }
  .value {
    display: flex;
    align-items: baseline;
    gap: 4px;
    margin: 0;
    color: var(--_text-strong);
    line-height: 1;
    white-space: nowrap;
  }
  .number {
    font-size: clamp(28px, 17cqi, 40px);
    font-weight: 600;
    letter-spacing: -0.02em;
  }
  .unit {
    font-size: 16px;
    color: var(--_text-muted);
  }
  .reason {
    align-self: center;
    margin-inline-start: 4px;
    font-size: 13px;
    color: var(--_text-muted);
    white-space: normal;
    line-height: 1.3;
  }
  .target {
    display: inline-flex;
    align-items: center;
    gap: 4px;
    margin-block-start: 6px;
    font-size: 12px;
    line-height: 16px;
    color: var(--_text-muted);
  }
  .target svg {
    width: 14px;
    height: 14px;
    flex: none;
  }
  .target.good {
    color: var(--_good);
  }
  .target.critical {
    color: var(--_critical);
  }
  .spark {
    position: relative;
    height: 36px;
    margin-block-start: 8px;
    overflow: hidden;
  }
  canvas {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
  }
  :host([muted]) .number,
  :host([muted]) .target {
    color: var(--_text-muted);
  }
  :host([muted]) .number {
    font-weight: 400;
  }
`;
