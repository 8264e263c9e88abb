import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** From what a local round takes to what a long outage takes. */
const LAG_BUCKETS_MS = [50, 100, 250, 500, 1000, 2500, 5000, 10_000, 60_000, 600_000, 3_600_000];

/** What the hosts that store facts tell Prometheus; `worker` is a label of all. */
export interface IngestMetrics {
  readonly registry: Registry;
  /** Settled deliveries by source and class; the classes exclude each other. */
  readonly deliveries: Counter<'source' | 'outcome'>;
  /** From the reception of a delivery to its acknowledgement by the store. */
  readonly lagMs: Histogram;
  /** How far the page last read lies behind the end of its shard. */
  readonly behindMs: Gauge<'shard'>;
  /** Age of the watermark last published. */
  readonly watermarkAgeMs: Gauge<'shard'>;
  readonly deadLetters: Counter<'code'>;
  /** Calls that failed for a passing reason and go again, by the error's name. */
  readonly storeRetries: Counter<'reason'>;
  /** Shards this worker reads. */
  readonly leases: Gauge;
  /** Times a shard had lost records to its retention before they were read. */
  readonly trimmed: Counter<'shard'>;
  /** Resumes that named no abandon to undo. */
  readonly unmatchedResumes: Counter;
}

/** A registry of one process; `worker` is new at each start of it, as in the accounts. */
export function createMetricsRegistry(worker: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ worker });
  return registry;
}

/** Adds what Node knows of its process: memory, CPU, event loop. Once per process. */
export function collectProcessMetrics(registry: Registry): void {
  collectDefaultMetrics({ register: registry });
}

/** The metrics of a host that stores facts. */
export function createIngestMetrics(worker: string): IngestMetrics {
  const registry = createMetricsRegistry(worker);
  const registers = [registry];
  return {
    registry,
    deliveries: new Counter({
      name: 'lumina_ingest_deliveries_total',
      help: 'Settled deliveries by source and class.',
      labelNames: ['source', 'outcome'],
      registers,
    }),
    lagMs: new Histogram({
      name: 'lumina_ingest_lag_ms',
      help: 'From the reception of a delivery to its acknowledgement by the store.',
      buckets: LAG_BUCKETS_MS,
      registers,
    }),
    behindMs: new Gauge({
      name: 'lumina_ingest_behind_ms',
      help: 'How far the page last read lies behind the end of its shard.',
      labelNames: ['shard'],
      registers,
    }),
    watermarkAgeMs: new Gauge({
      name: 'lumina_ingest_watermark_age_ms',
      help: 'Age of the watermark last published.',
      labelNames: ['shard'],
      registers,
    }),
    deadLetters: new Counter({
      name: 'lumina_ingest_dead_letters_total',
      help: 'Records kept as dead letters, by code.',
      labelNames: ['code'],
      registers,
    }),
    storeRetries: new Counter({
      name: 'lumina_ingest_store_retries_total',
      help: 'Calls of the store that failed for a passing reason, by the name of the error.',
      labelNames: ['reason'],
      registers,
    }),
    leases: new Gauge({ name: 'lumina_ingest_leases', help: 'Shards this worker reads.', registers }),
    trimmed: new Counter({
      name: 'lumina_ingest_trimmed_total',
      help: 'Times records were lost to the retention of the stream before they were read.',
      labelNames: ['shard'],
      registers,
    }),
    unmatchedResumes: new Counter({
      name: 'lumina_ingest_unmatched_resumes_total',
      help: 'Resumes that named no abandon to undo.',
      registers,
    }),
  };
}
