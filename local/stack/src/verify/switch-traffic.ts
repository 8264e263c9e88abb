import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

import { SwitchFeed, type Body, type Delivery, type Simulation } from '@lumina/simulator';
import type { Switch } from '@lumina/switch';

import { DeliveryCounts, type SentCounts } from './delivery-counts.ts';
import type { SimulatedClock } from './simulated-clock.ts';
import type { StreamEntry } from './stream-door.ts';
import { poison, postEvents, type CollectorDoor, type Poisoning } from './traffic.ts';

/** A simulation whose raw events leave through a switch, and everything else as its producers send it. */
export interface SwitchTrafficOptions extends CollectorDoor {
  readonly simulation: Simulation;
  readonly target: Switch;
  readonly clock: SimulatedClock;
  readonly poisoning: Poisoning;
}

/** Which way events went. */
export interface WayCounts {
  throughSwitch: number;
  throughRule: number;
  throughCollector: number;
}

const STEP_MS = 20;
const POST_SIZE = 300;
/** What the platform puts on its event bus, from where a rule takes it to the stream. */
const BRIDGED = new Set(['API_SAMPLE', 'CONFIG_CHANGE', 'USER_ACTION']);

/** An event as an EventBridge rule puts it on the stream. */
function bridged(body: Body): StreamEntry {
  const envelope = {
    version: '0',
    id: randomUUID(),
    'detail-type': body['type'],
    source: 'lumina.platform',
    account: '123456789012',
    time: `${String(body['time']).slice(0, 19)}Z`,
    region: 'eu-west-1',
    resources: [],
    detail: body,
  };
  return { data: Buffer.from(JSON.stringify(envelope)), partitionKey: String(body['id']) };
}

/** Plays a simulation by its clock, through the switch and beside it. */
export class SwitchTraffic {
  readonly ways: WayCounts = { throughSwitch: 0, throughRule: 0, throughCollector: 0 };
  readonly #counts = new DeliveryCounts();
  readonly #options: SwitchTrafficOptions;
  readonly #feed: SwitchFeed;
  #posts: Body[] = [];
  #puts: StreamEntry[] = [];
  #worldMs: number;

  constructor(options: SwitchTrafficOptions) {
    this.#options = options;
    this.#feed = new SwitchFeed(options.target);
    this.#worldMs = options.clock.nowMs();
  }

  /** The instant that the world has been played to: the clock of its switch. */
  get worldMs(): number {
    return this.#worldMs;
  }

  /** Plays the world on to the instant of the clock, and answers that. */
  catchUp(): number {
    const nowMs = this.#options.clock.nowMs();
    if (nowMs <= this.#worldMs) return this.#worldMs;
    const deliveries = this.#options.simulation.advance(nowMs + 1);
    this.#worldMs = nowMs;
    for (const delivery of deliveries) this.#deliver(delivery);
    return nowMs;
  }

  /** Plays until the clock is at its end and everything is sent; `onStep` runs between two steps. */
  async play(onStep: () => Promise<void>): Promise<SentCounts> {
    const { clock, simulation } = this.#options;
    while (!clock.isOver) {
      this.catchUp();
      await this.#send();
      await onStep();
      await delay(STEP_MS);
    }
    this.catchUp();
    for (const delivery of simulation.advance(Infinity)) this.#deliver(delivery);
    await this.#send();
    return this.#counts.sent;
  }

  #deliver(delivery: Delivery): void {
    const { body } = delivery;
    this.#counts.count(delivery);
    if (this.#feed.deliver(delivery)) {
      this.ways.throughSwitch += 1;
    } else if (BRIDGED.has(String(body['type']))) {
      this.ways.throughRule += 1;
      this.#puts.push(bridged(body));
    } else {
      this.ways.throughCollector += 1;
      this.#posts.push(body);
    }
  }

  async #send(): Promise<void> {
    const posts = this.#posts;
    const puts = this.#puts;
    this.#posts = [];
    this.#puts = [];
    const { poisoning } = this.#options;
    await poisoning.stream.put(puts);
    for (let from = 0; from < posts.length; from += POST_SIZE) {
      await postEvents(this.#options, posts.slice(from, from + POST_SIZE));
    }
    await poison(poisoning, this.#counts.sent.events, this.#worldMs);
  }
}
