import type { LiveTailRecord } from '@lumina/contracts';

import type { DeadLetter, DeadLetters } from '../ports/dead-letters.ts';
import type { EventStream, ShardInfo, ShardPage, ShardReader, StreamEntry } from '../ports/event-stream.ts';
import { LeaseLostError, NOBODY, type Lease, type LeaseStore } from '../ports/lease-store.ts';
import type { LiveTail } from '../ports/live-tail.ts';

/** Double of a stream of one shard. */
export class MemoryStream implements EventStream {
  readonly entries: StreamEntry[] = [];
  /** Puts that fail before the next one succeeds. */
  failures = 0;

  ensure(): Promise<void> {
    return Promise.resolve();
  }

  listShards(): Promise<ShardInfo[]> {
    return Promise.resolve([{ shardId: 'shard-0', parents: [] }]);
  }

  read(_shardId: string, afterSequence: string | undefined): ShardReader {
    let position = afterSequence === undefined ? 0 : Number(afterSequence) + 1;
    return {
      next: (): Promise<ShardPage> => {
        const records = this.entries
          .slice(position, position + 1000)
          .map(({ data }, index) => ({ sequence: String(position + index), data, arrivedMs: Date.now() }));
        position += records.length;
        return Promise.resolve({ records, behindMs: 0, isEnd: false });
      },
    };
  }

  put(entries: readonly StreamEntry[]): Promise<void> {
    if (this.failures > 0) {
      this.failures -= 1;
      return Promise.reject(new Error('The stream takes nothing.'));
    }
    this.entries.push(...entries);
    return Promise.resolve();
  }

  close(): void {
    this.entries.length = 0;
  }
}

/** Double of the lease store. */
export class MemoryLeases implements LeaseStore {
  readonly leases = new Map<string, Lease>();

  ensure(): Promise<void> {
    return Promise.resolve();
  }

  list(): Promise<Lease[]> {
    return Promise.resolve([...this.leases.values()]);
  }

  take(shardId: string, owner: string, observedCounter?: number): Promise<Lease | undefined> {
    const before = this.leases.get(shardId);
    if (before?.counter !== observedCounter) return Promise.resolve(undefined);
    const lease: Lease = {
      ...before,
      shardId,
      owner,
      counter: (before?.counter ?? 0) + 1,
      generation: (before?.generation ?? 0) + 1,
      checkpoint: before?.checkpoint,
      wantedBy: undefined,
    };
    this.leases.set(shardId, lease);
    return Promise.resolve(lease);
  }

  renew(lease: Lease, checkpoint?: string, watermarkMs?: number): Promise<Lease> {
    const stored = this.leases.get(lease.shardId);
    if (stored?.owner !== lease.owner || stored.counter !== lease.counter) {
      return Promise.reject(new LeaseLostError(lease.shardId));
    }
    const next: Lease = {
      ...stored,
      counter: stored.counter + 1,
      checkpoint: checkpoint ?? stored.checkpoint,
      watermarkMs: watermarkMs ?? stored.watermarkMs,
    };
    this.leases.set(lease.shardId, next);
    return Promise.resolve(next);
  }

  async release(lease: Lease, watermarkMs?: number): Promise<void> {
    const next = await this.renew(lease, undefined, watermarkMs);
    this.leases.set(lease.shardId, { ...next, owner: NOBODY });
  }

  want({ shardId, owner }: Lease, by: string): Promise<boolean> {
    const stored = this.leases.get(shardId);
    if (stored?.owner !== owner || stored.wantedBy !== undefined) return Promise.resolve(false);
    this.leases.set(shardId, { ...stored, wantedBy: by });
    return Promise.resolve(true);
  }

  remove({ shardId, counter }: Lease): Promise<boolean> {
    if (this.leases.get(shardId)?.counter !== counter) return Promise.resolve(false);
    return Promise.resolve(this.leases.delete(shardId));
  }

  close(): void {
    this.leases.clear();
  }
}

/** Double of the live tail. */
export class MemoryLiveTail implements LiveTail {
  readonly records: LiveTailRecord[] = [];

  ensure(): Promise<void> {
    return Promise.resolve();
  }

  publish(records: readonly LiveTailRecord[]): Promise<void> {
    this.records.push(...records);
    return Promise.resolve();
  }

  close(): void {
    this.records.length = 0;
  }
}

/** Double of the dead letters. */
export class MemoryDeadLetters implements DeadLetters {
  readonly letters = new Map<string, DeadLetter>();

  ensure(): Promise<void> {
    return Promise.resolve();
  }

  put(letters: readonly DeadLetter[]): Promise<void> {
    for (const letter of letters) this.letters.set(`${letter.shardId}:${letter.sequence}`, letter);
    return Promise.resolve();
  }

  close(): void {
    this.letters.clear();
  }
}
