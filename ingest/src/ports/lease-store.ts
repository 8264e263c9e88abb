/** Where a shard stands when all of it has been processed. */
export const SHARD_END = 'SHARD_END';

/** A worker's right to a shard. The counter is the fence: whoever took the shard later has a higher one. */
export interface Lease {
  readonly shardId: string;
  readonly owner: string;
  readonly counter: number;
  /** How often the shard changed hands. */
  readonly generation: number;
  readonly checkpoint: string | undefined;
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
  /** Takes a shard from whoever has it; with `observedCounter` only if nothing moved since it was observed. */
  take(shardId: string, owner: string, observedCounter?: number): Promise<Lease | undefined>;
  /** Keeps the lease, moving its checkpoint when one is given. Throws {@link LeaseLostError} when it was taken. */
  renew(lease: Lease, checkpoint?: string): Promise<Lease>;
  /** Gives the shard up so that a successor can start at once. */
  release(lease: Lease): Promise<void>;
  close(): void;
}
