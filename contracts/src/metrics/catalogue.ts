import type { MetricDefinition, MetricFormula } from './definition.ts';
import type { PartId } from './parts.ts';

const PER_CENT = 100;
const MS_TO_S = 0.001;

const CALL_DIMENSIONS = ['direction', 'queue_id', 'agent_id', 'outcome'] as const;
const QUEUE_DIMENSIONS = ['queue_id'] as const;
const VISIT_DIMENSIONS = ['queue_id', 'outcome', 'agent_id'] as const;
const HANDLE_DIMENSIONS = ['agent_id', 'team_id', 'queue_id'] as const;
const SLICE_DIMENSIONS = ['agent_id', 'team_id'] as const;
const API_DIMENSIONS = ['service', 'route'] as const;

const CONNECT = 'Amazon Connect administrator guide, metric definitions';
const LUMINA = 'Lumina';

function ratio(num: readonly PartId[], den: readonly PartId[], scale: number): MetricFormula {
  return { kind: 'ratio', num, den, scale };
}

/** A metric with one statistic of its own. */
function single(
  definition: Omit<MetricDefinition, 'stats' | 'defaultStat' | 'version' | 'required'> & {
    readonly formula: MetricFormula;
    readonly required?: boolean;
  },
): MetricDefinition {
  const { formula, required = true, ...rest } = definition;
  const defaultStat = formula.kind === 'last' || formula.kind === 'oldest' ? 'now' : 'average';
  return { ...rest, stats: { [defaultStat]: formula }, defaultStat, version: 1, required };
}

/** Agents in some states: counted now from levels, on average from slices of time. */
function agentCount(
  id: string,
  title: string,
  better: MetricDefinition['better'],
  states: { readonly slices: readonly PartId[]; readonly levels: readonly PartId[] },
  text: string,
  required: boolean,
): MetricDefinition {
  return {
    id,
    category: 'agent',
    title,
    unit: 'count',
    better,
    dimensions: SLICE_DIMENSIONS,
    stats: {
      average: { kind: 'perTime', parts: states.slices },
      now: { kind: 'last', parts: states.levels },
      peak: { kind: 'peak', parts: states.levels },
    },
    defaultStat: 'average',
    text,
    source: CONNECT,
    version: 1,
    required,
  };
}

const CALL_METRICS = {
  call_count: single({
    id: 'call_count',
    category: 'call',
    title: 'Calls',
    unit: 'count',
    better: 'neutral',
    dimensions: CALL_DIMENSIONS,
    formula: { kind: 'sum', part: 'call.n' },
    text: 'Calls that ended in the period. A call is counted once, whatever its legs and queues.',
    source: LUMINA,
  }),
  call_duration: single({
    id: 'call_duration',
    category: 'call',
    title: 'Call duration',
    unit: 's',
    better: 'neutral',
    dimensions: CALL_DIMENSIONS,
    formula: ratio(['call.dur_ms'], ['call.n'], MS_TO_S),
    text: 'Mean time from the start of a call to its end, ringing and waiting included.',
    source: LUMINA,
  }),
  call_answer_rate: single({
    id: 'call_answer_rate',
    category: 'call',
    title: 'Answer rate',
    unit: '%',
    better: 'higher',
    dimensions: CALL_DIMENSIONS,
    formula: ratio(['call.answered'], ['call.n'], PER_CENT),
    text: 'Answered calls out of all calls that ended in the period.',
    source: LUMINA,
  }),
  call_abandon_rate: single({
    id: 'call_abandon_rate',
    category: 'call',
    title: 'Abandon rate',
    unit: '%',
    better: 'lower',
    dimensions: CALL_DIMENSIONS,
    formula: ratio(['call.abandoned'], ['call.n'], PER_CENT),
    text: 'Calls whose caller gave up before an answer, out of all calls that ended in the period.',
    source: LUMINA,
  }),
  call_wait_time: single({
    id: 'call_wait_time',
    category: 'call',
    title: 'Speed of answer',
    unit: 's',
    better: 'lower',
    dimensions: VISIT_DIMENSIONS,
    formula: ratio(['visit.answered_wait_ms'], ['visit.answered'], MS_TO_S),
    text: 'Mean wait in the queue of those who were answered (average speed of answer).',
    source: 'ICMI, average speed of answer',
  }),
  calls_in_progress: single({
    id: 'calls_in_progress',
    category: 'call',
    title: 'Calls in progress',
    unit: 'count',
    better: 'neutral',
    dimensions: ['direction'],
    formula: { kind: 'last', parts: ['call.level'] },
    text: 'Calls under way at the last sample.',
    source: LUMINA,
    required: false,
  }),
  transfer_rate: single({
    id: 'transfer_rate',
    category: 'call',
    title: 'Transfer rate',
    unit: '%',
    better: 'lower',
    dimensions: QUEUE_DIMENSIONS,
    formula: ratio(['call.transfer_events'], ['call.n'], PER_CENT),
    text: 'Transfers per hundred calls, each in its own period; may exceed 100.',
    source: LUMINA,
    required: false,
  }),
  ivr_count: single({
    id: 'ivr_count',
    category: 'call',
    title: 'IVR interactions',
    unit: 'count',
    better: 'neutral',
    dimensions: ['flow', 'outcome'],
    formula: { kind: 'sum', part: 'ivr.n' },
    text: 'Interactions with an automatic menu that ended in the period.',
    source: LUMINA,
    required: false,
  }),
  cai_count: single({
    id: 'cai_count',
    category: 'call',
    title: 'AI conversations',
    unit: 'count',
    better: 'neutral',
    dimensions: ['flow', 'outcome'],
    formula: { kind: 'sum', part: 'cai.n' },
    text: 'Conversations with the AI agent that ended in the period.',
    source: LUMINA,
    required: false,
  }),
  cai_containment_rate: single({
    id: 'cai_containment_rate',
    category: 'call',
    title: 'AI containment',
    unit: '%',
    better: 'higher',
    dimensions: ['flow', 'outcome'],
    formula: ratio(['cai.contained'], ['cai.n'], PER_CENT),
    text: 'AI conversations that needed no person, out of all that ended in the period.',
    source: LUMINA,
    required: false,
  }),
} as const;

