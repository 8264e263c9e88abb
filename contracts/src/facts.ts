/** Name of the Timestream database. */
export const DATABASE = 'lumina';
/** The tables of the database. */
export const TABLES = ['call_metrics', 'queue_metrics', 'agent_metrics', 'system_metrics'] as const;
/** One table of the database. */
export type TableName = (typeof TABLES)[number];

/** Hours a row stays in the memory store. */
export const MEMORY_RETENTION_HOURS = 48;
/** Days a row stays in the magnetic store. */
export const MAGNETIC_RETENTION_DAYS = 400;
/** The customer-defined partition key, required in every record. */
export const PARTITION_DIMENSION = 'territory_id';
/** Series value of a beat row: the proof that a part was sampled in that slot. */
export const BEAT_SERIES = '*';
/** Value of a dimension that an event does not give. */
export const MISSING = '-';
/** Snapshots are sent this often. */
export const SNAPSHOT_INTERVAL_MS = 10_000;
/** Slices of agent state are cut at multiples of this, UTC. */
export const SLICE_CUT_MS = 900_000;

/**
 * How a fact finds its record.
 * `hashed`: time = ms * 1e6 + hash(eid), kept once by `eid`; `slot`: time = start of the sampling slot, newest sample
 * wins; `slice`: time = start of the slice, longest known wins; `natural`: the dimensions and the slot are the thing.
 */
export type FactKeying = 'hashed' | 'slot' | 'slice' | 'natural';
/** Timestream type of a measure. */
export type MeasureType = 'BIGINT' | 'DOUBLE' | 'VARCHAR';

/** What a kind of fact looks like in the store. `territory_id` and `region_id` are dimensions of all of them. */
export interface FactDefinition {
  readonly table: TableName;
  /** `measure_name` of its records. */
  readonly name: string;
  readonly keying: FactKeying;
  /** What the record's time is. */
  readonly time: string;
  /** Dimensions besides territory and region. */
  readonly dimensions: readonly string[];
  /** The dimension whose value is {@link BEAT_SERIES} on beat rows; only for sampled facts. */
  readonly series?: string;
  readonly measures: Readonly<Record<string, MeasureType>>;
}

const HASHED = { eid: 'VARCHAR', claim: 'BIGINT' } as const satisfies Record<string, MeasureType>;
const SAMPLED = { at_ms: 'BIGINT', interval_ms: 'BIGINT' } as const satisfies Record<string, MeasureType>;

/** Number of latency buckets stored with an `api` fact. */
export const LATENCY_BUCKET_COUNT = 48;
/** Names of the latency bucket measures, `h00` to `h47`. */
export const LATENCY_BUCKETS: readonly string[] = Array.from(
  { length: LATENCY_BUCKET_COUNT },
  (_, index) => `h${String(index).padStart(2, '0')}`,
);
/**
 * Upper edges of the latency buckets in ms, ratio 1.25 from 1 ms; the last bucket has no upper edge. Bucket i holds
 * latencies in (edge[i - 1], edge[i]], the first one those of at most 1 ms.
 */
export const LATENCY_BUCKET_EDGES_MS: readonly number[] = Array.from({ length: LATENCY_BUCKET_COUNT }, (_, index) =>
  index === LATENCY_BUCKET_COUNT - 1 ? Number.POSITIVE_INFINITY : 1.25 ** index,
);

const bucketMeasures = Object.fromEntries(LATENCY_BUCKETS.map((name) => [name, 'BIGINT'])) as Record<
  string,
  MeasureType
>;

