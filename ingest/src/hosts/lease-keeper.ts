import type { Logger } from 'pino';

import { messageOf } from '../adapters/service-error.ts';
import { waitJittered } from '../adapters/full-jitter.ts';
import type { Stopwatch } from '../ports/clock.ts';
import { LeaseLostError, SHARD_END, type Lease, type LeaseStore } from '../ports/lease-store.ts';

const BACKOFF = { baseMs: 50, capMs: 1000 };

/** What a keeper needs of the outside. */
export interface LeaseKeeperPorts {
  readonly leases: LeaseStore;
  readonly stopwatch: Stopwatch;
  readonly logger: Logger;
}

/**
 * Keeps one lease while its shard is read. Renewals go on by a timer of their own, whatever the reading waits for: a
 * worker that stands before a store that is down is alive, and nobody must take its shards for that. Every write goes
 * through one line, as each is made under the counter that the one before it left.
 */
export class LeaseKeeper {
  private readonly ports: LeaseKeeperPorts;
  private readonly taken = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private readonly doubtfulMs: number;
  private line: Promise<unknown> = Promise.resolve();
  private waiting = 0;
  private hasWritten = false;
  private writtenMs: number;
  private watermarkMs: number | undefined;
  private current: Lease;

  constructor(ports: LeaseKeeperPorts, lease: Lease, renewIntervalMs: number) {
    this.ports = ports;
    this.current = lease;
    this.writtenMs = ports.stopwatch.elapsedMs();
    this.doubtfulMs = 2 * renewIntervalMs;
    this.timer = setInterval(() => {
      this.renew();
    }, renewIntervalMs);
    this.timer.unref();
  }

  /** Aborts when another worker has the shard; whatever is in flight for it is given up then. */
  get lost(): AbortSignal {
    return this.taken.signal;
  }

  /**
   * Whether the lease was not written for so long that another worker may have it by now: this process stood still, or
   * the leases cannot be reached.
   */
  get isDoubtful(): boolean {
    return this.ports.stopwatch.elapsedMs() - this.writtenMs >= this.doubtfulMs;
  }

  /** Makes sure of a doubtful lease before anything is told in its name. Throws {@link LeaseLostError} when it is gone. */
  async confirm(signal: AbortSignal): Promise<void> {
    if (this.isDoubtful) await this.inLine(() => this.persist(undefined, signal));
  }

  /** Notes how far the shard is read; written with the next renewal or checkpoint. */
  note(watermarkMs: number): void {
    this.watermarkMs = watermarkMs;
  }

  /** Moves the checkpoint; waits passing failures out. Throws {@link LeaseLostError} when the lease was taken. */
  checkpoint(sequence: string, signal: AbortSignal): Promise<void> {
    return this.inLine(() => this.persist(sequence, signal));
  }

  /** Notes that all of the shard has been processed. */
  finish(signal: AbortSignal): Promise<void> {
    return this.checkpoint(SHARD_END, signal);
  }

  /** Gives the lease up, in one attempt: where that fails, it expires. */
  async release(): Promise<void> {
    this.close();
    await this.inLine(() => this.ports.leases.release(this.current, this.watermarkMs));
  }

  /** Ends the renewals. */
  close(): void {
    clearInterval(this.timer);
  }

  private renew(): void {
    const isBusy = this.waiting > 0 || this.hasWritten;
    this.hasWritten = false;
    if (isBusy || this.lost.aborted) return;
    this.inLine(() => this.write(undefined)).catch((error: unknown) => {
      if (error instanceof LeaseLostError) return;
      this.ports.logger.warn(
        { shardId: this.current.shardId, detail: messageOf(error) },
        'the lease was not renewed; trying again',
      );
    });
  }

  private async persist(checkpoint: string | undefined, signal: AbortSignal): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      signal.throwIfAborted();
      try {
        await this.write(checkpoint);
        return;
      } catch (error) {
        if (error instanceof LeaseLostError) throw error;
        this.ports.logger.warn(
          { shardId: this.current.shardId, attempt, detail: messageOf(error) },
          'the lease was not written; trying again',
        );
        await waitJittered(attempt, BACKOFF, signal);
      }
    }
  }

  private async write(checkpoint: string | undefined): Promise<void> {
    try {
      this.current = await this.ports.leases.renew(this.current, checkpoint, this.watermarkMs);
      this.hasWritten = true;
      this.writtenMs = this.ports.stopwatch.elapsedMs();
    } catch (error) {
      if (error instanceof LeaseLostError) {
        this.close();
        this.taken.abort(error);
      }
      throw error;
    }
  }

  private async inLine(work: () => Promise<void>): Promise<void> {
    this.waiting += 1;
    const mine = this.line.then(work);
    this.line = mine.catch(() => undefined);
    try {
      await mine;
    } finally {
      this.waiting -= 1;
    }
  }
}
