import type { QueryRange, VariableValues } from '@lumina/contracts';
import type { LuminaAlert } from '../client/alerts.ts';
import type { LuminaErrorCode } from '../client/lumina-error.ts';
import type { SessionInfo } from '../client/session.ts';
import type { WidgetState } from '../client/widget-state.ts';

/** Detail of `luminaready`: the first data of a widget is shown. */
export interface LuminaReadyDetail {
  readonly widgetId: string;
}

/** Detail of `luminastate`. */
export interface LuminaStateDetail {
  readonly widgetId: string;
  readonly from: WidgetState | 'upgrade';
  /** `upgrade` is of boards only: the service has outgrown this page. */
  readonly to: WidgetState | 'upgrade';
}

/** Detail of `luminaerror`. */
export interface LuminaErrorDetail {
  readonly widgetId: string;
  readonly code: LuminaErrorCode;
  readonly retryable: boolean;
  readonly requestId?: string;
}

/** Detail of `luminaselect`: what the reader picked, and the stretch of time it stands for (ISO instants). */
export interface LuminaSelectDetail {
  readonly dimension: string;
  readonly value: string;
  readonly range: { readonly from: string; readonly to: string };
}

/** Detail of `luminarange`: the range the reader chose or marked. */
export type LuminaRangeDetail = QueryRange;

/** Detail of `luminavariables`: the values that hold, by the name of the variable; an empty list is everything. */
export type LuminaVariablesDetail = VariableValues;

/** Detail of `luminanavigate`: where the reader wants to go, e.g. `{kind: 'queue', id: 'q_sales'}`. */
export interface LuminaNavigateDetail {
  readonly kind: string;
  readonly id: string;
}

/** Detail of `luminaresize`: the height of a tag changed, in CSS pixels. */
export interface LuminaResizeDetail {
  readonly blockSize: number;
}

/** Detail of `luminatoken`: a token was taken over; `expiresAt` in ms since the epoch, null where it does not say. */
export interface LuminaTokenDetail {
  readonly expiresAt: number | null;
}

/** Detail of `luminaalert`: an alert of the territory that begins to fire (`alerting`) or is over (`normal`). */
export type LuminaAlertDetail = LuminaAlert;

/** Detail of `luminaexport`. */
export interface LuminaExportDetail {
  readonly format: 'csv' | 'png';
  /** How many rows the file has below its header. */
  readonly rows: number;
}

/**
 * Every event of the tags. They bubble and cross shadow roots; details are plain JSON, so that they cross the borders
 * of a sandbox; names have no hyphen, so that templates of Lightning Web Components can listen.
 */
export interface LuminaEventMap {
  /** The provider knows who is signed in. */
  luminasession: CustomEvent<SessionInfo>;
  luminaready: CustomEvent<LuminaReadyDetail>;
  luminastate: CustomEvent<LuminaStateDetail>;
  luminaerror: CustomEvent<LuminaErrorDetail>;
  luminaselect: CustomEvent<LuminaSelectDetail>;
  luminarange: CustomEvent<LuminaRangeDetail>;
  luminavariables: CustomEvent<LuminaVariablesDetail>;
  /** Cancelable: a host that navigates itself calls `preventDefault()`. */
  luminanavigate: CustomEvent<LuminaNavigateDetail>;
  luminaresize: CustomEvent<LuminaResizeDetail>;
  luminaalert: CustomEvent<LuminaAlertDetail>;
  luminatoken: CustomEvent<LuminaTokenDetail>;
  luminaexport: CustomEvent<LuminaExportDetail>;
}

const CANCELABLE: ReadonlySet<keyof LuminaEventMap> = new Set(['luminanavigate']);

/**
 * Dispatches a bubbling, composed event. Answers false when a listener prevented what would follow. What a listener
 * throws is reported to the page by the browser and stops nothing here.
 */
export function emit<K extends keyof LuminaEventMap>(
  target: EventTarget,
  type: K,
  detail: LuminaEventMap[K]['detail'],
): boolean {
  const cancelable = CANCELABLE.has(type);
  return target.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true, cancelable }));
}

declare global {
  // Interface merging is how the DOM's event map learns names.
  interface HTMLElementEventMap extends LuminaEventMap {}
}
