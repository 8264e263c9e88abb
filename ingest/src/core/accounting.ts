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

interface Slot {
  readonly startMs: number;
  readonly bySource: Map<string, IngestCounts>;
  readonly byTenant: Map<
    string,
    { readonly territoryId: number; readonly source: string; readonly counts: SourceCounts }
  >;
  hasChanged: boolean;
}

function emptyCounts(): IngestCounts {
  return { deliveries: 0, stored: 0, late: 0, duplicate: 0, rejected: 0, dead_lettered: 0, lag_ms: 0 };
}

/** Counts deliveries by 10 s slots of arrival, per source and worker and per tenant and source. */
export class Accounting {
  private readonly worker: string;
  private readonly regionId: number;
  private slots: Slot[] = [];

  /** `worker` must be new at each start of a process, so that no restart overwrites what the last one counted. */
  constructor(worker: string, regionId: number) {
    this.worker = worker;
    this.regionId = regionId;
  }

  count(deliveries: readonly Delivery[], nowMs: number): void {
    if (deliveries.length === 0) return;
    const slot = this.slotAt(nowMs);
    slot.hasChanged = true;
    for (const { source, territoryId, outcome, lagMs } of deliveries) {
      const counts = slot.bySource.get(source) ?? emptyCounts();
      counts.deliveries += 1;
      counts[outcome] += 1;
      counts.lag_ms = Math.max(counts.lag_ms, lagMs);
      slot.bySource.set(source, counts);
      if (territoryId === undefined) continue;
      const key = `${String(territoryId)}|${source}`;
      const tenant = slot.byTenant.get(key) ?? {
        territoryId,
        source,
        counts: { received: 0, rejected: 0, last_ms: 0 },
      };
      tenant.counts.received += 1;
      if (outcome === 'rejected' || outcome === 'dead_lettered') tenant.counts.rejected += 1;
      tenant.counts.last_ms = Math.max(tenant.counts.last_ms, nowMs - lagMs);
      slot.byTenant.set(key, tenant);
    }
  }

  /** The facts of every slot that changed since the last call; slots that are over are forgotten. */
  takeFacts(nowMs: number): Fact[] {
    const currentMs = Math.floor(nowMs / SLOT_MS) * SLOT_MS;
    const facts = this.slots.filter(({ hasChanged }) => hasChanged).flatMap((slot) => this.factsOf(slot, nowMs));
    this.slots = this.slots.filter(({ startMs }) => startMs >= currentMs);
    for (const slot of this.slots) slot.hasChanged = false;
    return facts;
  }

  private slotAt(nowMs: number): Slot {
    const startMs = Math.floor(nowMs / SLOT_MS) * SLOT_MS;
    let slot = this.slots.find((known) => known.startMs === startMs);
    if (slot === undefined) {
      slot = { startMs, bySource: new Map(), byTenant: new Map(), hasChanged: false };
      this.slots.push(slot);
    }
    return slot;
  }

  private factsOf(slot: Slot, nowMs: number): Fact[] {
    const version = Math.min(nowMs - slot.startMs, SLOT_MS) + 1;
    const fact = (name: 'ingest' | 'source', territoryId: number, source: string, measures: object): Fact => ({
      table: 'system_metrics',
      name,
      territoryId,
      regionId: this.regionId,
      dimensions: { source: source === '' ? MISSING : source, worker: this.worker },
      timeMs: slot.startMs,
      version,
      measures: { ...measures },
    });
    return [
      ...[...slot.bySource].map(([source, counts]) => fact('ingest', 0, source, counts)),
      ...[...slot.byTenant.values()].map(({ territoryId, source, counts }) =>
        fact('source', territoryId, source, counts),
      ),
    ];
  }
}
