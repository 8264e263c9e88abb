import { Agenda } from '../world/agenda.ts';
import { Random } from '../world/random.ts';
import type { Delivery } from '../world/wire.ts';

/** What goes wrong between producer and collector; nothing that is accepted may change by it. */
export interface Disturbance {
  /** Share of deliveries that arrive twice. */
  readonly duplicates: number;
  /** Minutes between replays of a whole older block; 0 is never. */
  readonly replayEveryMinutes: number;
  /** Share of deliveries that arrive late and thus out of order. */
  readonly late: number;
  readonly maxLateMs: number;
  /** Share of snapshots that are lost, and whole minutes without any. */
  readonly lostSnapshots: number;
  readonly hasBlackouts: boolean;
}

export const UNDISTURBED: Disturbance = {
  duplicates: 0,
  replayEveryMinutes: 0,
  late: 0,
  maxLateMs: 0,
  lostSnapshots: 0,
  hasBlackouts: false,
};

/** What the verification asks the system to survive. */
export const ROUGH: Disturbance = {
  duplicates: 0.05,
  replayEveryMinutes: 7,
  late: 0.04,
  maxLateMs: 240_000,
  lostSnapshots: 0.05,
  hasBlackouts: true,
};

const MINUTE_MS = 60_000;
const MAX_DUPLICATE_DELAY_MS = 30_000;
const REPLAYED_MS = 40_000;
const MAX_REPLAY_AGE_MS = 6 * MINUTE_MS;

/** Puts the deliveries of the producers into the order in which they reach a collector. */
export class DisturbedChannel {
  readonly #random: Random;
  readonly #disturbance: Disturbance;
  readonly #endMs: number;
  readonly #agenda: Agenda;
  readonly #isKeptInOrder: (delivery: Delivery) => boolean;
  #out: Delivery[] = [];
  #recent: Delivery[] = [];
  #nextReplayMs: number;

  /** `isKeptInOrder` names deliveries that are never late, because their way cannot reorder them. */
  constructor(
    seedText: string,
    { startMs, endMs }: { readonly startMs: number; readonly endMs: number },
    disturbance: Disturbance,
    isKeptInOrder: (delivery: Delivery) => boolean = () => false,
  ) {
    this.#isKeptInOrder = isKeptInOrder;
    this.#random = new Random(`${seedText}:channel`);
    this.#disturbance = disturbance;
    this.#endMs = endMs;
    this.#agenda = new Agenda(startMs);
    const everyMs = disturbance.replayEveryMinutes * MINUTE_MS;
    this.#nextReplayMs = everyMs > 0 ? startMs + everyMs : Infinity;
  }

  /** Takes what the producers sent, in the order of sending. */
  accept(delivery: Delivery): void {
    const { duplicates, late, maxLateMs } = this.#disturbance;
    if (delivery.atMs >= this.#nextReplayMs) this.#replay(delivery.atMs);
    const isInOrder = this.#isKeptInOrder(delivery);
    const isLate = this.#random.isHit(late);
    const delayMs = isLate ? this.#random.int(1_000, maxLateMs) : 0;
    this.#plan(delivery, delivery.atMs + (isInOrder ? 0 : delayMs));
    if (this.#random.isHit(duplicates)) {
      this.#plan(delivery, delivery.atMs + delayMs + this.#random.int(0, MAX_DUPLICATE_DELAY_MS));
    }
    if (this.#nextReplayMs !== Infinity) this.#recent.push(delivery);
  }

  /** All that reaches the collector before an instant, in order. */
  release(beforeMs: number): Delivery[] {
    while (this.#agenda.nextMs < beforeMs) this.#agenda.step();
    const out = this.#out;
    this.#out = [];
    return out;
  }

  #plan(delivery: Delivery, atMs: number): void {
    const cappedMs = Math.min(atMs, this.#endMs);
    this.#agenda.at(cappedMs, () => {
      this.#out.push(cappedMs === delivery.atMs ? delivery : { ...delivery, atMs: cappedMs });
    });
  }

  /** A producer lost its place and sends a whole older stretch again. */
  #replay(nowMs: number): void {
    this.#nextReplayMs = nowMs + this.#disturbance.replayEveryMinutes * MINUTE_MS;
    this.#recent = this.#recent.filter((delivery) => delivery.atMs > nowMs - MAX_REPLAY_AGE_MS);
    const fromMs = nowMs - this.#random.int(REPLAYED_MS, MAX_REPLAY_AGE_MS);
    for (const delivery of this.#recent) {
      if (delivery.atMs >= fromMs && delivery.atMs < fromMs + REPLAYED_MS) this.#plan(delivery, nowMs);
    }
  }
}
