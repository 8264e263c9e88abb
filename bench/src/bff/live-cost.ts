import { LiveHub } from '@lumina/bff/live';
import type { Sink } from '@lumina/bff/live';
import { boardOf } from './boards.ts';
import type { SimulatedRegion } from './simulated-region.ts';
import { metricsOf, viewerOf } from './store-cost.ts';

/** A whole hour: quarters are sealed and the cut ends of days move on at fixed minutes of it. */
const HOUR_S = 3_600;
const TOKEN_S = 86_400;

/** A connection that takes everything at once. */
const sink = (): Sink => ({
  wire: 'message',
  write: () => undefined,
  heartbeat: () => undefined,
  showLife: () => undefined,
  pendingBytes: () => 0,
  end: () => undefined,
});

/** Queries per hour while so many viewers have a board of a day open and live. */
export async function measureLive(region: SimulatedRegion, viewers: number): Promise<number> {
  const { clock, store } = region;
  const { service, follower } = metricsOf(region);
  const hub = new LiveHub({
    service,
    clock,
    onFailure: (error) => {
      throw error;
    },
  });
  const expiresAtSeconds = Math.floor(clock.nowMs / 1_000) + TOKEN_S;
  const ask = boardOf('24h', '5m');
  for (let viewer = 0; viewer < viewers; viewer += 1) {
    const identity = {
      ...viewerOf(region),
      sub: `viewer-${String(viewer)}`,
      roles: ['viewer'] as const,
      kind: 'user' as const,
      expiresAtSeconds,
      issuedAtSeconds: 1,
    };
    hub.open(identity, [{ id: undefined, ask }]).start(sink(), undefined);
  }
  const pass = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second += 1) {
      await region.second(follower);
      await store.settled();
    }
  };
  // Past the first whole minute: what its cut ends need once belongs to the beginning.
  await pass(120);
  store.reset();
  await pass(HOUR_S);
  hub.drain();
  return store.queries;
}
