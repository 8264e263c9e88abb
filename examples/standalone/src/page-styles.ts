import { css } from 'lit';

/** Shared by every element of the page: boxes, focus, buttons, headings. Colours come from the root's theme. */
export const pageStyles = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  :host([hidden]) {
    display: none;
  }
  h1,
  h2,
  p {
    margin: 0;
  }
  h1 {
    font-size: 20px;
    font-weight: 600;
    line-height: 28px;
    letter-spacing: -0.01em;
    color: var(--_text-strong);
    outline: none;
  }
  h2 {
    font-size: 16px;
    font-weight: 600;
    line-height: 24px;
    color: var(--_text-strong);
  }
  a {
    color: var(--_accent-text);
  }
  :focus-visible {
    outline: 2px solid var(--_accent);
    outline-offset: 2px;
  }
  h1:focus-visible {
    outline: none;
  }
  .icon {
    flex: none;
    width: 20px;
    height: 20px;
    fill: none;
    stroke: currentColor;
    stroke-width: 1.5;
    stroke-linecap: round;
    stroke-linejoin: round;
  }
  .button {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
    min-height: 36px;
    padding: 6px 16px;
    border: 1px solid var(--_border-strong);
    border-radius: 6px;
    background: var(--_tile);
    font: 600 14px/20px var(--_font);
    color: var(--_text-strong);
    text-decoration: none;
    cursor: pointer;
  }
  .button:hover {
    background: var(--_inset);
  }
  .button.primary {
    border-color: var(--_accent);
    background: var(--_accent);
    color: var(--_on-accent);
  }
  .button.primary:hover {
    filter: brightness(1.08);
  }
  .visually-hidden {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;

/** A form's text fields and selects. */
export const fieldStyles = css`
  .field {
    display: grid;
    align-content: start;
    gap: 4px;
    font-size: 14px;
    line-height: 20px;
    color: var(--_text);
  }
  .field > .name {
    font-weight: 600;
    color: var(--_text-strong);
  }
  .hint {
    font-size: 12px;
    line-height: 16px;
    color: var(--_text-muted);
  }
  input:not([type='radio']),
  select {
    width: 100%;
    min-height: 36px;
    padding: 6px 12px;
    border: 1px solid var(--_border-strong);
    border-radius: 6px;
    background: var(--_tile);
    font: 400 14px/20px var(--_font);
    color: var(--_text-strong);
  }
  input::placeholder {
    color: var(--_text-muted);
    opacity: 1;
  }
`;
