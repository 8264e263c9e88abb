import type { Express } from 'express';
import type { Served } from '../http/create-server.ts';

/** A wired process: what it serves, and how to let go of what it holds. */
export interface Composition extends Served {
  readonly app: Express;
  /** To be awaited before listening. Throws `SchemaOutdatedError` where the store is not made for this release. */
  readonly prepare: () => Promise<void>;
  /** Ends what would never end by itself: live connections. Afterwards none opens any more. */
  readonly drain: () => void;
  readonly close: () => Promise<void>;
}
