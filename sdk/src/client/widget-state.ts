import type { LuminaError } from './lumina-error.ts';

/** What a tile shows. `ready` and `empty` are current; the others say why the tile is not. */
export type WidgetState = 'loading' | 'ready' | 'empty' | 'late' | 'stale' | 'offline' | 'denied' | 'error';

/** Data older than this is late: the pipeline is behind, the numbers still move. */
export const LATE_AFTER_MS = 15_000;
/** Data older than this is stale: nobody should act on it. */
export const STALE_AFTER_MS = 60_000;

/** What decides the state of a tile. */
export interface WidgetStateInput {
  /** Whether any reply has arrived. */
  readonly hasData: boolean;
  /** Whether the reply holds at least one value that is not null. */
  readonly hasValues: boolean;
  /** Age of what the reply covers, by the service's clock. */
  readonly ageMs: number;
  readonly error: LuminaError | undefined;
  readonly lateAfterMs: number;
  readonly staleAfterMs: number;
}

/**
 * The state of a tile. A refusal outranks all data, since what is shown may no longer be this user's to see; a failed
 * refresh leaves the data until it is late.
 */
export function widgetStateOf(input: WidgetStateInput): WidgetState {
  const { error, hasData } = input;
  if (error !== undefined) {
    if (error.code === 'AUTH_REQUIRED' || error.code === 'SCOPE_DENIED' || error.code === 'REGION_UNKNOWN') {
      return 'denied';
    }
    if (error.code === 'OFFLINE') return 'offline';
    if (!hasData || !error.retryable) return 'error';
  }
  if (!hasData) return 'loading';
  if (input.ageMs >= input.staleAfterMs) return 'stale';
  if (input.ageMs >= input.lateAfterMs) return 'late';
  return input.hasValues ? 'ready' : 'empty';
}

/** Whether the numbers of a state may be read as current. */
export function isCurrent(state: WidgetState): boolean {
  return state === 'ready' || state === 'empty';
}
