import type { Body, Delivery } from '@lumina/simulator';

/** What was sent. */
export interface SentCounts {
  /** Everything, repeated events included. */
  readonly events: number;
  readonly duplicates: number;
  /** Sent at least a second after it happened, for the first time. */
  readonly late: number;
}

const LATE_MS = 1000;
const MICROSECONDS_PER_MS = 1000;

function happenedMs(body: Body): number {
  const switchTime = body['Event-Date-Timestamp'];
  return switchTime === undefined ? Date.parse(String(body['time'])) : Number(switchTime) / MICROSECONDS_PER_MS;
}

/** Counts deliveries as they leave. */
export class DeliveryCounts {
  readonly #seen = new WeakSet<Body>();
  #events = 0;
  #duplicates = 0;
  #late = 0;

  count({ body, atMs }: Delivery): void {
    this.#events += 1;
    if (this.#seen.has(body)) this.#duplicates += 1;
    else if (atMs - happenedMs(body) >= LATE_MS) this.#late += 1;
    this.#seen.add(body);
  }

  get sent(): SentCounts {
    return { events: this.#events, duplicates: this.#duplicates, late: this.#late };
  }
}
