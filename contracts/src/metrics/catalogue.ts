import { AGENT_METRICS } from './agent-metrics.ts';
import { CALL_METRICS } from './call-metrics.ts';
import type { MetricDefinition } from './definition.ts';
import { QUEUE_METRICS } from './queue-metrics.ts';
import { SYSTEM_METRICS } from './system-metrics.ts';

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
