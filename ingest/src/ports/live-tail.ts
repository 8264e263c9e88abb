import type { LiveTailRecord } from '@lumina/contracts';

/** Publishes what was stored to those who watch. */
export interface LiveTail {
  ensure(signal?: AbortSignal): Promise<void>;
  publish(records: readonly LiveTailRecord[], signal?: AbortSignal): Promise<void>;
  close(): void;
}
