import { css, unsafeCSS } from 'lit';
import { SERIES_COLOURS, TOKENS } from './tokens.ts';
import type { ThemeName } from './tokens.ts';

function declarations(theme: ThemeName): string {
  const tokens = Object.entries(TOKENS[theme]).map(([name, value]) => `--_${name}:var(--lumina-${name},${value});`);
  const series = SERIES_COLOURS[theme].map((value, index) => {
    const name = `series-${String(index + 1)}`;
    return `--_${name}:var(--lumina-${name},${value});`;
  });
  return [...tokens, ...series, `color-scheme:${theme};`].join('');
}

/**
 * Private `--_*` properties for a root tag with a `theme` attribute. Hosts override the public `--lumina-*` on any
 * ancestor; what they leave alone takes the theme's value.
 */
export const themeStyles = css`
  :host {
    ${unsafeCSS(declarations('light'))}
    --_font: var(--lumina-font, system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif);
    --_radius: var(--lumina-radius, 8px);
    font-family: var(--_font);
    font-variant-numeric: tabular-nums;
    color: var(--_text);
  }
  :host([theme='dark']) {
    ${unsafeCSS(declarations('dark'))}
  }
`;

/** Shared by every tag: box sizing, hidden text for screen readers, focus ring. */
export const baseStyles = css`
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  :host([hidden]) {
    display: none;
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
  :focus-visible {
    outline: 2px solid var(--_accent);
    outline-offset: 2px;
  }
`;
