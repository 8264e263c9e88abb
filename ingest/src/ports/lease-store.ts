/** Where a shard stands when all of it has been processed. */
export const SHARD_END = 'SHARD_END';
/** Owner of a lease that was given up. */
export const NOBODY = '-';

/** A worker's right to a shard. The counter is the fence: whoever took the shard later has a higher one. */
export interface Lease {
  readonly shardId: string;
  readonly owner: string;
  /** Rises with every write by the owner, and when the lease changes hands: who sees it stand still sees nobody. */
  readonly counter: number;
  /** How often the shard changed hands. */
  readonly generation: number;
  readonly checkpoint: string | undefined;
  /** The watermark last noted, in epoch ms: the next owner starts from it. */
  readonly watermarkMs?: number | undefined;
  /** A worker that has less than its share and asks the owner to give this shard up. */
  readonly wantedBy?: string | undefined;
}

/** Another worker took the shard: stop at once, write no checkpoint. */
export class LeaseLostError extends Error {
  readonly code = 'lease_lost';

  constructor(shardId: string) {
    super(`The lease of ${shardId} was taken by another worker.`);
    this.name = 'LeaseLostError';
  }
}

/** Keeps leases and checkpoints. */
export interface LeaseStore {
  /** Creates what is missing; safe to repeat. */
  ensure(signal?: AbortSignal): Promise<void>;
  list(): Promise<Lease[]>;
  /**
   * Takes a shard if nothing has moved since it was observed: neither the counter, nor, when none was observed, the
   * absence of a lease. Undefined when something has.
   */
  take(shardId: string, owner: string, observedCounter?: number): Promise<Lease | undefined>;
  /**
   * Keeps the lease, moving its checkpoint and watermark when given. Throws {@link LeaseLostError} when it was taken. A reply
   * that was lost is no loss of the lease: repeating the call is safe.
   */
  renew(lease: Lease, checkpoint?: string, watermarkMs?: number): Promise<Lease>;
  /** Gives the shard up so that a successor can start at once. Throws {@link LeaseLostError} when it was taken. */
  release(lease: Lease, watermarkMs?: number): Promise<void>;
  /** Asks the owner of a lease for it; false when it has changed hands or another worker asked before. */
  want(lease: Lease, by: string): Promise<boolean>;
  /** Forgets the lease of a shard that the stream no longer has; false when it has moved since it was observed. */
  remove(lease: Lease): Promise<boolean>;
  close(): void;
}
