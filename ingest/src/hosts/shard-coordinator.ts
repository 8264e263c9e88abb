import { setTimeout as delay } from 'node:timers/promises';

import { messageOf } from '../adapters/service-error.ts';
import { SHARD_END, type Lease } from '../ports/lease-store.ts';
import type { ShardInfo } from '../ports/event-stream.ts';
import { ShardConsumer, type ConsumerPorts, type ConsumerSignals } from './shard-consumer.ts';

const DISCOVERY_INTERVAL_MS = 2000;
/** A lease whose counter stood still for so long, by our own clock, belongs to nobody any more. */
const LEASE_EXPIRY_MS = 15_000;
const NOBODY = '-';

/** Finds shards, takes their leases and runs a consumer on each. */
export class ShardCoordinator {
  private readonly ports: ConsumerPorts;
  private readonly owner: string;
  private readonly signals: ConsumerSignals;
  private readonly running = new Map<string, Promise<void>>();
  private readonly observed = new Map<string, { counter: number; sinceMs: number }>();
  private isFirstRound = true;

  constructor(ports: ConsumerPorts, owner: string, signals: ConsumerSignals) {
    this.ports = ports;
    this.owner = owner;
    this.signals = signals;
  }

  /** Runs until stopped; resolves when every consumer has ended. */
  async run(onReady: () => void): Promise<void> {
    while (!this.signals.stopping.aborted) {
      try {
        await this.round();
        if (this.isFirstRound) onReady();
        this.isFirstRound = false;
      } catch (error) {
        this.ports.logger.warn({ err: error }, 'shards could not be discovered; trying again');
      }
      try {
        await delay(DISCOVERY_INTERVAL_MS, undefined, { signal: this.signals.stopping });
      } catch {
        // Stopping ends the pause early.
      }
    }
    await Promise.all(this.running.values());
  }

  private async round(): Promise<void> {
    const shards = await this.ports.events.listShards();
    const leases = new Map((await this.ports.leases.list()).map((lease) => [lease.shardId, lease]));
    const present = new Set(shards.map(({ shardId }) => shardId));
    for (const shard of shards) {
      if (this.running.has(shard.shardId) || !this.isReadable(shard, present, leases)) continue;
      const lease = await this.tryTake(shard.shardId, leases.get(shard.shardId));
      if (lease !== undefined) this.start(lease);
    }
  }

  /** A child is read after its parents, or a call's later events would overtake its earlier ones. */
  private isReadable(
    { shardId, parents }: ShardInfo,
    present: ReadonlySet<string>,
    leases: ReadonlyMap<string, Lease>,
  ): boolean {
    if (leases.get(shardId)?.checkpoint === SHARD_END) return false;
    return parents.every((parent) => !present.has(parent) || leases.get(parent)?.checkpoint === SHARD_END);
  }

  /**
   * At start every shard is taken at once, as there is one worker and its predecessor may have been killed; should it
   * live after all, the fence stops it. Later only shards that nobody moves are taken.
   */
  private async tryTake(shardId: string, known: Lease | undefined): Promise<Lease | undefined> {
    const { leases, clock } = this.ports;
    if (this.isFirstRound || known === undefined) return leases.take(shardId, this.owner);
    if (known.owner === NOBODY || known.owner === this.owner) return leases.take(shardId, this.owner, known.counter);
    const before = this.observed.get(shardId);
    const nowMs = clock.nowMs();
    if (before?.counter !== known.counter) {
      this.observed.set(shardId, { counter: known.counter, sinceMs: nowMs });
      return undefined;
    }
    return nowMs - before.sinceMs < LEASE_EXPIRY_MS ? undefined : leases.take(shardId, this.owner, known.counter);
  }

  private start(lease: Lease): void {
    const consumer = new ShardConsumer(this.ports, lease, this.signals);
    const ended = consumer
      .run()
      .catch((error: unknown) => {
        this.ports.logger.error(
          { err: error, shardId: lease.shardId },
          `consumer failed, will start again: ${messageOf(error)}`,
        );
      })
      .finally(() => {
        this.running.delete(lease.shardId);
      });
    this.running.set(lease.shardId, ended);
  }
}
