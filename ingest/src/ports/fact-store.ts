import type { DeadLetterCode, Fact } from '@lumina/contracts';

import type { StoreCallOptions } from './record-store.ts';

/** Why a fact will never be stored as it is. */
export type DeadFactCode = Exclude<DeadLetterCode, 'malformed' | 'invalid' | 'unknown_tenant'>;

/** What became of one fact. */
export type FactOutcome =
  | { readonly status: 'stored' }
  /** A higher version stands: superseded, counted, no error. */
  | { readonly status: 'duplicate' }
  | { readonly status: 'dead'; readonly code: DeadFactCode; readonly message: string };

/** Keeps facts, each thing once. */
export interface FactStore {
  /** Creates database and tables where missing; safe to repeat. */
  ensureTables(options?: StoreCallOptions): Promise<void>;
  /** Writes facts; returns when each is acknowledged or dead, outcomes by index. Throws only when aborted. */
  write(facts: readonly Fact[], options?: StoreCallOptions): Promise<FactOutcome[]>;
  close(): void;
}
