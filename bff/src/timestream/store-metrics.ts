import { Counter, Gauge, Histogram } from 'prom-client';
import type { Registry } from 'prom-client';
import { askingDashboard } from './asking-dashboard.ts';
import type { StoreMeter } from './guarded-store.ts';
import type { QueryBudget } from './query-budget.ts';

const BYTES_PER_GB = 1e9;
const DURATION_BUCKETS_S = [0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** Dashboards told apart; what comes later is counted together, so that ids cannot fill the memory. */
const MAX_DASHBOARDS = 500;
/** Work for no dashboard: live boards, which share, and questions of other kinds. */
const NO_DASHBOARD = '-';
const OTHER_DASHBOARDS = 'other';

export interface StoreMetricsOptions {
  readonly registry: Registry;
  readonly budget: QueryBudget;
  /** Dollars per 10^9 bytes metered, by the price list of the region; for accounts paid by computing time an estimate. */
  readonly usdPerGb: number;
}

/** Counts queries, bytes and estimated dollars by territory and dashboard, for Prometheus and for the budget. */
export function createStoreMeter({ registry, budget, usdPerGb }: StoreMetricsOptions): StoreMeter {
  const registers = [registry];
  const queries = new Counter({
    name: 'lumina_store_queries_total',
    help: 'Queries sent to the metric store, by outcome: ok, absent, throttled, timed_out, cancelled, failed',
    labelNames: ['territory', 'dashboard', 'outcome'],
    registers,
  });
  const metered = new Counter({
    name: 'lumina_store_metered_bytes_total',
    help: 'Bytes that the metric store charges for',
    labelNames: ['territory', 'dashboard'],
    registers,
  });
  const dollars = new Counter({
    name: 'lumina_store_cost_usd_total',
    help: 'Estimated cost of queries: metered bytes at the configured price',
    labelNames: ['territory', 'dashboard'],
    registers,
  });
  const duration = new Histogram({
    name: 'lumina_store_query_seconds',
    help: 'From asking to the last row, waiting for a turn included',
    labelNames: ['outcome'],
    buckets: DURATION_BUCKETS_S,
    registers,
  });
  const today = new Gauge({
    name: 'lumina_store_cost_today_usd',
    help: 'Estimated cost of queries of this UTC day',
    labelNames: ['territory'],
    registers,
  });
  const dashboardLabel = boundedLabels();
  return {
    finished: ({ territoryId, outcome, durationMs, cost }) => {
      const labels = { territory: String(territoryId ?? NO_DASHBOARD), dashboard: dashboardLabel(askingDashboard()) };
      const usd = (cost.meteredBytes / BYTES_PER_GB) * usdPerGb;
      queries.inc({ ...labels, outcome });
      metered.inc(labels, cost.meteredBytes);
      dollars.inc(labels, usd);
      duration.observe({ outcome }, durationMs / 1_000);
      if (territoryId === undefined) return;
      budget.spend(territoryId, usd);
      today.set({ territory: labels.territory }, budget.spentToday(territoryId));
    },
  };
}

function boundedLabels(): (dashboard: string | undefined) => string {
  const known = new Set<string>();
  return (dashboard) => {
    if (dashboard === undefined) return NO_DASHBOARD;
    if (known.size < MAX_DASHBOARDS) known.add(dashboard);
    return known.has(dashboard) ? dashboard : OTHER_DASHBOARDS;
  };
}