/** Every kind of fact, keyed `<table>.<measure_name>`. */
export const FACTS = {
  'call_metrics.start': {
    table: 'call_metrics',
    name: 'start',
    keying: 'hashed',
    time: 'start of the call',
    dimensions: ['direction'],
    measures: { n: 'BIGINT', ...HASHED },
  },
  'call_metrics.call': {
    table: 'call_metrics',
    name: 'call',
    keying: 'hashed',
    time: 'end of the call',
    dimensions: ['direction'],
    measures: {
      n: 'BIGINT',
      answered: 'BIGINT',
      abandoned: 'BIGINT',
      dur_ms: 'BIGINT',
      talk_ms: 'BIGINT',
      hold_ms: 'BIGINT',
      wait_ms: 'BIGINT',
      transfers: 'BIGINT',
      start_ms: 'BIGINT',
      queue_id: 'VARCHAR',
      agent_id: 'VARCHAR',
      outcome: 'VARCHAR',
      ...HASHED,
    },
  },
  'call_metrics.level': {
    table: 'call_metrics',
    name: 'level',
    keying: 'slot',
    time: 'slot',
    dimensions: ['direction', 'part'],
    series: 'direction',
    measures: { in_progress: 'BIGINT', ...SAMPLED },
  },
  'call_metrics.event': {
    table: 'call_metrics',
    name: 'event',
    keying: 'hashed',
    time: 'event',
    dimensions: ['type', 'queue_id'],
    measures: { n: 'BIGINT', ...HASHED },
  },
  'call_metrics.ivr': {
    table: 'call_metrics',
    name: 'ivr',
    keying: 'hashed',
    time: 'end of the interaction',
    dimensions: ['flow'],
    measures: { n: 'BIGINT', dur_ms: 'BIGINT', outcome: 'VARCHAR', ...HASHED },
  },
  'call_metrics.cai': {
    table: 'call_metrics',
    name: 'cai',
    keying: 'hashed',
    time: 'end of the conversation',
    dimensions: ['flow'],
    measures: {
      n: 'BIGINT',
      dur_ms: 'BIGINT',
      turns: 'BIGINT',
      contained: 'BIGINT',
      escalated: 'BIGINT',
      outcome: 'VARCHAR',
      ...HASHED,
    },
  },
  'queue_metrics.join': {
    table: 'queue_metrics',
    name: 'join',
    keying: 'hashed',
    time: 'join',
    dimensions: ['queue_id'],
    measures: { n: 'BIGINT', at_ms: 'BIGINT', visit_id: 'VARCHAR', call_id: 'VARCHAR', ...HASHED },
  },
  'queue_metrics.visit': {
    table: 'queue_metrics',
    name: 'visit',
    keying: 'hashed',
    time: 'leave',
    dimensions: ['queue_id'],
    measures: {
      n: 'BIGINT',
      wait_ms: 'BIGINT',
      answered: 'BIGINT',
      abandoned: 'BIGINT',
      flowout: 'BIGINT',
      resumed: 'BIGINT',
      join_ms: 'BIGINT',
      outcome: 'VARCHAR',
      agent_id: 'VARCHAR',
      visit_id: 'VARCHAR',
      call_id: 'VARCHAR',
      ...HASHED,
    },
  },
  'queue_metrics.resume': {
    table: 'queue_metrics',
    name: 'resume',
    keying: 'hashed',
    time: 're-entry',
    dimensions: ['queue_id'],
    measures: {
      n: 'BIGINT',
      matched: 'BIGINT',
      at_ms: 'BIGINT',
      visit_id: 'VARCHAR',
      call_id: 'VARCHAR',
      ...HASHED,
    },
  },
  'queue_metrics.level': {
    table: 'queue_metrics',
    name: 'level',
    keying: 'slot',
    time: 'slot',
    dimensions: ['queue_id', 'part'],
    series: 'queue_id',
    measures: { depth: 'BIGINT', oldest_join_ms: 'BIGINT', ...SAMPLED },
  },
  'agent_metrics.slice': {
    table: 'agent_metrics',
    name: 'slice',
    keying: 'slice',
    time: 'start of the slice',
    dimensions: ['agent_id', 'state'],
    measures: { ms: 'BIGINT', team_id: 'VARCHAR' },
  },
  'agent_metrics.level': {
    table: 'agent_metrics',
    name: 'level',
    keying: 'slot',
    time: 'slot',
    dimensions: ['team_id', 'part'],
    series: 'team_id',
    measures: {
      available: 'BIGINT',
      on_contact: 'BIGINT',
      acw: 'BIGINT',
      away: 'BIGINT',
      staffed: 'BIGINT',
      ...SAMPLED,
    },
  },
  'agent_metrics.handle': {
    table: 'agent_metrics',
    name: 'handle',
    keying: 'hashed',
    time: 'end of the contact',
    dimensions: ['agent_id', 'team_id', 'queue_id'],
    measures: { n: 'BIGINT', talk_ms: 'BIGINT', hold_ms: 'BIGINT', ...HASHED },
  },
  'agent_metrics.acw': {
    table: 'agent_metrics',
    name: 'acw',
    keying: 'hashed',
    time: 'end of the contact the work belongs to',
    dimensions: ['agent_id', 'team_id', 'queue_id'],
    measures: { n: 'BIGINT', acw_ms: 'BIGINT', ...HASHED },
  },
  'system_metrics.trunk': {
    table: 'system_metrics',
    name: 'trunk',
    keying: 'slot',
    time: 'slot',
    dimensions: ['trunk_id', 'part'],
    series: 'trunk_id',
    measures: { busy: 'BIGINT', capacity: 'BIGINT', ...SAMPLED },
  },
  'system_metrics.api': {
    table: 'system_metrics',
    name: 'api',
    keying: 'hashed',
    time: 'sample',
    dimensions: ['service', 'route'],
    measures: {
      n: 'BIGINT',
      errors: 'BIGINT',
      lat_sum_ms: 'BIGINT',
      lat_max_ms: 'BIGINT',
      ...bucketMeasures,
      ...HASHED,
    },
  },
  'system_metrics.admin': {
    table: 'system_metrics',
    name: 'admin',
    keying: 'hashed',
    time: 'event',
    dimensions: ['action'],
    measures: { n: 'BIGINT', ...HASHED },
  },
  'system_metrics.ingest': {
    table: 'system_metrics',
    name: 'ingest',
    keying: 'natural',
    time: '10 s slot, territory 0',
    dimensions: ['source', 'worker'],
    measures: {
      deliveries: 'BIGINT',
      stored: 'BIGINT',
      late: 'BIGINT',
      duplicate: 'BIGINT',
      rejected: 'BIGINT',
      dead_lettered: 'BIGINT',
      lag_ms: 'BIGINT',
    },
  },
  'system_metrics.source': {
    table: 'system_metrics',
    name: 'source',
    keying: 'natural',
    time: "10 s slot, the tenant's",
    dimensions: ['source', 'worker'],
    measures: { received: 'BIGINT', rejected: 'BIGINT', last_ms: 'BIGINT' },
  },
} as const satisfies Record<string, FactDefinition>;

