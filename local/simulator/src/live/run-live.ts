import type { Delivery } from '../world/wire.ts';
import type { Sender } from './sender.ts';

const TICK_MS = 100;
/** Beyond this many unsent events the world waits for the collectors: nothing is dropped, memory stays flat. */
const MAX_PENDING = 20_000;

export interface LiveRun {
  readonly deliveries: Iterable<Delivery>;
  readonly senders: ReadonlyMap<number, Sender>;
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
  readonly signal: AbortSignal;
}

/** Sends deliveries when their time has come; what lies in the past goes at full speed. */
export const runLive = async ({ deliveries, senders, now, wait, signal }: LiveRun): Promise<void> => {
  const pending = (): number => [...senders.values()].reduce((sum, sender) => sum + sender.pending, 0);
  const flush = (): void => {
    for (const sender of senders.values()) void sender.flush();
  };
  for (const delivery of deliveries) {
    while (!signal.aborted && (delivery.atMs > now() || pending() >= MAX_PENDING)) {
      flush();
      await wait(TICK_MS);
    }
    if (signal.aborted) break;
    senders.get(delivery.territoryId)?.push(delivery.body);
  }
  await Promise.all([...senders.values()].map((sender) => sender.flush()));
};
