import { setTimeout as delay } from 'node:timers/promises';
import type { Fact, LiveTailRecord } from '@lumina/contracts';
import type { Logger } from 'pino';

import { waitJittered } from '../adapters/full-jitter.ts';
import { LeaseLostError, SHARD_END, type Lease, type LeaseStore } from '../ports/lease-store.ts';
import type { EventStream, ShardPage } from '../ports/event-stream.ts';
import type { LiveTail } from '../ports/live-tail.ts';
import { processRecords, type Processed, type ProcessorPorts } from './delivery-processor.ts';
import type { FailpointName } from './failpoints.ts';

/** Kinesis allows five reads a second and shard. */
const POLL_INTERVAL_MS = 220;
/** Watchers hear of a shard at least this often, even when nothing happens. */
const TAIL_INTERVAL_MS = 800;
const RENEW_INTERVAL_MS = 3000;
const LAST_ACCOUNTS_MS = 500;
/** What may still arrive behind the newest record without being called late. */
const GRACE_MS = 2000;
const FACTS_PER_TAIL_RECORD = 500;
const READ_BACKOFF = { baseMs: 100, capMs: 2000 };
/** Sequence numbers of the live tail rise over restarts: each owner starts a range of its own. */
const SEQUENCES_PER_GENERATION = 1_000_000_000;

const NOTHING: Processed = { facts: [], changes: [] };

/** What a consumer needs of the outside. */
export interface ConsumerPorts extends ProcessorPorts {
  readonly events: EventStream;
  readonly tail: LiveTail;
  readonly leases: LeaseStore;
  readonly logger: Logger;
}

/** How a consumer is stopped: `stopping` ends after the work in flight, `abort` gives that up too. */
export interface ConsumerSignals {
  readonly stopping: AbortSignal;
  readonly abort: AbortSignal;
}

/** Reads one shard: facts to the store, then to the live tail, then the checkpoint. */
export class ShardConsumer {
  private readonly ports: ConsumerPorts;
  private readonly signals: ConsumerSignals;
  private lease: Lease;
  private watermarkMs = 0;
  private sequence: number;
  private lastTailMs = 0;
  private lastRenewMs: number;

  constructor(ports: ConsumerPorts, lease: Lease, signals: ConsumerSignals) {
    this.ports = ports;
    this.lease = lease;
    this.signals = signals;
    this.sequence = lease.generation * SEQUENCES_PER_GENERATION;
    this.lastRenewMs = ports.clock.nowMs();
  }

  /** Runs until stopped, until the shard ends, or until another worker takes the lease. */
  async run(): Promise<void> {
    const { shardId, checkpoint } = this.lease;
    const { logger } = this.ports;
    logger.info({ shardId, checkpoint, counter: this.lease.counter }, 'reading shard');
    try {
      const hasEnded = await this.consume(checkpoint);
      if (!hasEnded) await this.ports.leases.release(this.lease);
      logger.info({ shardId, hasEnded }, 'shard left');
    } catch (error) {
      if (error instanceof LeaseLostError) logger.warn({ shardId, code: error.code }, 'another worker took the shard');
      else if (this.signals.abort.aborted) logger.warn({ shardId }, 'gave up work in flight; it will be read again');
      else throw error;
    } finally {
      await this.closeAccounts();
    }
  }

  /** What was counted since the last record of the tail is stored too, whoever reads the shard from here on. */
  private async closeAccounts(): Promise<void> {
    if (this.signals.abort.aborted) return;
    try {
      // The store may be ending with us: a moment is all the accounts may cost.
      const limit = AbortSignal.any([this.signals.abort, AbortSignal.timeout(LAST_ACCOUNTS_MS)]);
      await this.storeAccounting(this.ports.clock.nowMs(), limit);
    } catch (error) {
      this.ports.logger.warn({ shardId: this.lease.shardId, err: error }, 'the last accounts were not stored');
    }
  }

