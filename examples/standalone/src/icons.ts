import { svg } from 'lit';
import type { SVGTemplateResult } from 'lit';

/** Paths of the page's icons: 20 units square, drawn with the text's colour. */
export const ICONS = {
  boards: svg`<rect x="3" y="3" width="6" height="8" rx="1.5"></rect><rect x="11" y="3" width="6" height="4.5" rx="1.5"></rect><rect x="3" y="13" width="6" height="4" rx="1.5"></rect><rect x="11" y="9.5" width="6" height="7.5" rx="1.5"></rect>`,
  pulse: svg`<path d="M2 10.5h3.5l2-5 4 9.5 2.3-6 1 1.5H18"></path>`,
  phone: svg`<path d="M4.2 3.2h2.6l1.4 3.6-1.9 1.4a9.4 9.4 0 0 0 5.5 5.5l1.4-1.9 3.6 1.4v2.6a1.4 1.4 0 0 1-1.5 1.4A12.6 12.6 0 0 1 2.8 4.7a1.4 1.4 0 0 1 1.4-1.5z"></path>`,
  queue: svg`<circle cx="6" cy="6.5" r="2.2"></circle><path d="M2.5 15.5c0-2.4 1.5-4 3.5-4s3.5 1.6 3.5 4"></path><path d="M12 5.5h5.5M12 10h5.5M12 14.5h5.5"></path>`,
  agent: svg`<path d="M3.5 11.5V10a6.5 6.5 0 0 1 13 0v1.5"></path><rect x="2.5" y="11" width="3.4" height="4.6" rx="1.4"></rect><rect x="14.1" y="11" width="3.4" height="4.6" rx="1.4"></rect><path d="M15.8 15.6c0 1.6-1.6 2.2-3.6 2.2"></path>`,
  server: svg`<rect x="3" y="3.5" width="14" height="5.5" rx="1.5"></rect><rect x="3" y="11" width="14" height="5.5" rx="1.5"></rect><path d="M6 6.25h.1M6 13.75h.1M10 6.25h4M10 13.75h4"></path>`,
  chart: svg`<path d="M3 3v14h14"></path><path d="M6 13l3-4 2.8 2.4L16.5 6"></path>`,
  settings: svg`<path d="M3 6h7M14 6h3M3 14h3M10 14h7"></path><circle cx="12" cy="6" r="2"></circle><circle cx="8" cy="14" r="2"></circle>`,
  wall: svg`<rect x="2.5" y="4" width="15" height="10" rx="1.5"></rect><path d="M7 17h6M10 14v3"></path><path d="M6 10.5l2.5-2.5 2 1.5L14 7"></path>`,
  leave: svg`<path d="M8 3.5H5A1.5 1.5 0 0 0 3.5 5v10A1.5 1.5 0 0 0 5 16.5h3M12.5 13.5L16 10l-3.5-3.5M16 10H8"></path>`,
  search: svg`<circle cx="9" cy="9" r="5"></circle><path d="M12.8 12.8L17 17"></path>`,
  alert: svg`<path d="M10 3l7.5 13.5h-15zM10 8.2v3.6M10 14.2v.1"></path>`,
  key: svg`<circle cx="7" cy="13" r="3.5"></circle><path d="M9.6 10.4L16.5 3.5M13 7l2.5 2.5"></path>`,
  compass: svg`<circle cx="10" cy="10" r="7"></circle><path d="M12.8 7.2l-1.6 4-4 1.6 1.6-4z"></path>`,
  globe: svg`<circle cx="10" cy="10" r="7"></circle><path d="M3 10h14M10 3c2.2 2 3.2 4.3 3.2 7s-1 5-3.2 7c-2.2-2-3.2-4.3-3.2-7s1-5 3.2-7z"></path>`,
  offline: svg`<path d="M3 3l14 14M6 7.4A4 4 0 0 0 6 15h8M9 5.2a4.7 4.7 0 0 1 5.6 4 3 3 0 0 1 2.4 4.4"></path>`,
  done: svg`<circle cx="10" cy="10" r="7"></circle><path d="M7 10.2l2.2 2.2L13.2 8"></path>`,
} as const satisfies Readonly<Record<string, SVGTemplateResult>>;

/** Name of an icon. */
export type IconName = keyof typeof ICONS;

const BOARD_ICONS: Readonly<Record<string, IconName>> = {
  overview: 'pulse',
  calls: 'phone',
  queues: 'queue',
  agents: 'agent',
  system: 'server',
};

/** The icon of a board: those that every territory begins with have one of their own. */
export function boardIcon(id: string): IconName {
  return BOARD_ICONS[id] ?? 'chart';
}
