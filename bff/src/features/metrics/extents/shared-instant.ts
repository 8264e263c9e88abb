import { HOUR_MS, floorTo } from '../time/grid.ts';

/** The longer the range, the less a few seconds of it matter: [at least so long, shared for]. */
const SHARED_MS = [
  [6 * HOUR_MS, 10_000],
  [HOUR_MS, 2_000],
] as const;
const SHORTEST_MS = 1_000;

/** The last instant that all who ask about a range of this length within some seconds share. */
export function sharedInstant(nowMs: number, spanMs: number): number {
  const sharedMs = SHARED_MS.find(([fromMs]) => spanMs >= fromMs)?.[1] ?? SHORTEST_MS;
  return floorTo(nowMs, sharedMs);
}
