import { css } from 'lit';

/** Styles of `<lumina-line>`. */
export const lineStyles = css`
  :host {
    display: flex;
    flex-direction: column;
    min-height: 0;
    height: 100%;
  }
  ul {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 16px;
    margin: 0 0 8px;
    padding: 0;
    max-height: 58px;
    overflow: hidden auto;
    list-style: none;
    font-size: 12px;
    line-height: 18px;
    color: var(--_text);
  }
  li {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    min-width: 0;
  }
  .key {
    flex: none;
    width: 12px;
    height: 3px;
    border-radius: 2px;
  }
  .name {
    overflow: hidden;
    max-width: 22ch;
    text-overflow: ellipsis;
    white-space: nowrap;
  }
  .last {
    font-weight: 600;
    color: var(--_text-strong);
  }
  .plot {
    position: relative;
    flex: 1;
    min-height: 96px;
    touch-action: pan-y;
  }
  canvas {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
  }
  .rule {
    position: absolute;
    inset-block: 8px 24px;
    width: 1px;
    background: var(--_text-muted);
    pointer-events: none;
  }
  .card {
    position: absolute;
    z-index: 2;
    inset-block-start: 8px;
    min-width: 132px;
    max-width: 240px;
    padding: 8px 12px;
    border: 1px solid var(--_border-strong);
    border-radius: 6px;
    background: var(--_raised);
    box-shadow: 0 4px 14px rgb(0 0 0 / 16%);
    font-size: 12px;
    line-height: 18px;
    color: var(--_text);
    pointer-events: none;
  }
  .card p {
    margin: 0 0 4px;
    color: var(--_text-muted);
  }
  .card ul {
    display: block;
    max-height: none;
    margin: 0;
    overflow: hidden;
  }
  .card li {
    display: flex;
  }
  .card .last {
    margin-inline-start: auto;
    padding-inline-start: 12px;
  }
  :host([muted]) .last {
    font-weight: 400;
    color: var(--_text-muted);
  }
`;
