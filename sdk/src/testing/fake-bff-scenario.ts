import type { ProblemCode } from '@lumina/contracts';

/** How the fake service as a whole behaves. */
export type FakeScenario =
  'live' | 'empty' | 'late' | 'stale' | 'offline' | 'hanging' | 'refused' | { readonly problem: ProblemCode };

/**
 * How the fake service answers one metric. `values` are its newest points, oldest first, repeated to the past; `error`
 * and `denied` are errors of the query, `loading` never answers, `offline` breaks every request that names the metric.
 */
export type FakeMetricScenario =
  | 'live'
  | 'empty'
  | 'zero'
  | 'late'
  | 'stale'
  | 'error'
  | 'denied'
  | 'loading'
  | 'offline'
  | { readonly values: readonly (number | null)[]; readonly total?: number | null };

/** How the fake treats `POST /api/live`: as agreed, as a service without it, or as behind a proxy that holds streams back. */
export type FakeLiveMode = 'sse' | 'missing' | 'silent';

/** How long ago the newest event arrived, ms. */
const LAG_MS: Readonly<Record<string, number>> = { late: 9000, stale: 190_000 };
const USUAL_LAG_MS = 1200;

/** Which metric answers differently, and how all do. */
export interface FakeBehaviour {
  readonly scenario: FakeScenario;
  readonly scenarios: Readonly<Record<string, FakeMetricScenario>>;
}

/** How one metric behaves, its own scenario before that of all. */
export function behaviourOf(behaviour: FakeBehaviour, metric: string): FakeMetricScenario {
  const own = behaviour.scenarios[metric];
  if (own !== undefined) return own;
  return behaviour.scenario === 'empty' ? 'empty' : 'live';
}

/** Age of the newest arrival in a reply about these metrics: that of the slowest. */
export function lagMsOf(behaviour: FakeBehaviour, metrics: readonly string[]): number {
  const lags = [behaviour.scenario, ...metrics.map((metric) => behaviour.scenarios[metric])].map((one) =>
    typeof one === 'string' ? (LAG_MS[one] ?? USUAL_LAG_MS) : USUAL_LAG_MS,
  );
  return Math.max(...lags);
}
