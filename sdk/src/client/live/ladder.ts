import type { LiveTransport, TransportName } from './transport.ts';

const FIRST_CLIMB_MS = 60_000;
const LAST_CLIMB_MS = 10 * 60_000;

/** Which transport is in use, of those allowed: one goes down when one proves unusable, and tries the top again later. */
export class TransportLadder {
  readonly #names: readonly TransportName[];
  readonly #transports: ReadonlyMap<TransportName, LiveTransport>;
  #index = 0;
  #climbs = 0;

  constructor(names: readonly TransportName[], transports: readonly LiveTransport[]) {
    const known = new Map<TransportName, LiveTransport>(transports.map((one) => [one.name, one]));
    const usable = names.filter((name) => name === 'polling' || known.has(name));
    this.#names = usable.length === 0 ? ['polling'] : usable;
    this.#transports = known;
  }

  /** The one in use. */
  get name(): TransportName {
    return this.#names[this.#index] ?? 'polling';
  }

  /** The one in use; undefined for polling. */
  get transport(): LiveTransport | undefined {
    return this.#transports.get(this.name);
  }

  /** Whether a better one was given up. */
  get isDown(): boolean {
    return this.#index > 0;
  }

  /** Whether a way back up is being tried. */
  get isClimbing(): boolean {
    return this.#climbs > 0;
  }

  /** Goes down one step; false when there is none. */
  drop(): boolean {
    if (this.#index + 1 >= this.#names.length) return false;
    this.#index += 1;
    return true;
  }

  /** Goes back to the top. */
  climb(): void {
    if (!this.isDown) return;
    this.#index = 0;
    this.#climbs += 1;
  }

  /** The top works again. */
  settle(): void {
    if (!this.isDown) this.#climbs = 0;
  }

  /** When to try the top again: ever more rarely. */
  climbAfterMs(): number {
    return Math.min(FIRST_CLIMB_MS * 2 ** this.#climbs, LAST_CLIMB_MS);
  }
}
