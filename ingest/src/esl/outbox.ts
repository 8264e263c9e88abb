import { setTimeout as delay } from 'node:timers/promises';

import type { StreamEntry } from '../ports/event-stream.ts';
import { ROOM_OF_CLASS, type EventClass } from './event-class.ts';
import type { SpillPosition } from './spill-cursor.ts';
import type { SpillLog } from './spill-log.ts';

/** How much an outbox may hold. */
export interface OutboxLimits {
  /** Entries kept in memory, so that they need not be read back. */
  readonly memoryBytes: number;
  /** Entries on disk that the stream has not taken. */
  readonly spillBytes: number;
}

/** What an outbox says of itself. */
export interface OutboxEvents {
  /** There was no room for an event of this class. */
  readonly onShed: (kind: EventClass) => void;
  /** Bytes of files that could not be read back. */
  readonly onLost: (bytes: number) => void;
}

interface Held {
  readonly entry: StreamEntry;
  readonly end: SpillPosition;
  readonly bytes: number;
}

/** Kinesis takes 500 records and 5 MiB a call. */
const BATCH_RECORDS = 500;
const BATCH_BYTES = 4_500_000;

/**
 * What was read from the switch and the stream has not taken yet. Everything goes to disk at once and, while there is
 * room, stays in memory too; a slow stream is thus met by memory first, then by the disk alone, then by shedding the least
 * important classes. Order is kept. After a restart it goes on where the stream had acknowledged.
 */
export class Outbox {
  private readonly log: SpillLog;
  private readonly limits: OutboxLimits;
  private readonly events: OutboxEvents;
  private held: Held[] = [];
  private heldBytes = 0;
  /** Where reading back goes on; undefined while memory holds all there is. */
  private readFrom: SpillPosition | undefined;
  private waitingBytes: number;
  private isFlushing = false;
  private wake: (() => void) | undefined;

  constructor(log: SpillLog, limits: OutboxLimits, events: OutboxEvents) {
    this.log = log;
    this.limits = limits;
    this.events = events;
    this.waitingBytes = log.bytesFrom(log.start);
    this.readFrom = this.waitingBytes > 0 ? log.start : undefined;
  }

  /** Bytes the stream has not taken. */
  get bytes(): number {
    return this.waitingBytes;
  }

  /** Bytes of them that are on disk only. */
  get spilledBytes(): number {
    return this.readFrom === undefined ? 0 : this.log.bytesFrom(this.readFrom);
  }

  /** Bytes of them in memory. */
  get memoryBytes(): number {
    return this.heldBytes + this.log.unwrittenBytes;
  }

  get isEmpty(): boolean {
    return this.held.length === 0 && this.readFrom === undefined;
  }

  /** How full it is, from 0 to 1. When the disk refuses, memory is all there is. */
  get pressure(): number {
    const onDisk = this.waitingBytes / this.limits.spillBytes;
    return this.log.isBroken ? Math.max(onDisk, this.memoryBytes / this.limits.memoryBytes) : onDisk;
  }

  /** Takes an entry, unless it is too full for its class; says whether it was taken. */
  offer(kind: EventClass, entry: StreamEntry): boolean {
    if (this.pressure >= ROOM_OF_CLASS[kind]) {
      this.events.onShed(kind);
      return false;
    }
    const { end, bytes } = this.log.append(entry);
    this.waitingBytes += bytes;
    if (this.readFrom === undefined && this.heldBytes + bytes <= this.limits.memoryBytes) {
      this.held.push({ entry, end, bytes });
      this.heldBytes += bytes;
    } else {
      this.readFrom ??= { segment: end.segment, offset: end.offset - bytes };
    }
    this.flushSoon();
    this.wake?.();
    return true;
  }

  /** The oldest entries, as many as one put takes; they stay until {@link acknowledge}. Empty when there are none. */
  async peek(): Promise<readonly StreamEntry[]> {
    while (this.held.length === 0 && this.readFrom !== undefined) await this.readBack(this.readFrom);
    const batch: StreamEntry[] = [];
    let bytes = 0;
    for (const { entry } of this.held) {
      const size = entry.data.length + entry.partitionKey.length;
      if (batch.length === BATCH_RECORDS || (batch.length > 0 && bytes + size > BATCH_BYTES)) break;
      batch.push(entry);
      bytes += size;
    }
    return batch;
  }

  /** The stream has taken the oldest `count` entries. */
  acknowledge(count: number): void {
    const taken = this.held.splice(0, count);
    const last = taken.at(-1);
    if (last === undefined) return;
    const bytes = taken.reduce((sum, held) => sum + held.bytes, 0);
    this.heldBytes -= bytes;
    this.waitingBytes -= bytes;
    this.log.release(last.end);
  }

  /** Resolves when there is something to send, or after a while. */
  async wait(limitMs: number, signal: AbortSignal): Promise<void> {
    if (!this.isEmpty || signal.aborted) return;
    const limit = new AbortController();
    const woken = new Promise<void>((resolve) => {
      this.wake = resolve;
    });
    // The pause is only ended early here; whoever waits looks at the signal itself.
    const paused = delay(limitMs, undefined, { signal: AbortSignal.any([limit.signal, signal]) }).catch(
      () => undefined,
    );
    await Promise.race([woken, paused]);
    this.wake = undefined;
    limit.abort();
  }

  /** Writes to disk what is only in memory. */
  flush(): void {
    this.log.flush();
  }

  /** Once a turn of the event loop, so that a burst is one write. */
  private flushSoon(): void {
    if (this.isFlushing) return;
    this.isFlushing = true;
    setImmediate(() => {
      this.isFlushing = false;
      this.log.flush();
    });
  }

  private async readBack(from: SpillPosition): Promise<void> {
    const { entries, lostBytes, next } = await this.log.read(from);
    let start = from;
    for (const { entry, end } of entries) {
      const bytes = end.offset - (end.segment === start.segment ? start.offset : 0);
      this.held.push({ entry, end, bytes });
      this.heldBytes += bytes;
      start = end;
    }
    if (lostBytes > 0) {
      this.waitingBytes -= lostBytes;
      this.events.onLost(lostBytes);
    }
    const { end } = this.log;
    const isAtEnd = next.segment > end.segment || (next.segment === end.segment && next.offset >= end.offset);
    this.readFrom = isAtEnd ? undefined : next;
    // With nothing left, what was given up may go too.
    if (isAtEnd && this.held.length === 0) this.log.release(end);
  }
}
