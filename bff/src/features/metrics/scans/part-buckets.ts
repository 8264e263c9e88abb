import type { Beat, GroupCell, PartBuckets, RowOf, Sample, Scan, Slice, SliceScan, StockScan } from './scan.ts';

/**
 * Puts the buckets of two disjoint ranges of one scan together. Buckets of both are merged by the scan's own rules, so that
 * ranges read apart equal the range read at once.
 */
export function mergeBuckets<S extends Scan>(
  scan: S,
  left: PartBuckets<S>,
  right: PartBuckets<S>,
): Map<number, readonly RowOf<S>[]> {
  const merged = new Map(left);
  for (const [startMs, rows] of right) {
    const known = merged.get(startMs);
    merged.set(startMs, known === undefined ? rows : mergeRows(scan, known, rows));
  }
  return merged;
}

/** Rolls buckets up into wider ones; the scan's `binMs` must divide `binMs`. Stocks and slices have one width only. */
export function widenBuckets<S extends Exclude<Scan, SliceScan | StockScan>>(
  scan: S,
  buckets: PartBuckets<S>,
  binMs: number,
): Map<number, readonly RowOf<S>[]> {
  if (binMs % scan.binMs !== 0) throw new RangeError('Buckets are only ever put together whole.');
  let merged = new Map<number, readonly RowOf<S>[]>();
  for (const [startMs, rows] of buckets) {
    merged = mergeBuckets(scan, merged, new Map([[Math.floor(startMs / binMs) * binMs, rows]]));
  }
  return merged;
}

function mergeRows<S extends Scan>(scan: S, left: readonly RowOf<S>[], right: readonly RowOf<S>[]): RowOf<S>[] {
  // A scan of one kind holds rows of that kind only.
  return rowsMerger(scan)(left as readonly never[], right as readonly never[]) as RowOf<S>[];
}

type Merger = (left: readonly never[], right: readonly never[]) => readonly unknown[];

function rowsMerger(scan: Scan): Merger {
  switch (scan.kind) {
    case 'sum':
      return (left, right) => mergeCells(left, right, (index) => scan.terms[index]?.aggregate ?? 'sum');
    case 'peak':
      return (left, right) => mergeCells(left, right, () => 'max');
    case 'level':
      return mergeSamples;
    case 'slice':
      return (left: readonly Slice[], right: readonly Slice[]) => [...left, ...right];
    case 'stock':
      // Flows are weighed against the last beat of the whole minute, which no piece of it knows.
      throw new RangeError('A minute of a stock is read whole; ask for ranges that begin at whole minutes.');
    case 'beat':
      return mergeBeats;
  }
}

function mergeCells(
  left: readonly GroupCell[],
  right: readonly GroupCell[],
  how: (index: number) => 'sum' | 'max',
): GroupCell[] {
  const cells = new Map<string, GroupCell>();
  for (const cell of [...left, ...right]) {
    const key = JSON.stringify(cell.group);
    const known = cells.get(key);
    cells.set(key, known === undefined ? cell : { group: cell.group, values: mergeValues(known, cell, how) });
  }
  return [...cells.values()];
}

function mergeValues(left: GroupCell, right: GroupCell, how: (index: number) => 'sum' | 'max'): number[] {
  return left.values.map((value, index) => {
    const other = right.values[index] ?? 0;
    return how(index) === 'sum' ? value + other : Math.max(value, other);
  });
}

function mergeSamples(left: readonly Sample[], right: readonly Sample[]): Sample[] {
  const newest = new Map<string, Sample>();
  for (const sample of [...left, ...right]) {
    const known = newest.get(sample.part);
    if (known === undefined || known.slotMs <= sample.slotMs) newest.set(sample.part, sample);
  }
  return [...newest.values()];
}

function mergeBeats(left: readonly Beat[], right: readonly Beat[]): Beat[] {
  const newest = new Map<string, Beat>();
  for (const beat of [...left, ...right]) {
    if ((newest.get(beat.part)?.atMs ?? Number.NEGATIVE_INFINITY) <= beat.atMs) newest.set(beat.part, beat);
  }
  return [...newest.values()];
}
