import type { ShardInfo } from '../ports/event-stream.ts';
import { NOBODY, SHARD_END, type Lease } from '../ports/lease-store.ts';

/** What one worker sees of the shards and their leases. */
export interface LeaseView {
  /** The worker itself. */
  readonly owner: string;
  readonly shards: readonly ShardInfo[];
  readonly leases: ReadonlyMap<string, Lease>;
  /** Shards that the worker reads. */
  readonly running: ReadonlySet<string>;
  /** Shards that the worker failed on just now and leaves alone for a while. */
  readonly resting: ReadonlySet<string>;
  /** How long a lease's counter has stood still, by the worker's own monotonic clock. */
  readonly stillMs: (lease: Lease) => number;
  /** Whether an owner is known to be gone, whatever its leases look like. */
  readonly isGone: (owner: string) => boolean;
  readonly expiryMs: number;
  /** How long a lease that was given up for somebody is left to them. */
  readonly reservedMs: number;
}

/** What the worker does next. */
export interface LeasePlan {
  /** Shards to try to take, within the worker's share; those it was promised first. */
  readonly take: readonly string[];
  /** A lease to ask its owner for. */
  readonly want: Lease | undefined;
  /** Leases to give up, as somebody with less than their share asked for them. */
  readonly giveUp: readonly string[];
  /** Leases of shards that the stream no longer has. */
  readonly remove: readonly Lease[];
  /** Shards that could be read and are read by nobody alive. */
  readonly idle: number;
}

/**
 * Shards that may be read now. A child is read after its parents, or a call's later events would overtake its earlier
 * ones; a parent that the stream no longer has holds nobody up.
 */
export function readableShards(shards: readonly ShardInfo[], leases: ReadonlyMap<string, Lease>): string[] {
  const present = new Set(shards.map(({ shardId }) => shardId));
  const hasEnded = (shardId: string): boolean => leases.get(shardId)?.checkpoint === SHARD_END;
  return shards
    .filter(({ shardId, parents }) => !hasEnded(shardId) && parents.every((one) => !present.has(one) || hasEnded(one)))
    .map(({ shardId }) => shardId);
}

type Holding = 'mine' | 'theirs' | 'free' | 'promised';

/** Who holds a shard, as far as can be told from here. */
function holdingOf(shardId: string, view: LeaseView): Holding {
  const { owner, leases, running, stillMs, isGone, expiryMs, reservedMs } = view;
  if (running.has(shardId)) return 'mine';
  const lease = leases.get(shardId);
  // A lease of our own that nothing reads is one whose consumer failed, or whose taking we never heard of.
  if (lease === undefined || lease.owner === owner) return 'free';
  if (lease.owner !== NOBODY) return isGone(lease.owner) || stillMs(lease) >= expiryMs ? 'free' : 'theirs';
  if (lease.wantedBy === owner) return 'promised';
  return lease.wantedBy !== undefined && stillMs(lease) < reservedMs ? 'theirs' : 'free';
}

function holderOf(lease: Lease): string {
  return lease.owner === NOBODY ? (lease.wantedBy ?? NOBODY) : lease.owner;
}

/** The lease to ask for: one of the worker that has most, if that has clearly more than this one. */
function wantedLease(theirs: readonly Lease[], owner: string, mine: number): Lease | undefined {
  // One at a time: a second is asked for when the first has come.
  if (theirs.some(({ wantedBy }) => wantedBy === owner)) return undefined;
  const byHolder = Map.groupBy(theirs, holderOf);
  let most: Lease[] = [];
  for (const held of byHolder.values()) if (held.length > most.length) most = held;
  if (most.length <= mine + 1) return undefined;
  return most.find(({ wantedBy, owner: holder }) => wantedBy === undefined && holder !== NOBODY);
}

/**
 * Plans a worker's next step so that any number of workers come to even shares without talking to each other. Each
 * takes what is free up to its share of the shards (rounded up, so that none stays idle), and asks for at most one
 * lease at a time when another has two more than it: shards move until they are even, and then no more. How
 * many workers there are is read from the leases; one without any counts only itself in.
 */
export function planLeases(view: LeaseView): LeasePlan {
  const { owner, leases, running, shards } = view;
  const readable = readableShards(shards, leases);
  const holdings = Map.groupBy(readable, (shardId) => holdingOf(shardId, view));
  const mine = holdings.get('mine') ?? [];
  const theirs = (holdings.get('theirs') ?? []).flatMap((shardId) => leases.get(shardId) ?? []);
  const promised = holdings.get('promised') ?? [];
  const free = holdings.get('free') ?? [];
  const takeable = free.filter((shardId) => !view.resting.has(shardId));
  const wanting = mine.flatMap((shardId) => leases.get(shardId)?.wantedBy ?? []);
  const workers = new Set([owner, ...theirs.map(holderOf), ...wanting]);
  const room = Math.max(0, Math.ceil(readable.length / workers.size) - mine.length);
  const take = [...promised, ...takeable.slice(0, Math.max(0, room - promised.length))];
  const isShort = take.length === 0 && room > 0;
  const present = new Set(shards.map(({ shardId }) => shardId));
  return {
    take,
    want: isShort ? wantedLease(theirs, owner, mine.length) : undefined,
    giveUp: [...running].filter((shardId) => {
      const lease = leases.get(shardId);
      return lease?.owner === owner && lease.wantedBy !== undefined && lease.wantedBy !== owner;
    }),
    // A list without a single shard is no evidence that all are gone.
    remove:
      shards.length === 0
        ? []
        : [...leases.values()].filter((lease) => !present.has(lease.shardId) && view.stillMs(lease) >= view.expiryMs),
    idle: free.length + promised.length,
  };
}
