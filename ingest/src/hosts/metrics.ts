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
  /** Reads of the stream that failed and go again, by the error's name. */
  readonly readRetries: Counter<'reason'>;
  /** Shards this worker reads. */
  readonly leases: Gauge<never>;
  /** Times a shard had lost records to its retention before they were read. */
  readonly trimmed: Counter<'shard'>;
  /** Resumes that named no abandon to undo. */
  readonly unmatchedResumes: Counter<never>;
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
  const counter = <Label extends string = never>(name: string, help: string, ...labelNames: Label[]): Counter<Label> =>
    new Counter({ name: `lumina_ingest_${name}`, help, labelNames, registers });
  const gauge = <Label extends string = never>(name: string, help: string, ...labelNames: Label[]): Gauge<Label> =>
    new Gauge({ name: `lumina_ingest_${name}`, help, labelNames, registers });
  return {
    registry,
    deliveries: counter('deliveries_total', 'Settled deliveries by source and class.', 'source', 'outcome'),
    lagMs: new Histogram({
      name: 'lumina_ingest_lag_ms',
      help: 'From the reception of a delivery to its acknowledgement by the store.',
      buckets: LAG_BUCKETS_MS,
      registers,
    }),
    behindMs: gauge('behind_ms', 'How far the page last read lies behind the end of its shard.', 'shard'),
    watermarkAgeMs: gauge('watermark_age_ms', 'Age of the watermark last published.', 'shard'),
    deadLetters: counter('dead_letters_total', 'Records kept as dead letters, by code.', 'code'),
    storeRetries: counter('store_retries_total', 'Calls of the store that failed and go again, by error.', 'reason'),
    readRetries: counter('read_retries_total', 'Reads of the stream that failed and go again, by error.', 'reason'),
    leases: gauge('leases', 'Shards this worker reads.'),
    trimmed: counter('trimmed_total', 'Times the stream had lost records before they were read.', 'shard'),
    unmatchedResumes: counter('unmatched_resumes_total', 'Resumes that named no abandon to undo.'),
  };
}
