import type { LuminaError, LuminaErrorCode } from './lumina-error.ts';

/** What a tile can show. `ready` and `empty` are current; `idle` asks for nothing; the others say why the tile is not. */
export const WIDGET_STATES = [
  'idle',
  'loading',
  'ready',
  'empty',
  'late',
  'stale',
  'offline',
  'denied',
  'error',
] as const;
/** What a tile shows. */
export type WidgetState = (typeof WIDGET_STATES)[number];

/** Data older than this is late: the pipeline is behind, the numbers still move. */
export const LATE_AFTER_MS = 5_000;
/** Data older than this is stale: nobody should act on it. */
export const STALE_AFTER_MS = 15_000;

/** What decides the state of a tile. */
export interface WidgetStateInput {
  /** Whether there is anything to ask and anyone to ask it. Default true. */
  readonly isAsked?: boolean;
  /** Whether any reply has arrived. */
  readonly hasData: boolean;
  /** Whether the reply holds at least one value that is not null. */
  readonly hasValues: boolean;
  /** Age of what the reply covers, by the service's clock; 0 for a range that was over when it was asked for. */
  readonly ageMs: number;
  readonly error: LuminaError | undefined;
  /** Whether the browser or the connection knows that there is no network. Default false. */
  readonly isOffline?: boolean;
  readonly lateAfterMs: number;
  readonly staleAfterMs: number;
}

const REFUSALS: ReadonlySet<LuminaErrorCode> = new Set<LuminaErrorCode>([
  'AUTH_REQUIRED',
  'TOKEN_REJECTED',
  'SCOPE_DENIED',
  'REGION_UNKNOWN',
]);

/**
 * The state of a tile. A refusal outranks all data, since what is shown may no longer be this user's to see; a failed
 * refresh leaves the data until it is late.
 */
export function widgetStateOf(input: WidgetStateInput): WidgetState {
  const { error, hasData } = input;
  if (input.isAsked === false) return 'idle';
  if (error !== undefined && REFUSALS.has(error.code)) return 'denied';
  if (input.isOffline === true || error?.code === 'OFFLINE') return 'offline';
  if (error !== undefined && (!hasData || !error.retryable)) return 'error';
  if (!hasData) return 'loading';
  if (input.ageMs >= input.staleAfterMs) return 'stale';
  if (input.ageMs >= input.lateAfterMs) return 'late';
  return input.hasValues ? 'ready' : 'empty';
}

/** Whether the numbers of a state may be read as current. */
export function isCurrent(state: WidgetState): boolean {
  return state === 'ready' || state === 'empty';
}
