import type { StoreError } from '../../../timestream/port.ts';
import type { PartBuckets, Scan } from '../scans/scan.ts';
import type { Extent } from './extent.ts';
import type { Flight } from './flight.ts';

/** A read of the open end, and how long its answer stands. */
interface Shared {
  readonly scan: Scan;
  readonly untilMs: number;
  readonly flight: Flight<PartBuckets<Scan>>;
}

/** What is held for one territory and scope. */
export interface Holding {
  readonly territoryId: number;
  readonly extents: Map<string, Extent<Scan>>;
  /** Reads of the open end, by scan and range. */
  readonly shared: Map<string, Shared>;
  watermark: { readonly atMs: number; readonly flight: Flight<number | undefined> } | undefined;
  throttled: { readonly error: StoreError; readonly untilMs: number } | undefined;
}

/** Of a territory and scope that nobody has asked about yet. */
export function emptyHolding(territoryId: number): Holding {
  return { territoryId, extents: new Map(), shared: new Map(), watermark: undefined, throttled: undefined };
}
