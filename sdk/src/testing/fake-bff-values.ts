import { METRICS } from '@lumina/contracts';
import type { MetricDefinition } from '@lumina/contracts';
import type { FakeMetricScenario } from './fake-bff-scenario.ts';

/** A point of a series. */
export type FakePoint = [epochMs: number, value: number | null];

/** About what each metric shows. */
const LEVELS: Readonly<Record<string, number>> = {
  call_count: 9,
  call_duration: 214,
  call_answer_rate: 91,
  call_abandon_rate: 6,
  call_wait_time: 19,
  calls_in_progress: 34,
  transfer_rate: 11,
  cai_containment_rate: 63,
  queue_depth: 5,
  queue_wait_time: 23,
  queue_abandon_rate: 5,
  queue_service_level: 82,
  flowout_rate: 4,
  longest_wait: 48,
  agent_available_count: 7,
  agent_busy_count: 18,
  agent_on_contact_count: 15,
  agent_handle_time: 246,
  agent_after_call_work: 31,
  occupancy: 74,
  trunk_utilization: 41,
  api_latency: 128,
  error_rate: 0.6,
  ingest_lag: 640,
};
const USUAL_LEVEL = 12;

function definitionOf(metric: string): MetricDefinition | undefined {
  return (METRICS as Readonly<Record<string, MetricDefinition>>)[metric];
}

function seedOf(name: string): number {
  let seed = 7;
  for (const char of name) seed = (seed * 31 + (char.codePointAt(0) ?? 0)) % 997;
  return seed;
}

/** The value of a metric for a group at an instant: a function of the three, so that two runs agree. */
export function fakeValueAt(metric: string, group: string, atMs: number): number {
  const level = LEVELS[metric] ?? USUAL_LEVEL;
  const seed = seedOf(`${metric}${group}`);
  const slow = Math.sin(atMs / 900_000 + seed);
  const fast = Math.sin(atMs / 70_000 + seed * 3) * 0.5 + Math.sin(atMs / 23_000 + seed * 7) * 0.3;
  const definition = definitionOf(metric);
  if (definition?.unit === '%') {
    const swing = Math.min(level, 100 - level, 12) / 12;
    return Math.min(100, Math.max(0, level + (slow * 5 + fast * 6) * swing));
  }
  const share = group === '' ? 1 : 0.35 + (seed % 7) / 10;
  const raw = level * share * (1 + slow * 0.35 + fast * 0.3);
  return Math.max(0, definition?.unit === 'count' ? Math.round(raw) : raw);
}

/** The points of one series over bucket starts, as its scenario wants them. */
export function fakePoints(
  scenario: FakeMetricScenario,
  metric: string,
  group: string,
  starts: readonly number[],
): FakePoint[] {
  if (scenario === 'empty') return starts.map((at) => [at, null]);
  if (scenario === 'zero') return starts.map((at) => [at, 0]);
  if (typeof scenario === 'string') return starts.map((at) => [at, fakeValueAt(metric, group, at)]);
  const { values } = scenario;
  const offset = values.length - (starts.length % Math.max(1, values.length));
  return starts.map((at, index) => [at, values[(index + offset) % values.length] ?? null]);
}

/** The value over the whole range: sums add, levels end, the rest is a mean. */
export function fakeTotal(scenario: FakeMetricScenario, metric: string, points: readonly FakePoint[]): number | null {
  if (typeof scenario === 'object' && scenario.total !== undefined) return scenario.total;
  const known = points.flatMap(([, value]) => (value === null ? [] : [value]));
  if (known.length === 0) return null;
  const sum = known.reduce((total, value) => total + value, 0);
  const definition = definitionOf(metric);
  if (definition?.stats[definition.defaultStat]?.kind === 'sum') return sum;
  const isLevel = definition?.stats.now !== undefined;
  return isLevel ? (known.at(-1) ?? null) : sum / known.length;
}
