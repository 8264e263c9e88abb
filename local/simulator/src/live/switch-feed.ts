import type { Switch, SwitchEvent } from '@lumina/switch';

import type { Body, Delivery } from '../world/wire.ts';

/** What a switch writes into every event itself. */
const STAMPED = /^(Event-Name|Core-UUID|FreeSWITCH-.*|Event-Date-.*|Event-Calling-.*|Event-Sequence)$/;
const MICROSECONDS_PER_MS = 1000;

/** Sends the raw events of a simulation through a switch; an event that comes twice is the same event. */
export class SwitchFeed {
  readonly #target: Switch;
  readonly #sent = new WeakMap<Body, SwitchEvent>();

  constructor(target: Switch) {
    this.#target = target;
  }

  /** Takes a raw event; false for what no switch sends. */
  deliver({ body }: Delivery): boolean {
    const name = body['Event-Name'];
    if (typeof name !== 'string') return false;
    const sent = this.#sent.get(body);
    if (sent !== undefined) {
      this.#target.fireAgain(sent);
      return true;
    }
    const headers = Object.entries(body).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string' && !STAMPED.test(entry[0]),
    );
    const atMs = Number(body['Event-Date-Timestamp']) / MICROSECONDS_PER_MS;
    this.#sent.set(body, this.#target.fire({ name, headers, atMs }));
    return true;
  }
}
