import { steadyClock } from './steady-clock.ts';

/**
 * The service's clock, as far as replies let us know it: the age of data must not depend on a wrong clock on the desk.
 *
 * A `Date` header has whole seconds, so one reply bounds the offset to a second plus the round trip; the bounds of
 * later replies are intersected, which narrows it quickly. A reply outside the bounds means that a clock was set.
 */
export class ServerClock {
  readonly #localNowMs: () => number;
  #lowMs = Number.NEGATIVE_INFINITY;
  #highMs = Number.POSITIVE_INFINITY;

  constructor(localNowMs: () => number = steadyClock()) {
    this.#localNowMs = localNowMs;
  }

  /** The local clock; only differences of it are meaningful. */
  localNowMs(): number {
    return this.#localNowMs();
  }

  /** Learns from a reply's `Date` header and the local times around the exchange. */
  observe(dateHeader: string | null, sentAtMs: number, receivedAtMs: number): void {
    const serverMs = dateHeader === null ? Number.NaN : Date.parse(dateHeader);
    if (Number.isNaN(serverMs)) return;
    this.#narrow(serverMs - receivedAtMs, serverMs + 1000 - sentAtMs);
  }

  /** Learns from a reply that says what the time was when it was made, where the `Date` header is not readable. */
  observeInstant(serverMs: number, sentAtMs: number, receivedAtMs: number): void {
    if (this.isKnown()) return;
    this.#narrow(serverMs - receivedAtMs, serverMs - sentAtMs);
  }

  /** Whether any reply has told the time yet. */
  isKnown(): boolean {
    return Number.isFinite(this.#lowMs);
  }

  /** How far the service's clock is ahead of the local one. */
  offsetMs(): number {
    return this.isKnown() ? (this.#lowMs + this.#highMs) / 2 : 0;
  }

  /** Now, by the service's clock. */
  nowMs(): number {
    return this.#localNowMs() + this.offsetMs();
  }

  #narrow(lowMs: number, highMs: number): void {
    const low = Math.max(this.#lowMs, lowMs);
    const high = Math.min(this.#highMs, highMs);
    const isConsistent = low <= high;
    this.#lowMs = isConsistent ? low : lowMs;
    this.#highMs = isConsistent ? high : highMs;
  }
}
