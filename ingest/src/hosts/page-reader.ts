import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';

import { waitJittered } from '../adapters/full-jitter.ts';
import type { Clock, Stopwatch } from '../ports/clock.ts';
import type { ShardPage, ShardReader } from '../ports/event-stream.ts';
import type { IngestMetrics } from './metrics.ts';

/** Kinesis allows five reads a second and shard; a little more than their distance. */
const READ_INTERVAL_MS = 205;
const BACKOFF = { baseMs: 100, capMs: 2000 };

/** What a page reader needs of the outside. */
export interface PageReaderPorts {
  readonly clock: Clock;
  readonly stopwatch: Stopwatch;
  readonly metrics: IngestMetrics;
  readonly logger: Logger;
}

/** A page and when its reading began: at the end of the shard, everything that came before is in it or before it. */
export interface ReadPage extends ShardPage {
  readonly readMs: number;
}

/** Reads the pages of a shard at the pace the stream allows; failures are waited out. */
export class PageReader {
  private readonly ports: PageReaderPorts;
  private readonly reader: ShardReader;
  private readonly shardId: string;
  private readonly stopping: AbortSignal;
  private readMs = -READ_INTERVAL_MS;

  constructor(ports: PageReaderPorts, reader: ShardReader, shardId: string, stopping: AbortSignal) {
    this.ports = ports;
    this.reader = reader;
    this.shardId = shardId;
    this.stopping = stopping;
  }

  /** The next page; undefined when stopped. Never rejects. */
  async next(): Promise<ReadPage | undefined> {
    const { clock, stopwatch, metrics, logger } = this.ports;
    for (let failures = 0; ;) {
      if (!(await this.isTime())) return undefined;
      this.readMs = stopwatch.elapsedMs();
      const readMs = clock.nowMs();
      try {
        const page = await this.reader.next(this.stopping);
        this.tell(page);
        return { ...page, readMs };
      } catch (error) {
        if (this.stopping.aborted) return undefined;
        metrics.readRetries.inc({ reason: error instanceof Error ? error.name : 'unknown' });
        logger.warn({ shardId: this.shardId, err: error, failures }, 'the stream gave no page; trying again');
        // An iterator that grew old while a page waited for the store only needs another one.
        const hasExpired = error instanceof Error && error.name === 'ExpiredIteratorException';
        if (!hasExpired) await waitJittered(failures, BACKOFF, this.stopping).catch(() => undefined);
        failures += 1;
      }
    }
  }

  private tell({ behindMs, gap }: ShardPage): void {
    const { metrics, logger } = this.ports;
    metrics.behindMs.set({ shard: this.shardId }, behindMs);
    if (gap === undefined) return;
    metrics.trimmed.inc({ shard: this.shardId });
    logger.error(
      { shardId: this.shardId, code: 'stream_data_lost', reason: gap },
      'records may be lost: the stream no longer had the place to go on from, so reading goes on with the oldest it has',
    );
  }

  /** Waits until the shard may be read again; false when stopped. */
  private async isTime(): Promise<boolean> {
    const waitMs = this.readMs + READ_INTERVAL_MS - this.ports.stopwatch.elapsedMs();
    if (waitMs > 0) {
      try {
        await delay(waitMs, undefined, { signal: this.stopping });
      } catch {
        // Stopping ends the wait early.
      }
    }
    return !this.stopping.aborted;
  }
}