const QUEUE_METRICS = {
  queue_depth: {
    id: 'queue_depth',
    category: 'queue',
    title: 'Waiting',
    unit: 'count',
    better: 'lower',
    dimensions: QUEUE_DIMENSIONS,
    stats: {
      average: { kind: 'stock', inflows: ['join.n', 'resume.n'], outflows: ['visit.left'], level: 'queue.level' },
      now: { kind: 'last', parts: ['queue.level'] },
      peak: { kind: 'peak', parts: ['queue.level'] },
    },
    defaultStat: 'average',
    text: 'Callers waiting: now at the last sample; on average, their number weighted by time.',
    source: CONNECT,
    version: 1,
    required: true,
  },
  queue_wait_time: single({
    id: 'queue_wait_time',
    category: 'queue',
    title: 'Wait',
    unit: 's',
    better: 'lower',
    dimensions: VISIT_DIMENSIONS,
    formula: ratio(['visit.wait_ms'], ['visit.n'], MS_TO_S),
    text: 'Mean wait of all who left the queue, answered or not; those who came back wait on.',
    source: LUMINA,
  }),
  queue_abandon_rate: single({
    id: 'queue_abandon_rate',
    category: 'queue',
    title: 'Queue abandon rate',
    unit: '%',
    better: 'lower',
    dimensions: VISIT_DIMENSIONS,
    formula: ratio(['visit.abandoned'], ['visit.n'], PER_CENT),
    text: 'Visits that ended with the caller giving up, out of all visits that ended; two queues are two visits.',
    source: CONNECT,
  }),
  queue_service_level: single({
    id: 'queue_service_level',
    category: 'queue',
    title: 'Service level',
    unit: '%',
    better: 'higher',
    dimensions: QUEUE_DIMENSIONS,
    formula: { kind: 'serviceLevel', fact: 'queue_metrics.visit' },
    text: 'Share of visits answered within the threshold, by the formula named; a wait of exactly T is within T.',
    source: 'ICMI; formulas SL1 to SL7',
  }),
  flowout_rate: single({
    id: 'flowout_rate',
    category: 'queue',
    title: 'Flow-out rate',
    unit: '%',
    better: 'lower',
    dimensions: VISIT_DIMENSIONS,
    formula: ratio(['visit.flowout'], ['visit.n'], PER_CENT),
    text: 'Visits that left for a time-out, no agent, a key, an overflow or a callback, out of all visits that ended.',
    source: LUMINA,
    required: false,
  }),
  longest_wait: single({
    id: 'longest_wait',
    category: 'queue',
    title: 'Longest wait',
    unit: 's',
    better: 'lower',
    dimensions: QUEUE_DIMENSIONS,
    formula: { kind: 'oldest', part: 'queue.oldest', scale: MS_TO_S },
    text: 'How long the caller at the front has waited; 0 when nobody waits.',
    source: CONNECT,
    required: false,
  }),
} as const satisfies Record<string, MetricDefinition>;

