/** What is known of a stored record: enough to decide on a later one with the same identity. */
export type StoredKey = { version: bigint; digest: bigint };

/** 64 bits that name a record within its table, as two halves: what a typed array can hold without an allocation. */
export type Fingerprint = { readonly high: number; readonly low: number };

const FIRST_CAPACITY = 1024;
// Beyond this fill an open table walks long chains.
const MAX_FILL = 0.7;

/**
 * A hash table of fingerprints with open addressing, in typed arrays: half a million of them cost the collector nothing.
 * A zero version marks a free place, since versions begin at one.
 */
export class KeyTable {
  private capacity = FIRST_CAPACITY;
  private halves = new Int32Array(2 * FIRST_CAPACITY);
  private versions = new BigInt64Array(FIRST_CAPACITY);
  private digests = new BigInt64Array(FIRST_CAPACITY);
  private count = 0;

  get size(): number {
    return this.count;
  }

  get({ high, low }: Fingerprint): StoredKey | undefined {
    const place = this.placeOf(high, low);
    const version = this.versions[place] ?? 0n;
    return version === 0n ? undefined : { version, digest: this.digests[place] ?? 0n };
  }

  set({ high, low }: Fingerprint, { version, digest }: StoredKey): void {
    if (this.count >= this.capacity * MAX_FILL) this.grow();
    const place = this.placeOf(high, low);
    if (this.versions[place] === 0n) this.count += 1;
    this.put(place, high, low, version, digest);
  }

  /** The place of a fingerprint, or the free one where it belongs. */
  private placeOf(high: number, low: number): number {
    const mask = this.capacity - 1;
    let place = (high ^ low) & mask;
    while (this.versions[place] !== 0n && !(this.halves[2 * place] === high && this.halves[2 * place + 1] === low)) {
      place = (place + 1) & mask;
    }
    return place;
  }

  private put(place: number, high: number, low: number, version: bigint, digest: bigint): void {
    this.halves[2 * place] = high;
    this.halves[2 * place + 1] = low;
    this.versions[place] = version;
    this.digests[place] = digest;
  }

  private grow(): void {
    const { halves, versions, digests, capacity } = this;
    this.capacity = capacity * 2;
    this.halves = new Int32Array(2 * this.capacity);
    this.versions = new BigInt64Array(this.capacity);
    this.digests = new BigInt64Array(this.capacity);
    for (let from = 0; from < capacity; from += 1) {
      const version = versions[from] ?? 0n;
      if (version === 0n) continue;
      const high = halves[2 * from] ?? 0;
      const low = halves[2 * from + 1] ?? 0;
      this.put(this.placeOf(high, low), high, low, version, digests[from] ?? 0n);
    }
  }
}
