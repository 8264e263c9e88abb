import { svg } from 'lit';
import type { SVGTemplateResult } from 'lit';

/** Paths of the icons: 16 units square, drawn with the text's colour. */
export const ICONS = {
  live: svg`<circle cx="8" cy="8" r="3.5" fill="currentColor" stroke="none"></circle>`,
  clock: svg`<circle cx="8" cy="8" r="6"></circle><path d="M8 4.5V8l2.3 1.6"></path>`,
  pause: svg`<circle cx="8" cy="8" r="6"></circle><path d="M6.4 5.8v4.4M9.6 5.8v4.4"></path>`,
  offline: svg`<path d="M2 2l12 12M4.3 5.9A3.2 3.2 0 0 0 4.6 12H11M7 4.1a3.8 3.8 0 0 1 4.6 3.2 2.4 2.4 0 0 1 1.9 3.4"></path>`,
  lock: svg`<rect x="3.5" y="7" width="9" height="6.5" rx="1.2"></rect><path d="M5.5 7V5a2.5 2.5 0 0 1 5 0v2"></path>`,
  stop: svg`<path d="M5.6 2h4.8L14 5.6v4.8L10.4 14H5.6L2 10.4V5.6zM8 4.8v3.8M8 11v.1"></path>`,
  alert: svg`<path d="M8 2.2L14.3 13H1.7zM8 6.5v3M8 11.2v.1"></path>`,
  empty: svg`<path d="M2 13.5h12M4 11V8.5M8 11V6M12 11V9.5" stroke-dasharray="1.5 1.8"></path>`,
  check: svg`<path d="M3 8.4l3.2 3.2L13 4.8"></path>`,
  miss: svg`<path d="M8 2.6L14 13H2zM8 6.8v2.8M8 11.2v.1"></path>`,
  idle: svg`<circle cx="8" cy="8" r="6" stroke-dasharray="2.2 2.5"></circle>`,
  more: svg`<g fill="currentColor" stroke="none"><circle cx="3.2" cy="8" r="1.3"></circle><circle cx="8" cy="8" r="1.3"></circle><circle cx="12.8" cy="8" r="1.3"></circle></g>`,
  info: svg`<circle cx="8" cy="8" r="6"></circle><path d="M8 7.3v3.6M8 5v.1"></path>`,
  refresh: svg`<path d="M13 8a5 5 0 1 1-1.6-3.7M13.2 2.3v2.6h-2.6"></path>`,
  table: svg`<rect x="2" y="3" width="12" height="10" rx="1"></rect><path d="M2 6.4h12M2 9.7h12M6.4 3v10"></path>`,
  chart: svg`<path d="M2 2.5v11h12M4.5 10l3-3.4 2.4 2L13.5 4.5"></path>`,
  copy: svg`<rect x="5.5" y="5.5" width="8" height="8" rx="1.2"></rect><path d="M10.5 5.5V3.7a1.2 1.2 0 0 0-1.2-1.2H3.7a1.2 1.2 0 0 0-1.2 1.2v5.6a1.2 1.2 0 0 0 1.2 1.2h1.8"></path>`,
  close: svg`<path d="M4 4l8 8M12 4l-8 8"></path>`,
} as const satisfies Readonly<Record<string, SVGTemplateResult>>;

/** Name of an icon. */
export type IconName = keyof typeof ICONS;
