import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';

import { waitJittered } from '../adapters/full-jitter.ts';
import { isNamed, messageOf } from '../adapters/service-error.ts';
import type { EventStream, StreamEntry } from '../ports/event-stream.ts';
import type { Outbox } from './outbox.ts';

/** What a sender says of itself. */
export interface SenderEvents {
  readonly onSent: (count: number) => void;
  readonly onRetry: () => void;
  /** The stream will never take this entry. */
  readonly onRefused: () => void;
}

const BACKOFF = { baseMs: 100, capMs: 5000 };
const IDLE_MS = 1000;
/** A short pause lets a burst become one put instead of many. */
const LINGER_MS = 20;

function isRefusal(error: unknown): boolean {
  return isNamed(error, 'ValidationException', 'InvalidArgumentException');
}

/** Sends what an outbox holds to the stream: oldest first, one put at a time, so that order holds across puts. */
export class Sender {
  private readonly outbox: Outbox;
  private readonly stream: EventStream;
  private readonly events: SenderEvents;
  private readonly logger: Logger;

  constructor(outbox: Outbox, stream: EventStream, events: SenderEvents, logger: Logger) {
    this.outbox = outbox;
    this.stream = stream;
    this.events = events;
    this.logger = logger;
  }

  /** Runs until aborted; what is not sent by then stays in the outbox. */
  async run(signal: AbortSignal): Promise<void> {
    const isStopped = (): boolean => signal.aborted;
    for (let attempt = 0; !isStopped();) {
      try {
        await this.outbox.wait(IDLE_MS, signal);
        await delay(LINGER_MS, undefined, { signal });
        const batch = await this.outbox.peek();
        if (batch.length === 0) continue;
        await this.put(batch, signal);
        attempt = 0;
      } catch (error) {
        if (isStopped()) return;
        this.events.onRetry();
        this.logger.warn({ attempt, detail: messageOf(error) }, 'events could not be put on the stream; trying again');
        await waitJittered(attempt, BACKOFF, signal).catch(() => undefined);
        attempt += 1;
      }
    }
  }

  private async put(batch: readonly StreamEntry[], signal: AbortSignal): Promise<void> {
    try {
      await this.stream.put(batch, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!isRefusal(error)) throw error;
      await this.putEach(batch, signal);
      return;
    }
    this.outbox.acknowledge(batch.length);
    this.events.onSent(batch.length);
  }

  /** One by one, so that an entry the stream refuses stops no other. */
  private async putEach(batch: readonly StreamEntry[], signal: AbortSignal): Promise<void> {
    for (const entry of batch) {
      try {
        await this.stream.put([entry], signal);
        this.events.onSent(1);
      } catch (error) {
        signal.throwIfAborted();
        if (!isRefusal(error)) throw error;
        this.events.onRefused();
        this.logger.error(
          { detail: messageOf(error), bytes: entry.data.length },
          'the stream refuses an event for good',
        );
      }
      this.outbox.acknowledge(1);
    }
  }
}
