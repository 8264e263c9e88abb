import type { MetricDefinition } from './definition.ts';
import { API_DIMENSIONS, LUMINA, PER_CENT, ratio, single } from './formulas.ts';

/** The system metrics. */
export const SYSTEM_METRICS = {
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
