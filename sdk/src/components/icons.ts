import { svg } from 'lit';
import type { SVGTemplateResult } from 'lit';

/** Paths of the icons: 16 units square, drawn with the text's colour. */
export const ICONS = {
  live: svg`<circle cx="8" cy="8" r="3.5" fill="currentColor" stroke="none"></circle>`,
  clock: svg`<circle cx="8" cy="8" r="6"></circle><path d="M8 4.5V8l2.3 1.6"></path>`,
  pause: svg`<circle cx="8" cy="8" r="6"></circle><path d="M6.4 5.8v4.4M9.6 5.8v4.4"></path>`,
  offline: svg`<path d="M2 2l12 12M4.3 5.9A3.2 3.2 0 0 0 4.6 12H11M7 4.1a3.8 3.8 0 0 1 4.6 3.2 2.4 2.4 0 0 1 1.9 3.4"></path>`,
  lock: svg`<rect x="3.5" y="7" width="9" height="6.5" rx="1.2"></rect><path d="M5.5 7V5a2.5 2.5 0 0 1 5 0v2"></path>`,
  alert: svg`<path d="M8 2.2L14.3 13H1.7zM8 6.5v3M8 11.2v.1"></path>`,
  empty: svg`<path d="M2 13.5h12M4 11V8.5M8 11V6M12 11V9.5" stroke-dasharray="1.5 1.8"></path>`,
  check: svg`<path d="M3 8.4l3.2 3.2L13 4.8"></path>`,
  miss: svg`<path d="M8 2.6L14 13H2zM8 6.8v2.8M8 11.2v.1"></path>`,
} as const satisfies Readonly<Record<string, SVGTemplateResult>>;

/** Name of an icon. */
export type IconName = keyof typeof ICONS;
