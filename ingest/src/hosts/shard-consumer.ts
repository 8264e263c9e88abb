import type { Fact } from '@lumina/contracts';
import type { Logger } from 'pino';

import type { EventStream, StreamedRecord } from '../ports/event-stream.ts';
import { LeaseLostError, type Lease, type LeaseStore } from '../ports/lease-store.ts';
import type { LiveTail } from '../ports/live-tail.ts';
import type { Stopwatch } from '../ports/clock.ts';
import type { AccountKeeper } from './account-keeper.ts';
import { processRecords, type ProcessorPorts } from './delivery-processor.ts';
import { LeaseKeeper } from './lease-keeper.ts';
import { PageReader, type ReadPage } from './page-reader.ts';
import { TailPublisher } from './tail-publisher.ts';

/** What may still arrive behind the newest record without being called late. */
const GRACE_MS = 2000;
/** What the last accounts and the last sign of life may cost: the store may be ending together with the worker. */
const FAREWELL_MS = 500;

/** How often the age of what is published is told. */
const AGE_INTERVAL_MS = 500;

/** What a consumer needs of the outside. */
export interface ConsumerPorts extends ProcessorPorts {
  readonly events: EventStream;
  readonly tail: LiveTail;
  readonly leases: LeaseStore;
  readonly accounts: AccountKeeper;
  readonly stopwatch: Stopwatch;
  readonly logger: Logger;
}

/** How a consumer is stopped: `stopping` ends after the work in flight, `abort` gives that up too. */
export interface ConsumerSignals {
  readonly stopping: AbortSignal;
  readonly abort: AbortSignal;
}

/** How reading a shard ended: all of it was read, it was given up, or another worker took it. */
export type ConsumerEnd = 'ended' | 'left' | 'lost';

/**
 * Reads one shard: facts to the store, then to the live tail, then the checkpoint. While there is
 * a backlog the next page is read while one is on that way, and no further: what a shard holds in memory is two pages,
 * whatever the store does.
 */
export class ShardConsumer {
  readonly shardId: string;
  private readonly ports: ConsumerPorts;
  private readonly lease: Lease;
  private readonly keeper: LeaseKeeper;
  private readonly tail: TailPublisher;
  private readonly leaving = new AbortController();
  private readonly stopping: AbortSignal;
  private readonly abort: AbortSignal;

  constructor(ports: ConsumerPorts, lease: Lease, signals: ConsumerSignals, renewIntervalMs: number) {
    this.ports = ports;
    this.shardId = lease.shardId;
    this.lease = lease;
    this.keeper = new LeaseKeeper(ports, lease, renewIntervalMs);
    this.abort = AbortSignal.any([signals.abort, this.keeper.lost]);
    this.stopping = AbortSignal.any([signals.stopping, this.leaving.signal, this.abort]);
    const source = {
      name: `${ports.stream}/${lease.shardId}`,
      generation: lease.generation,
      watermarkMs: lease.watermarkMs ?? 0,
    };
    const tailPorts = {
      ...ports,
      takeCompanions: (): Fact[] => ports.accounts.takeCompanions(),
      isSure: () => !this.keeper.isDoubtful,
    };
    this.tail = new TailPublisher(tailPorts, source, this.abort);
  }

  /** Gives the shard up after the work in flight: another worker is to have it. */
  leave(): void {
    this.leaving.abort();
  }

  /** Runs until stopped, until the shard ends, or until another worker takes the lease. Rejects on a defect. */
  async run(): Promise<ConsumerEnd> {
    const { logger } = this.ports;
    const { shardId, lease } = this;
    logger.info({ shardId, checkpoint: lease.checkpoint, generation: lease.generation }, 'reading shard');
    const ageTimer = setInterval(() => {
      this.tellAge();
    }, AGE_INTERVAL_MS);
    ageTimer.unref();
    try {
      const hasEnded = await this.consume();
      await this.sayFarewell();
      if (hasEnded) await this.keeper.finish(this.abort);
      else await this.keeper.release();
      logger.info({ shardId, hasEnded }, 'shard left');
      return hasEnded ? 'ended' : 'left';
    } catch (error) {
      if (error instanceof LeaseLostError || this.keeper.lost.aborted) {
        logger.warn({ shardId, code: 'lease_lost' }, 'another worker took the shard');
        return 'lost';
      }
      await this.releaseQuietly();
      if (!this.abort.aborted) throw error;
      logger.warn({ shardId }, 'gave up work in flight; it will be read again');
      return 'left';
    } finally {
      clearInterval(ageTimer);
      this.keeper.close();
      this.tail.stop();
      this.ports.metrics.behindMs.remove({ shard: shardId });
      this.ports.metrics.watermarkAgeMs.remove({ shard: shardId });
    }
  }

