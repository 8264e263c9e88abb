import type { Fact } from '@lumina/contracts';

import { recordKey } from '../core/encode-record.ts';
import type { PlacedFact, RecordGroup, RecordResult, RecordStore, RowIdentity } from '../ports/record-store.ts';

/** A record as the double keeps it. */
export interface StoredRecord {
  readonly fact: Fact;
  readonly version: number;
}

function valuesOf(fact: Fact): string {
  return JSON.stringify(Object.entries(fact.measures).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Double of the store with Timestream's version rules: the tests' ground. */
export class MemoryRecordStore implements RecordStore {
  readonly records = new Map<string, StoredRecord>();
  readonly calls: number[] = [];

  ensureTables(): Promise<void> {
    return Promise.resolve();
  }

  close(): void {
    this.records.clear();
  }

  writeRecords(_group: RecordGroup, records: readonly PlacedFact[]): Promise<RecordResult[]> {
    this.calls.push(records.length);
    return Promise.resolve(records.map((placed) => this.writeOne(placed)));
  }

  readBack(placed: readonly PlacedFact[]): Promise<(RowIdentity | undefined)[]> {
    return Promise.resolve(
      placed.map(({ fact, salt }) => {
        const stored = this.records.get(recordKey(fact, salt));
        if (stored === undefined) return undefined;
        return { eid: String(stored.fact.measures['eid']), isClaim: stored.fact.measures['claim'] === 1 };
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
    const key = recordKey(fact, salt);
    const stored = this.records.get(key);
    if (stored !== undefined && fact.version <= stored.version) {
      const isSame = fact.version === stored.version && valuesOf(fact) === valuesOf(stored.fact);
      return isSame ? { kind: 'accepted' } : { kind: 'rejected', existingVersion: stored.version };
    }
    this.records.set(key, { fact, version: fact.version });
    return { kind: 'accepted' };
  }
}
