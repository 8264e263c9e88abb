import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

import { eventFrame, type EventFormat, type SwitchEvent } from './event.ts';

/** One thing to send: bytes as they are, or an event in the format of the moment. */
type Item = Buffer | SwitchEvent;

/**
 * What leaves through one socket: replies at once and in order, events through a queue of bounded length. Both wait
 * while the socket is stalled or the client does not read.
 */
export class Outgoing {
  readonly #socket: Socket;
  readonly #limit: number;
  readonly #formatOf: () => EventFormat;
  #replies: Buffer[] = [];
  #events: SwitchEvent[] = [];
  #stalledUntil: Promise<unknown> | undefined;
  #halfFramePauseMs = 0;
  #pump: Promise<void> | undefined;

  constructor(socket: Socket, limit: number, formatOf: () => EventFormat) {
    this.#socket = socket;
    this.#limit = limit;
    this.#formatOf = formatOf;
  }

  get queuedEvents(): number {
    return this.#events.length;
  }

  /** Bytes outside the event queue. */
  reply(text: string | Buffer): void {
    this.#replies.push(Buffer.from(text));
    this.#start();
  }

  /** False when the queue is full and the event is lost. */
  event(event: SwitchEvent): boolean {
    if (this.#events.length >= this.#limit) return false;
    this.#events.push(event);
    this.#start();
    return true;
  }

  flushEvents(): void {
    this.#events = [];
  }

  /** Sends nothing for a while; what is to be sent queues up. */
  stall(ms: number): void {
    const ended = delay(ms, undefined, { ref: false });
    this.#stalledUntil = ended;
    void ended.then(() => {
      if (this.#stalledUntil === ended) this.#stalledUntil = undefined;
    });
  }

  /** Cuts the next event in the middle and sends the rest after a pause. */
  cutNextFrame(pauseMs: number): void {
    this.#halfFramePauseMs = pauseMs;
  }

  /** Resolves when everything that waits has been written, or the socket is gone. */
  async drained(): Promise<void> {
    await this.#pump;
  }

  #start(): void {
    this.#pump ??= this.#run().finally(() => {
      this.#pump = undefined;
    });
  }

  async #run(): Promise<void> {
    // Everything that is queued in this turn of the loop leaves in few writes.
    await Promise.resolve();
    for (;;) {
      if (this.#stalledUntil !== undefined) await this.#stalledUntil;
      if (this.#socket.destroyed) return;
      const item: Item | undefined = this.#replies.shift() ?? this.#events.shift();
      if (item === undefined) return;
      await this.#send(item);
    }
  }

  async #send(item: Item): Promise<void> {
    if (Buffer.isBuffer(item)) {
      await this.#write(item);
      return;
    }
    const frame = eventFrame(item, this.#formatOf());
    const pauseMs = this.#halfFramePauseMs;
    if (pauseMs === 0) {
      await this.#write(frame);
      return;
    }
    this.#halfFramePauseMs = 0;
    const middle = frame.length >> 1;
    await this.#write(frame.subarray(0, middle));
    await delay(pauseMs);
    await this.#write(frame.subarray(middle));
  }

  /** Waits for the client when its window is full, as the switch's own thread does. */
  #write(bytes: Buffer): Promise<void> | undefined {
    if (this.#socket.destroyed || this.#socket.write(bytes)) return undefined;
    return new Promise((resolve) => {
      const done = (): void => {
        this.#socket.off('drain', done).off('close', done);
        resolve();
      };
      this.#socket.once('drain', done).once('close', done);
    });
  }
}
