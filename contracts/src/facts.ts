import { LATENCY_BUCKETS } from './latency-buckets.ts';
import type { TableName } from './store.ts';

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

/** Whether a text is the key of a kind of fact. */
export function isFactId(text: string): text is FactId {
  return Object.hasOwn(FACTS, text);
}
