import { setTimeout as delay } from 'node:timers/promises';

import { jitteredDelayMs } from '../adapters/full-jitter.ts';
import { messageOf } from '../adapters/service-error.ts';
import { planLeases, type LeasePlan } from '../core/lease-plan.ts';
import { NOBODY, SHARD_END, type Lease } from '../ports/lease-store.ts';
import type { ShardInfo } from '../ports/event-stream.ts';
import { ShardConsumer, type ConsumerPorts, type ConsumerSignals } from './shard-consumer.ts';

/** A lease that was given up is seen by its next owner within this. */
const ROUND_INTERVAL_MS = 500;
/** Shards change by hand, and each end of a shard is seen at once: between those, rarely is enough. */
const DISCOVERY_INTERVAL_MS = 10_000;
/** How long a lease that was given up for somebody is left to them. */
const RESERVED_MS = 3000;
/** Renewals per expiry: some may fail before anybody thinks that the owner is gone. */
const RENEWALS_PER_EXPIRY = 4;
const RESTART_BACKOFF = { baseMs: 500, capMs: 20_000 };

/** Who a worker is among the workers of a stream. */
export interface WorkerIdentity {
  /** `<instance>/<process>`; the process part is new at each start. */
  readonly owner: string;
  /** What stays the same over restarts of this worker and is never run twice at a time; undefined = nothing is. */
  readonly instance: string | undefined;
  /** A lease whose counter stood still for so long, by our own clock, belongs to nobody any more. */
  readonly leaseExpiryMs: number;
}

interface Failures {
  count: number;
  untilMs: number;
}

/** Finds shards, comes to a fair share of their leases, and runs a consumer on each. */
export class ShardCoordinator {
  private readonly ports: ConsumerPorts;
  private readonly identity: WorkerIdentity;
  private readonly signals: ConsumerSignals;
  private readonly consumers = new Map<string, { consumer: ShardConsumer; ended: Promise<void> }>();
  private readonly observed = new Map<string, { counter: number; sinceMs: number }>();
  private readonly failures = new Map<string, Failures>();
  /** Processes of this very instance that were there before this one: it could not run if they still did. */
  private predecessors: ReadonlySet<string> | undefined;
  private shards: readonly ShardInfo[] = [];
  private listedMs = -Infinity;
  private wake = new AbortController();
  private idle: number | undefined;
  private roundMs = -Infinity;

  constructor(ports: ConsumerPorts, identity: WorkerIdentity, signals: ConsumerSignals) {
    this.ports = ports;
    this.identity = identity;
    this.signals = signals;
  }

  /** Whether every shard that can be read is read by somebody, as far as has been seen lately. */
  get isReady(): boolean {
    return this.idle === 0 && this.ports.stopwatch.elapsedMs() - this.roundMs < this.identity.leaseExpiryMs;
  }

  /** Runs until stopped; resolves when every consumer has ended. Calls back when it is ready for the first time. */
  async run(onReady: () => void): Promise<void> {
    let wasReady = false;
    while (!this.signals.stopping.aborted) {
      this.wake = new AbortController();
      try {
        await this.round();
        this.roundMs = this.ports.stopwatch.elapsedMs();
      } catch (error) {
        this.ports.logger.warn({ err: error }, 'leases could not be looked through; trying again');
      }
      if (!wasReady && this.isReady) {
        wasReady = true;
        onReady();
      }
      await this.pause();
    }
    await Promise.all([...this.consumers.values()].map(({ ended }) => ended));
  }

  /** Rounds of several workers drift apart, so that they do not all reach for the same lease at once. */
  private async pause(): Promise<void> {
    const waitMs = ROUND_INTERVAL_MS / 2 + jitteredDelayMs(0, { baseMs: ROUND_INTERVAL_MS, capMs: ROUND_INTERVAL_MS });
    try {
      await delay(waitMs, undefined, { signal: AbortSignal.any([this.signals.stopping, this.wake.signal]) });
    } catch {
      // Stopping ends the pause early, and so does a shard that ended.
    }
  }

  private async round(): Promise<void> {
    const leases = new Map((await this.ports.leases.list()).map((lease) => [lease.shardId, lease]));
    const hasMoved = this.observe(leases);
    const isDue = this.ports.stopwatch.elapsedMs() - this.listedMs >= DISCOVERY_INTERVAL_MS;
    if (isDue || hasMoved) {
      this.shards = await this.ports.events.listShards();
      this.listedMs = this.ports.stopwatch.elapsedMs();
    }
    const plan = this.plan(leases);
    for (const shardId of plan.giveUp) this.consumers.get(shardId)?.consumer.leave();
    let taken = 0;
    for (const shardId of plan.take) if (await this.take(shardId, leases.get(shardId))) taken += 1;
    if (plan.want !== undefined) await this.want(plan.want);
    for (const lease of plan.remove) await this.remove(lease);
    this.idle = plan.idle - taken;
  }