  private async consume(checkpoint: string | undefined): Promise<boolean> {
    const { events, logger } = this.ports;
    const { shardId } = this.lease;
    const reader = events.read(shardId, checkpoint);
    for (let failures = 0; !this.signals.stopping.aborted;) {
      let page: ShardPage;
      const startedMs = this.ports.clock.nowMs();
      try {
        page = await reader.next(this.signals.abort);
        failures = 0;
      } catch (error) {
        logger.warn({ shardId, err: error }, 'the stream gave no page; trying again');
        await waitJittered(failures, READ_BACKOFF, this.signals.abort);
        failures += 1;
        continue;
      }
      await this.takePage(page, startedMs);
      if (page.isEnd) {
        this.lease = await this.ports.leases.renew(this.lease, SHARD_END);
        return true;
      }
      await this.pause(this.ports.clock.nowMs() - startedMs);
    }
    return false;
  }

  private async pause(spentMs: number): Promise<void> {
    if (spentMs >= POLL_INTERVAL_MS || this.signals.stopping.aborted) return;
    try {
      await delay(POLL_INTERVAL_MS - spentMs, undefined, { signal: this.signals.stopping });
    } catch {
      // Stopping ends the pause early; the loop sees it.
    }
  }

  private async takePage(page: ShardPage, readMs: number): Promise<void> {
    const { ports } = this;
    const last = page.records.at(-1);
    const passes = (name: FailpointName): void => {
      if (last !== undefined) ports.failpoints?.hit(name);
    };
    passes('after-read');
    const isEarly = ports.context.negativeControl === 'checkpoint-before-write';
    if (last !== undefined && isEarly) this.lease = await ports.leases.renew(this.lease, last.sequence);
    const processed =
      last === undefined
        ? NOTHING
        : await processRecords(ports, this.lease.shardId, page.records, this.watermarkMs, this.signals.abort);
    this.advanceWatermark(page, readMs);
    passes('before-publish');
    await this.publish(processed);
    passes('after-publish');
    passes('before-checkpoint');
    if (last !== undefined && !isEarly) this.lease = await ports.leases.renew(this.lease, last.sequence);
    else if (ports.clock.nowMs() - this.lastRenewMs > RENEW_INTERVAL_MS)
      this.lease = await ports.leases.renew(this.lease);
    else return;
    passes('after-checkpoint');
    this.lastRenewMs = ports.clock.nowMs();
  }

  /** The watermark follows the clock at the end of the shard, and the records' arrival behind it; it never falls. */
  private advanceWatermark({ records, behindMs }: ShardPage, readMs: number): void {
    const arrivedMs = records.at(-1)?.arrivedMs ?? 0;
    const reachedMs = (behindMs === 0 ? readMs : arrivedMs) - GRACE_MS;
    this.watermarkMs = Math.max(this.watermarkMs, reachedMs);
  }

  private async publish({ facts, changes }: Processed): Promise<void> {
    const nowMs = this.ports.clock.nowMs();
    const isDue = nowMs - this.lastTailMs >= TAIL_INTERVAL_MS;
    if (facts.length === 0 && changes.length === 0 && !isDue) return;
    const accounting = isDue ? await this.storeAccounting(nowMs, this.signals.abort) : [];
    const all = [...facts, ...accounting];
    const records: LiveTailRecord[] = [];
    for (let start = 0; start === 0 || start < all.length; start += FACTS_PER_TAIL_RECORD) {
      this.sequence += 1;
      records.push({
        v: 1,
        source: `${this.ports.stream}/${this.lease.shardId}`,
        seq: this.sequence,
        watermark: this.watermarkMs,
        facts: all.slice(start, start + FACTS_PER_TAIL_RECORD),
        ...(start === 0 && changes.length > 0 ? { changes } : {}),
      });
    }
    await this.ports.tail.publish(records, this.signals.abort);
    this.lastTailMs = nowMs;
  }

  private async storeAccounting(nowMs: number, signal: AbortSignal): Promise<Fact[]> {
    const facts = this.ports.accounting.takeFacts(nowMs);
    if (facts.length > 0) await this.ports.store.write(facts, { signal });
    return facts;
  }
}
