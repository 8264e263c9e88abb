import type { Fact, TableName } from '@lumina/contracts';

/** A fact at a place: the salt counts the other things found at its earlier places. */
export interface PlacedFact {
  readonly fact: Fact;
  readonly salt: number;
}

/** What the store said of one record. */
export type RecordResult =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'rejected'; readonly existingVersion: number | undefined }
  | { readonly kind: 'out_of_range'; readonly message: string }
  | { readonly kind: 'invalid'; readonly message: string };

/** Whose row stands at a place. */
export interface RowIdentity {
  readonly eid: string;
  readonly isClaim: boolean;
}

/** Records that share a table, a territory and a region. */
export interface RecordGroup {
  readonly table: TableName;
  readonly territoryId: number;
  readonly regionId: number;
}

/** How a call waits and gives up. */
export interface StoreCallOptions {
  readonly signal?: AbortSignal | undefined;
}

/** The store one level below facts: records, versions and rejections, as Timestream has them. */
export interface RecordStore {
  /** Creates what is missing; safe to repeat. */
  ensureTables(options?: StoreCallOptions): Promise<void>;
  /** Writes up to 100 records of one group; transient failures are waited out inside. Results by index. */
  writeRecords(group: RecordGroup, records: readonly PlacedFact[], options?: StoreCallOptions): Promise<RecordResult[]>;
  /** Reads whose rows stand at the places of hashed facts; undefined where none is visible yet. */
  readBack(placed: readonly PlacedFact[], options?: StoreCallOptions): Promise<(RowIdentity | undefined)[]>;
  close(): void;
}
