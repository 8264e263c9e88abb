/** A raw event or an envelope, exactly as a producer would send it. */
export type Body = Readonly<Record<string, unknown>>;

/** Something sent to a collector: when it leaves the producer, for whom, and its body. */
export interface Delivery {
  readonly atMs: number;
  readonly territoryId: number;
  readonly regionId: number;
  readonly body: Body;
}

/** What the outside is told by a producer: `detail` feeds no metric and is left out of lean histories. */
export type Weight = 'fact' | 'detail';

interface WireOptions {
  readonly territoryId: number;
  readonly regionId: number;
  readonly startMs: number;
  readonly isLean: boolean;
  readonly coreUuid: string;
}

/** The producers' side of a world: numbers the switch's events and gathers what is sent. */
export class Wire {
  readonly territoryId: number;
  readonly regionId: number;
  readonly coreUuid: string;
  readonly #startMs: number;
  readonly #isLean: boolean;
  #sequence = 0;
  #sent: Delivery[] = [];

  constructor(options: WireOptions) {
    this.territoryId = options.territoryId;
    this.regionId = options.regionId;
    this.coreUuid = options.coreUuid;
    this.#startMs = options.startMs;
    this.#isLean = options.isLean;
  }

  /** Process-global number of a switch event; advances even for what is not sent, as a real switch's does. */
  nextSequence(): number {
    this.#sequence += 1;
    return this.#sequence;
  }

  send(atMs: number, body: Body, weight: Weight = 'fact'): void {
    if (atMs < this.#startMs || (this.#isLean && weight === 'detail')) return;
    this.#sent.push({ atMs, territoryId: this.territoryId, regionId: this.regionId, body });
  }

  /** Hands over what was sent since the last call. */
  drain(): Delivery[] {
    if (this.#sent.length === 0) return this.#sent;
    const sent = this.#sent;
    this.#sent = [];
    return sent;
  }
}
