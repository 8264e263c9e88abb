import { Random } from '../world/random.ts';
import type { SnapshotKind } from '../world/world.ts';

const BLACKOUT_GRID_MS = 1_200_000;
const MINUTE_MS = 60_000;
/** The last states of agents are known from snapshots alone: none may be missing at the end. */
const UNDISTURBED_END_MS = 2 * MINUTE_MS;
/** Two in a row at most: a third would make an older value look current for a moment that no one can check. */
const MAX_CONSECUTIVE = 2;

export interface LossOptions {
  /** Share of snapshots that never arrive. */
  readonly share: number;
  /** Loses all snapshots of one whole minute in every 20, per kind. */
  readonly hasBlackouts: boolean;
}

/** Decides which snapshots are lost, whole ones with all their parts; asked once per snapshot, in time order. */
export const createLossPlan = (
  seedText: string,
  { startMs, endMs }: { readonly startMs: number; readonly endMs: number },
  options: LossOptions,
): ((kind: SnapshotKind, atMs: number) => boolean) => {
  const random = new Random(`${seedText}:loss`);
  const consecutive = new Map<SnapshotKind, number>();
  const blackouts = new Map<string, number>();
  const isBlackedOut = (kind: SnapshotKind, atMs: number): boolean => {
    const cell = Math.floor((atMs - startMs) / BLACKOUT_GRID_MS);
    const key = `${kind}:${String(cell)}`;
    const minute = blackouts.get(key) ?? random.int(4, 17);
    blackouts.set(key, minute);
    const firstMinuteMs = Math.floor((startMs + cell * BLACKOUT_GRID_MS) / MINUTE_MS) * MINUTE_MS;
    return Math.floor((atMs - firstMinuteMs) / MINUTE_MS) === minute;
  };
  return (kind, atMs) => {
    if (atMs >= endMs - UNDISTURBED_END_MS) return false;
    const cellMinute = Math.floor(atMs / MINUTE_MS) * MINUTE_MS;
    if (options.hasBlackouts && isBlackedOut(kind, atMs)) return true;
    const isNearBlackout =
      options.hasBlackouts && (isBlackedOut(kind, cellMinute - 1) || isBlackedOut(kind, cellMinute + MINUTE_MS));
    const lost = consecutive.get(kind) ?? 0;
    const isLost = !isNearBlackout && lost < MAX_CONSECUTIVE && random.isHit(options.share);
    consecutive.set(kind, isLost ? lost + 1 : 0);
    return isLost;
  };
};