const AGENT_METRICS = {
  agent_available_count: agentCount(
    'agent_available_count',
    'Agents available',
    'higher',
    { slices: ['agent.available_ms'], levels: ['agent.level_available'] },
    'Agents ready for a contact and not on one.',
    true,
  ),
  agent_busy_count: agentCount(
    'agent_busy_count',
    'Agents busy',
    'neutral',
    {
      slices: ['agent.on_contact_ms', 'agent.acw_ms'],
      levels: ['agent.level_on_contact', 'agent.level_acw'],
    },
    'Agents on a contact or in the work after one.',
    true,
  ),
  agent_on_contact_count: agentCount(
    'agent_on_contact_count',
    'Agents on a contact',
    'neutral',
    { slices: ['agent.on_contact_ms'], levels: ['agent.level_on_contact'] },
    'Agents on a contact, after-call work not included.',
    false,
  ),
  agent_handle_time: single({
    id: 'agent_handle_time',
    category: 'agent',
    title: 'Handle time',
    unit: 's',
    better: 'lower',
    dimensions: HANDLE_DIMENSIONS,
    formula: ratio(['handle.talk_ms', 'handle.hold_ms', 'acw.acw_ms'], ['handle.n'], MS_TO_S),
    text: 'Mean of talk, hold and after-call work per contact handled; the work after belongs to its contact.',
    source: 'ICMI, average handle time',
  }),
  agent_after_call_work: single({
    id: 'agent_after_call_work',
    category: 'agent',
    title: 'After-call work',
    unit: 's',
    better: 'lower',
    dimensions: HANDLE_DIMENSIONS,
    formula: ratio(['acw.acw_ms'], ['acw.n'], MS_TO_S),
    text: 'Mean time of after-call work, over contacts that had some.',
    source: CONNECT,
  }),
  occupancy: single({
    id: 'occupancy',
    category: 'agent',
    title: 'Occupancy',
    unit: '%',
    better: 'neutral',
    dimensions: SLICE_DIMENSIONS,
    formula: {
      kind: 'stateRatio',
      num: ['agent.on_contact_ms', 'agent.acw_ms'],
      den: ['agent.on_contact_ms', 'agent.acw_ms', 'agent.available_ms'],
      scale: PER_CENT,
    },
    text: 'Time on contacts and in after-call work, out of that and the time available.',
    source: CONNECT,
    required: false,
  }),
} as const satisfies Record<string, MetricDefinition>;

const SYSTEM_METRICS = {
  trunk_utilization: single({
    id: 'trunk_utilization',
    category: 'system',
    title: 'Trunk use',
    unit: '%',
    better: 'lower',
    dimensions: ['trunk_id'],
    formula: ratio(['trunk.busy_ms'], ['trunk.capacity_ms'], PER_CENT),
    text: 'Channels in use out of the channels of the trunk, weighted by time.',
    source: LUMINA,
  }),
  api_latency: {
    id: 'api_latency',
    category: 'system',
    title: 'API latency',
    unit: 'ms',
    better: 'lower',
    dimensions: API_DIMENSIONS,
    stats: {
      avg: ratio(['api.lat_sum_ms'], ['api.n'], 1),
      p50: { kind: 'quantile', fact: 'system_metrics.api', q: 0.5 },
      p95: { kind: 'quantile', fact: 'system_metrics.api', q: 0.95 },
      p99: { kind: 'quantile', fact: 'system_metrics.api', q: 0.99 },
    },
    defaultStat: 'avg',
    text: 'Response time of requests: the mean, or a percentile from merged buckets (each 1.25 times the last).',
    source: LUMINA,
    version: 1,
    required: true,
  },
  error_rate: single({
    id: 'error_rate',
    category: 'system',
    title: 'Error rate',
    unit: '%',
    better: 'lower',
    dimensions: API_DIMENSIONS,
    formula: ratio(['api.errors'], ['api.n'], PER_CENT),
    text: 'Requests that failed, out of all requests.',
    source: LUMINA,
  }),
  ingest_lag: single({
    id: 'ingest_lag',
    category: 'system',
    title: 'Ingestion lag',
    unit: 'ms',
    better: 'lower',
    dimensions: ['source', 'worker'],
    formula: { kind: 'max', part: 'ingest.lag_ms' },
    text: 'The longest time from the arrival of an event to its storage; of the platform only.',
    source: LUMINA,
    required: false,
  }),
} as const satisfies Record<string, MetricDefinition>;

/** Every metric, by id. */
export const METRICS = { ...CALL_METRICS, ...QUEUE_METRICS, ...AGENT_METRICS, ...SYSTEM_METRICS };

/** Id of a metric of the catalogue. */
export type MetricId = keyof typeof METRICS;

/** Every metric id, in the order of the catalogue. */
export const METRIC_IDS = Object.keys(METRICS) as MetricId[];

/** Whether a string names a metric of the catalogue. */
export function isMetricId(value: string): value is MetricId {
  return Object.hasOwn(METRICS, value);
}

/** The definition of a metric. */
export function metricDefinition(id: MetricId): MetricDefinition {
  return METRICS[id];
}