  /** Notes which counters moved since the last round; true when a shard came to its end meanwhile. */
  private observe(leases: ReadonlyMap<string, Lease>): boolean {
    const nowMs = this.ports.stopwatch.elapsedMs();
    const ended = [...leases.values()].filter(({ checkpoint }) => checkpoint === SHARD_END);
    const hasNewEnd = ended.some(
      ({ shardId, counter }) => this.predecessors !== undefined && this.observed.get(shardId)?.counter !== counter,
    );
    for (const shardId of this.observed.keys()) if (!leases.has(shardId)) this.observed.delete(shardId);
    for (const { shardId, counter } of leases.values())
      if (this.observed.get(shardId)?.counter !== counter) this.observed.set(shardId, { counter, sinceMs: nowMs });
    this.predecessors ??= new Set([...leases.values()].map(({ owner }) => owner).filter((owner) => this.isOwn(owner)));
    return hasNewEnd;
  }

  private isOwn(owner: string): boolean {
    const { instance } = this.identity;
    return instance !== undefined && owner.startsWith(`${instance}/`) && owner !== this.identity.owner;
  }

  private plan(leases: ReadonlyMap<string, Lease>): LeasePlan {
    const nowMs = this.ports.stopwatch.elapsedMs();
    const isResting = ({ shardId }: ShardInfo): boolean => (this.failures.get(shardId)?.untilMs ?? 0) > nowMs;
    return planLeases({
      owner: this.identity.owner,
      // Workers that start together reach for different leases first.
      shards: shuffled(this.shards),
      leases,
      running: new Set(this.consumers.keys()),
      resting: new Set(this.shards.filter(isResting).map(({ shardId }) => shardId)),
      stillMs: ({ shardId }) => nowMs - (this.observed.get(shardId)?.sinceMs ?? nowMs),
      isGone: (owner) => this.predecessors?.has(owner) === true,
      expiryMs: this.identity.leaseExpiryMs,
      reservedMs: RESERVED_MS,
    });
  }

  private async take(shardId: string, known: Lease | undefined): Promise<boolean> {
    const lease = await this.ports.leases.take(shardId, this.identity.owner, known?.counter);
    if (lease === undefined) return false;
    if (this.signals.stopping.aborted) {
      await this.ports.leases.release(lease);
      return false;
    }
    if (known !== undefined && known.owner !== NOBODY)
      this.ports.logger.warn({ shardId, owner: known.owner }, 'took the shard of a worker that is gone');
    this.start(lease);
    return true;
  }

  private async want(lease: Lease): Promise<void> {
    const { shardId, owner } = lease;
    if (await this.ports.leases.want(lease, this.identity.owner))
      this.ports.logger.info({ shardId, owner }, 'asked another worker for a shard, as it has more than its share');
  }

  private async remove(lease: Lease): Promise<void> {
    const { shardId, checkpoint } = lease;
    if (!(await this.ports.leases.remove(lease))) return;
    if (checkpoint === SHARD_END) this.ports.logger.info({ shardId }, 'forgot a shard that the stream no longer has');
    else
      this.ports.logger.error(
        { shardId, checkpoint, code: 'stream_data_lost' },
        'the stream no longer has a shard that was not read to its end',
      );
  }

  private start(lease: Lease): void {
    const { shardId } = lease;
    const renewIntervalMs = this.identity.leaseExpiryMs / RENEWALS_PER_EXPIRY;
    const consumer = new ShardConsumer(this.ports, lease, this.signals, renewIntervalMs);
    const ended = consumer
      .run()
      .then((end) => {
        this.failures.delete(shardId);
        // The children can be read from now on.
        if (end === 'ended') {
          this.listedMs = -Infinity;
          this.wake.abort();
        }
      })
      .catch((error: unknown) => {
        this.noteFailure(shardId, error);
      })
      .finally(() => {
        this.consumers.delete(shardId);
        this.ports.metrics.leases.set(this.consumers.size);
      });
    this.consumers.set(shardId, { consumer, ended });
    this.ports.metrics.leases.set(this.consumers.size);
  }

  private noteFailure(shardId: string, error: unknown): void {
    const count = (this.failures.get(shardId)?.count ?? 0) + 1;
    const restMs = Math.min(RESTART_BACKOFF.capMs, RESTART_BACKOFF.baseMs * 2 ** Math.min(count - 1, 10));
    this.failures.set(shardId, { count, untilMs: this.ports.stopwatch.elapsedMs() + restMs });
    this.ports.logger.error(
      { err: error, shardId, failures: count },
      `reading a shard failed, it is tried again in ${String(restMs)} ms: ${messageOf(error)}`,
    );
  }
}

function shuffled<T>(items: readonly T[]): T[] {
  const mixed = [...items];
  for (let last = mixed.length - 1; last > 0; last -= 1) {
    const other = Math.floor(Math.random() * (last + 1));
    const [a, b] = [mixed[last], mixed[other]];
    if (a === undefined || b === undefined) continue;
    mixed[last] = b;
    mixed[other] = a;
  }
  return mixed;
}
