import type { ConfigChange, Fact } from '@lumina/contracts';

/** A record of a stream may have 1 MB. A usual fact has less than 1 KB, yet ids may be long and a change names many. */
const ITEMS_PER_RECORD = 250;
const BYTES_PER_RECORD = 250_000;
const BYTES_PER_FACT = 150;
const BYTES_PER_FIELD = 25;

/** What one record of the live tail carries. */
export interface TailPortion {
  readonly facts: Fact[];
  readonly changes: ConfigChange[];
}

/** About what a fact takes as JSON; less than half of it where every character must be escaped. */
function sizeOf({ dimensions, measures }: Fact): number {
  let bytes = BYTES_PER_FACT;
  for (const values of [dimensions, measures]) {
    for (const name in values) {
      const value = values[name];
      bytes += BYTES_PER_FIELD + (typeof value === 'string' ? Buffer.byteLength(value) : 0);
    }
  }
  return bytes;
}

/** Cuts what is to be published, in its order, into as much as fits in a record; nothing at all is one empty record. */
export function tailPortionsOf(facts: readonly Fact[], changes: readonly ConfigChange[]): TailPortion[] {
  let open: TailPortion = { facts: [], changes: [] };
  const portions = [open];
  let bytes = 0;
  const makeRoom = (size: number): void => {
    const count = open.facts.length + open.changes.length;
    if (count === ITEMS_PER_RECORD || (count > 0 && bytes + size > BYTES_PER_RECORD)) {
      open = { facts: [], changes: [] };
      portions.push(open);
      bytes = 0;
    }
    bytes += size;
  };
  for (const fact of facts) {
    makeRoom(sizeOf(fact));
    open.facts.push(fact);
  }
  for (const change of changes) {
    makeRoom(Buffer.byteLength(JSON.stringify(change)));
    open.changes.push(change);
  }
  return portions;
}