  private async consume(): Promise<boolean> {
    const { checkpoint, watermarkMs } = this.lease;
    const shard = this.ports.events.read(this.shardId, checkpoint, watermarkMs);
    const reader = new PageReader(this.ports, shard, this.shardId, this.stopping);
    let ahead = reader.next();
    for (;;) {
      const page = await ahead;
      if (page === undefined) {
        this.abort.throwIfAborted();
        return false;
      }
      // At the end of the shard, what comes meanwhile belongs on the next page: a page read early would only wait.
      const isBehind = page.behindMs > 0;
      if (isBehind && !page.isEnd) ahead = reader.next();
      await this.takePage(page);
      if (page.isEnd) return true;
      if (!isBehind) ahead = reader.next();
    }
  }

  private async takePage(page: ReadPage): Promise<void> {
    const { ports, keeper, tail } = this;
    const last = page.records.at(-1);
    const watermarkMs = (page.behindMs === 0 ? page.readMs : (last?.arrivedMs ?? 0)) - GRACE_MS;
    if (last === undefined) {
      await tail.publish({ facts: [], changes: [] }, watermarkMs);
    } else {
      ports.failpoints?.hit('after-read');
      if (this.isEarly) await keeper.checkpoint(last.sequence, this.abort);
      for (let left = page.records; left.length > 0;) left = await this.takePortion(left, watermarkMs);
    }
    keeper.note(tail.watermarkMs);
    this.tellAge();
  }

  /** Takes as many records as are stored at once. @returns the others. */
  private async takePortion(records: readonly StreamedRecord[], endMs: number): Promise<readonly StreamedRecord[]> {
    const { ports, keeper, tail } = this;
    const processed = await processRecords(ports, this.shardId, records, tail.watermarkMs, this.abort);
    const left = records.slice(processed.count);
    const last = records[processed.count - 1];
    // The store may have taken long, and a process may stand still: nobody hears of a shard from two workers.
    await keeper.confirm(this.abort);
    ports.failpoints?.hit('before-publish');
    await tail.publish(processed, left.length === 0 ? endMs : (last?.arrivedMs ?? 0) - GRACE_MS);
    ports.failpoints?.hit('after-publish');
    ports.failpoints?.hit('before-checkpoint');
    keeper.note(tail.watermarkMs);
    if (!this.isEarly && last !== undefined) await keeper.checkpoint(last.sequence, this.abort);
    ports.failpoints?.hit('after-checkpoint');
    return left;
  }

  /** The deliberate defect of checkpointing what is not written yet. */
  private get isEarly(): boolean {
    return this.ports.context.negativeControl === 'checkpoint-before-write';
  }

  /** Told all the time, not only when a page is done: the page that matters is the one that is never done. */
  private tellAge(): void {
    const { clock, metrics } = this.ports;
    if (this.tail.watermarkMs === 0) return;
    metrics.watermarkAgeMs.set({ shard: this.shardId }, clock.nowMs() - this.tail.watermarkMs);
  }

  /** What was counted is stored and published before the shard is given up: its next owner's numbers are others. */
  private async sayFarewell(): Promise<void> {
    if (this.abort.aborted) return;
    const limit = AbortSignal.any([this.abort, AbortSignal.timeout(FAREWELL_MS)]);
    const over = new Promise((resolve) => {
      limit.addEventListener('abort', resolve, { once: true });
    });
    const farewell = this.ports.accounts.flush(limit).then(() => this.tail.close());
    await Promise.race([farewell, over]).catch((error: unknown) => {
      this.ports.logger.warn({ shardId: this.shardId, err: error }, 'the last sign of life was not published');
    });
    farewell.catch(() => undefined);
    this.tail.stop();
  }

  private async releaseQuietly(): Promise<void> {
    try {
      await this.keeper.release();
    } catch (error) {
      this.ports.logger.warn({ shardId: this.shardId, err: error }, 'the lease was not given up; it will expire');
    }
  }
}
