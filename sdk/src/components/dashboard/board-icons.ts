import { svg } from 'lit';
import type { SVGTemplateResult } from 'lit';

/** Icons of the toolbar: 16 units square, drawn with the text's colour. */
export const BOARD_ICONS = {
  clock: svg`<circle cx="8" cy="8" r="6"></circle><path d="M8 4.5V8l2.3 1.6"></path>`,
  globe: svg`<circle cx="8" cy="8" r="6"></circle><path d="M2 8h12M8 2c2.2 1.8 2.2 10.2 0 12M8 2c-2.2 1.8-2.2 10.2 0 12"></path>`,
  refresh: svg`<path d="M13.2 6.4A5.5 5.5 0 0 0 3.1 5.6M2.8 9.6a5.5 5.5 0 0 0 10.1.8M3 2.6v3.1h3.1M13 13.4v-3.1H9.9"></path>`,
  chevron: svg`<path d="M4.5 6.5L8 10l3.5-3.5"></path>`,
  check: svg`<path d="M3 8.4l3.2 3.2L13 4.8"></path>`,
  download: svg`<path d="M8 2.5v7.6M4.8 7.2L8 10.3l3.2-3.1M3 13.3h10"></path>`,
  live: svg`<circle cx="8" cy="8" r="3.5" fill="currentColor" stroke="none"></circle>`,
  connecting: svg`<path d="M8 2a6 6 0 1 1-5.2 3"></path>`,
  pause: svg`<circle cx="8" cy="8" r="6"></circle><path d="M6.4 5.8v4.4M9.6 5.8v4.4"></path>`,
  offline: svg`<path d="M2 2l12 12M4.3 5.9A3.2 3.2 0 0 0 4.6 12H11M7 4.1a3.8 3.8 0 0 1 4.6 3.2 2.4 2.4 0 0 1 1.9 3.4"></path>`,
  polling: svg`<path d="M2.5 8h2.6l1.5-4 2.8 8 1.5-4h2.6"></path>`,
  lock: svg`<rect x="3.5" y="7" width="9" height="6.5" rx="1.2"></rect><path d="M5.5 7V5a2.5 2.5 0 0 1 5 0v2"></path>`,
  alert: svg`<path d="M8 2.2L14.3 13H1.7zM8 6.5v3M8 11.2v.1"></path>`,
  board: svg`<rect x="2" y="2.5" width="5" height="5" rx="1"></rect><rect x="9" y="2.5" width="5" height="5" rx="1"></rect><rect x="2" y="9.5" width="12" height="4" rx="1"></rect>`,
  queue: svg`<path d="M2.5 4h11M2.5 8h11M2.5 12h6"></path>`,
  team: svg`<circle cx="5.5" cy="6" r="2.2"></circle><circle cx="11" cy="6.6" r="1.7"></circle><path d="M1.8 13c.3-2.3 1.8-3.5 3.7-3.5S8.9 10.7 9.2 13M10.6 10.1c1.9-.2 3.3 1 3.6 2.9"></path>`,
  agent: svg`<circle cx="8" cy="5.5" r="2.7"></circle><path d="M3 13.5c.4-2.9 2.4-4.3 5-4.3s4.6 1.4 5 4.3"></path>`,
  missing: svg`<circle cx="7" cy="7" r="4.5"></circle><path d="M10.4 10.4L14 14M5.6 5.6l2.8 2.8M8.4 5.6L5.6 8.4"></path>`,
} as const satisfies Readonly<Record<string, SVGTemplateResult>>;

/** Name of an icon of the toolbar. */
export type BoardIcon = keyof typeof BOARD_ICONS;