/** Key of a kind of fact, `<table>.<measure_name>`. */
export type FactId = keyof typeof FACTS;

/** The definition of a kind of fact. */
export function factDefinition(id: FactId): FactDefinition {
  return FACTS[id];
}

/** One fact: what extraction gives, the store keeps and the live tail carries. */
export interface Fact {
  readonly table: TableName;
  /** `measure_name` of its record. */
  readonly name: string;
  readonly territoryId: number;
  readonly regionId: number;
  /** Further dimensions by name; each of the definition's is present. */
  readonly dimensions: Readonly<Record<string, string>>;
  /** The thing's own instant in epoch ms; for slots their start. */
  readonly timeMs: number;
  /** Id of the thing; present exactly on hashed facts. */
  readonly eid?: string;
  /** 1, or higher for undos, corrections, newer samples and longer slices. */
  readonly version: number;
  readonly measures: Readonly<Record<string, number | string>>;
}

/** One record of the stream `lumina-facts`. */
export interface LiveTailRecord {
  readonly v: 1;
  /** The source shard, as `<stream>/<shard id>`. */
  readonly source: string;
  /** Rises by one per record of a source. */
  readonly seq: number;
  /** Epoch ms: all facts before it have been published, but for late rows. */
  readonly watermark: number;
  readonly facts: readonly Fact[];
}
