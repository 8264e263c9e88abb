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
  readonly from: WidgetState;
  readonly to: WidgetState;
}

/** Detail of `luminaerror`. */
export interface LuminaErrorDetail {
  readonly widgetId: string;
  readonly code: LuminaErrorCode;
  readonly retryable: boolean;
  readonly requestId?: string;
}

/** Every event of the tags. Details are plain JSON, so that they cross the borders of a sandbox. */
export interface LuminaEventMap {
  luminasession: CustomEvent<SessionInfo>;
  luminaready: CustomEvent<LuminaReadyDetail>;
  luminastate: CustomEvent<LuminaStateDetail>;
  luminaerror: CustomEvent<LuminaErrorDetail>;
}

/** Dispatches a bubbling, composed event. */
export function emit<K extends keyof LuminaEventMap>(
  target: EventTarget,
  type: K,
  detail: LuminaEventMap[K]['detail'],
): void {
  target.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
}

declare global {
  // Interface merging is how the DOM's event map learns names.
  interface HTMLElementEventMap extends LuminaEventMap {}
}
