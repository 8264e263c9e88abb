import type { Fact } from '@lumina/contracts';

import { recordKey } from '../core/encode-record.ts';
import type {
  PlacedFact,
  RecordGroup,
  RecordResult,
  RecordStore,
  RowIdentity,
  StoreCallOptions,
} from '../ports/record-store.ts';

/** A record as the double keeps it. */
export interface StoredRecord {
  readonly fact: Fact;
  readonly version: number;
}

function valuesOf(fact: Fact): string {
  return JSON.stringify(Object.entries(fact.measures).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** How the double finds places, and how far reading lags behind writing. */
export interface MemoryRecordOptions {
  readonly keyOf?: (fact: Fact, salt: number) => string;
  /** Calls of any kind that pass before a written row can be read. */
  readonly visibleAfterCalls?: number;
}

/** Double of the store with Timestream's version rules: the tests' ground. */
export class MemoryRecordStore implements RecordStore {
  private readonly options: Required<MemoryRecordOptions>;
  /** What was at each place after which call: reading may lag behind. */
  private readonly history = new Map<string, { readonly call: number; readonly fact: Fact }[]>();
  private call = 0;
  readonly records = new Map<string, StoredRecord>();
  readonly calls: number[] = [];

  constructor(options: MemoryRecordOptions = {}) {
    this.options = { keyOf: recordKey, visibleAfterCalls: 0, ...options };
  }

  ensureTables(): Promise<void> {
    return Promise.resolve();
  }

  close(): void {
    this.records.clear();
  }

  writeRecords(
    _group: RecordGroup,
    records: readonly PlacedFact[],
    _options?: StoreCallOptions,
  ): Promise<RecordResult[]> {
    this.call += 1;
    this.calls.push(records.length);
    return Promise.resolve(records.map((placed) => this.writeOne(placed)));
  }

  readBack(placed: readonly PlacedFact[]): Promise<(RowIdentity | undefined)[]> {
    this.call += 1;
    return Promise.resolve(
      placed.map(({ fact, salt }) => {
        const pictures = this.history.get(this.options.keyOf(fact, salt)) ?? [];
        const seen = pictures.findLast(({ call }) => call <= this.call - this.options.visibleAfterCalls);
        if (seen === undefined) return undefined;
        return { eid: String(seen.fact.measures['eid']), isClaim: seen.fact.measures['claim'] === 1 };
      }),
    );
  }

  /** The rows of a table that are no claims. */
  rows(table: string, name: string): Fact[] {
    return [...this.records.values()]
      .map(({ fact }) => fact)
      .filter((fact) => fact.table === table && fact.name === name && fact.measures['claim'] !== 1);
  }

  private writeOne({ fact, salt }: PlacedFact): RecordResult {
    const key = this.options.keyOf(fact, salt);
    const stored = this.records.get(key);
    if (stored !== undefined && fact.version <= stored.version) {
      const isSame = fact.version === stored.version && valuesOf(fact) === valuesOf(stored.fact);
      return isSame ? { kind: 'accepted' } : { kind: 'rejected', existingVersion: stored.version };
    }
    this.records.set(key, { fact, version: fact.version });
    this.history.set(key, [...(this.history.get(key) ?? []), { call: this.call, fact }]);
    return { kind: 'accepted' };
  }
}
