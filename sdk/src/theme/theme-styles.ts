import { css, unsafeCSS } from 'lit';
import type { CSSResult } from 'lit';
import { DIVERGING_COLOURS, SEQUENTIAL_COLOURS, SERIES_COLOURS } from './palettes.ts';
import { SIZES, sizeProperty } from './sizes.ts';
import type { SizeName } from './sizes.ts';
import { SLDS_HOOKS, TOKENS } from './tokens.ts';
import type { Density, ThemeName, TokenName } from './tokens.ts';

function declaration(name: string, value: string): string {
  return `--_${name}:var(--lumina-${name},${value});`;
}

function ramp(name: string, colours: readonly string[]): string {
  return colours.map((value, index) => declaration(`${name}-${String(index + 1)}`, value)).join('');
}

function themeDeclarations(theme: ThemeName): CSSResult {
  const tokens = Object.entries(TOKENS[theme]).map(([name, value]) => {
    const hook = theme === 'slds' ? SLDS_HOOKS[name as TokenName] : undefined;
    return declaration(name, hook === undefined ? value : `var(${hook},${value})`);
  });
  return unsafeCSS(
    [
      ...tokens,
      ramp('series', SERIES_COLOURS[theme]),
      ramp('sequential', SEQUENTIAL_COLOURS[theme]),
      ramp('diverging', DIVERGING_COLOURS[theme]),
      `color-scheme:${theme === 'dark' || theme === 'contrast' ? 'dark' : 'light'};`,
    ].join(''),
  );
}

function sizeDeclarations(density: Density): CSSResult {
  const sizes = Object.entries(SIZES[density]).map(
    ([name, value]) => `--_${name}-size:var(${sizeProperty(name as SizeName)},${value});`,
  );
  return unsafeCSS(sizes.join(''));
}

const FONT = "system-ui, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";

/**
 * Private `--_*` properties for a root tag with the attributes `theme` and `density`. Hosts override the public
 * `--lumina-*` on any ancestor; what they leave alone takes the theme's value.
 */
export const themeStyles = css`
  :host {
    ${themeDeclarations('light')}
    ${sizeDeclarations('comfortable')}
    --_font: var(--lumina-font, ${unsafeCSS(FONT)});
    --_radius: var(--lumina-radius, 8px);
    font-family: var(--_font);
    font-variant-numeric: tabular-nums;
    color: var(--_text);
  }
  :host([theme='dark']) {
    ${themeDeclarations('dark')}
  }
  :host([theme='contrast']) {
    ${themeDeclarations('contrast')}
  }
  :host([theme='slds']) {
    ${themeDeclarations('slds')}
    --_font: var(--lumina-font, var(--slds-g-font-family, ${unsafeCSS(FONT)}));
    --_radius: var(--lumina-radius, var(--slds-g-radius-border-2, 8px));
  }
  :host([density='compact']) {
    ${sizeDeclarations('compact')}
  }
  :host([density='wall']) {
    ${sizeDeclarations('wall')}
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
