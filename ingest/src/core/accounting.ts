import { MISSING, type Fact } from '@lumina/contracts';

/** What became of one delivery; the classes exclude each other. */
export type DeliveryClass = 'stored' | 'late' | 'duplicate' | 'rejected' | 'dead_lettered';

/** One delivery, settled. */
export interface Delivery {
  readonly source: string;
  /** Whose it was; undefined when that could not be told. */
  readonly territoryId: number | undefined;
  readonly outcome: DeliveryClass;
  readonly lagMs: number;
}

const SLOT_MS = 10_000;

interface IngestCounts {
  deliveries: number;
  stored: number;
  late: number;
  duplicate: number;
  rejected: number;
  dead_lettered: number;
  lag_ms: number;
}
interface SourceCounts {
  received: number;
  rejected: number;
  last_ms: number;
}

/** One row to be: what was counted of a source, or of a tenant's source, in a slot. */
interface Row {
  readonly name: 'ingest' | 'source';
  readonly territoryId: number;
  readonly source: string;
  readonly counts: IngestCounts | SourceCounts;
  hasChanged: boolean;
}

interface Slot {
  readonly startMs: number;
  readonly bySource: Map<string, Row & { readonly counts: IngestCounts }>;
  readonly byTenant: Map<string, Row & { readonly counts: SourceCounts }>;
  /** Of the rows last taken. */
  version: number;
}

function sourceRow(source: string): Row & { readonly counts: IngestCounts } {
  const counts = { deliveries: 0, stored: 0, late: 0, duplicate: 0, rejected: 0, dead_lettered: 0, lag_ms: 0 };
  return { name: 'ingest', territoryId: 0, source, counts, hasChanged: true };
}

function tenantRow(territoryId: number, source: string): Row & { readonly counts: SourceCounts } {
  const counts = { received: 0, rejected: 0, last_ms: 0 };
  return { name: 'source', territoryId, source, counts, hasChanged: true };
}

function rowIn<Key, R>(rows: Map<Key, R>, key: Key, create: () => R): R {
  let row = rows.get(key);
  if (row === undefined) {
    row = create();
    rows.set(key, row);
  }
  return row;
}

/** Counts deliveries by 10 s slots of arrival, per source and worker and per tenant and source. */
export class Accounting {
  private readonly worker: string;
  private readonly regionId: number;
  private slots: Slot[] = [];
  private latestMs = 0;

  /** `worker` must be new at each start of a process, so that no restart overwrites what the last one counted. */
  constructor(worker: string, regionId: number) {
    this.worker = worker;
    this.regionId = regionId;
  }

  /** Counts settled deliveries at an instant; never waits, never throws. */
  count(deliveries: readonly Delivery[], nowMs: number): void {
    if (deliveries.length === 0) return;
    const slot = this.slotAt(nowMs);
    for (const { source, territoryId, outcome, lagMs } of deliveries) {
      const row = rowIn(slot.bySource, source, () => sourceRow(source));
      row.counts.deliveries += 1;
      row.counts[outcome] += 1;
      row.counts.lag_ms = Math.max(row.counts.lag_ms, lagMs);
      row.hasChanged = true;
      if (territoryId === undefined) continue;
      const key = `${String(territoryId)}|${source}`;
      const tenant = rowIn(slot.byTenant, key, () => tenantRow(territoryId, source));
      tenant.counts.received += 1;
      if (outcome === 'rejected' || outcome === 'dead_lettered') tenant.counts.rejected += 1;
      tenant.counts.last_ms = Math.max(tenant.counts.last_ms, nowMs - lagMs);
      tenant.hasChanged = true;
    }
  }

  /** The facts of every row that changed since the last call; slots that are over are forgotten. */
  takeFacts(nowMs: number): Fact[] {
    const facts = this.slots.flatMap((slot) => this.takeChanged(slot, nowMs));
    const currentMs = this.slotStart(nowMs);
    this.slots = this.slots.filter(({ startMs }) => startMs >= currentMs);
    return facts;
  }

  /** A clock that is set back must not open a slot again that was told and forgotten: time stands still meanwhile. */
  private slotStart(nowMs: number): number {
    this.latestMs = Math.max(this.latestMs, nowMs);
    return Math.floor(this.latestMs / SLOT_MS) * SLOT_MS;
  }

  private slotAt(nowMs: number): Slot {
    const startMs = this.slotStart(nowMs);
    let slot = this.slots.find((known) => known.startMs === startMs);
    if (slot === undefined) {
      slot = { startMs, bySource: new Map(), byTenant: new Map(), version: 0 };
      this.slots.push(slot);
    }
    return slot;
  }

  private takeChanged(slot: Slot, nowMs: number): Fact[] {
    const changed = [...slot.bySource.values(), ...slot.byTenant.values()].filter(({ hasChanged }) => hasChanged);
    if (changed.length === 0) return [];
    // Twice in a millisecond is twice a version: a row may not be told twice at one version with two values.
    slot.version = Math.max(slot.version + 1, Math.min(nowMs - slot.startMs, SLOT_MS) + 1);
    return changed.map((row) => {
      row.hasChanged = false;
      return {
        table: 'system_metrics',
        name: row.name,
        territoryId: row.territoryId,
        regionId: this.regionId,
        dimensions: { source: row.source === '' ? MISSING : row.source, worker: this.worker },
        timeMs: slot.startMs,
        version: slot.version,
        measures: { ...row.counts },
      };
    });
  }
}
