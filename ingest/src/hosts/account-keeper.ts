import { setTimeout as delay } from 'node:timers/promises';
import type { Fact } from '@lumina/contracts';
import type { Logger } from 'pino';

import { messageOf } from '../adapters/service-error.ts';
import type { Accounting } from '../core/accounting.ts';
import { encodeFactsRecord } from '../core/stream-record.ts';
import type { Clock } from '../ports/clock.ts';
import type { EventStream } from '../ports/event-stream.ts';
import type { FactStore } from '../ports/fact-store.ts';

/** Rows of the open 10 s slot grow meanwhile; boards read from them how old their numbers are. */
const STORE_INTERVAL_MS = 1000;
/** Without a shard to go along with, only the newest wait to be published. */
const MOST_COMPANIONS = 2000;
/** A record of the stream may have 1 MB. */
const FACTS_PER_RECORD = 1000;

/** What a keeper of accounts needs of the outside. */
export interface AccountKeeperPorts {
  readonly accounting: Accounting;
  readonly store: FactStore;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Stores what was counted, beside the deliveries and never in their way: while the store is down the counts wait in
 * memory, in as many slots as deliveries were settled in, and those need the store as well.
 */
export class AccountKeeper {
  private readonly ports: AccountKeeperPorts;
  private unstored: Fact[] = [];
  private companions: Fact[] = [];
  private line: Promise<void> = Promise.resolve();

  constructor(ports: AccountKeeperPorts) {
    this.ports = ports;
  }

  /** Stores the accounts at intervals until stopped. */
  async run(stopping: AbortSignal, abort: AbortSignal): Promise<void> {
    while (!stopping.aborted) {
      try {
        await delay(STORE_INTERVAL_MS, undefined, { signal: stopping });
      } catch {
        return;
      }
      await this.flush(abort);
    }
  }

  /** Stores what has been counted so far; what could not be stored waits for the next call. Never rejects. */
  flush(signal: AbortSignal): Promise<void> {
    this.line = this.line.then(() => this.store(signal));
    return this.line;
  }

  /** Facts stored since the last call, for whoever publishes next. */
  takeCompanions(): Fact[] {
    const taken = this.companions;
    this.companions = [];
    return taken;
  }

  /**
   * At the end of the process: gives what the store did not take to the stream of events, from where the next worker
   * stores it. Never rejects.
   */
  async handOver(stream: EventStream, regionId: number, signal: AbortSignal): Promise<void> {
    await this.line;
    const { accounting, clock, logger } = this.ports;
    const nowMs = clock.nowMs();
    this.unstored.push(...accounting.takeFacts(nowMs));
    try {
      for (let start = 0; start < this.unstored.length; start += FACTS_PER_RECORD) {
        const data = encodeFactsRecord(this.unstored.slice(start, start + FACTS_PER_RECORD), regionId, nowMs);
        await stream.put([{ data, partitionKey: 'accounting' }], signal);
      }
      this.unstored = [];
    } catch (error) {
      logger.warn({ detail: messageOf(error), count: this.unstored.length }, 'the last accounts are lost');
    }
  }

  private async store(signal: AbortSignal): Promise<void> {
    const { accounting, store, clock, logger } = this.ports;
    this.unstored.push(...accounting.takeFacts(clock.nowMs()));
    if (this.unstored.length === 0 || signal.aborted) return;
    const facts = this.unstored;
    try {
      const outcomes = await store.write(facts, { signal });
      const dead = outcomes.find(({ status }) => status === 'dead');
      if (dead !== undefined) logger.error({ outcome: dead }, 'the store refused accounts');
      this.companions = [...this.companions, ...facts].slice(-MOST_COMPANIONS);
      this.unstored = [];
    } catch (error) {
      logger.warn({ detail: messageOf(error), count: facts.length }, 'accounts were not stored');
    }
  }
}
