import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import type { Pseudonyms } from './auth/pseudonyms.ts';
import type { RoleConfig } from './config.ts';
import type { CustomMetricStore } from './features/custom-metrics/custom-metric-store.ts';
import type { DashboardStore } from './features/dashboards/dashboard-store.ts';
import type { DirectoryStore } from './features/directory/directory-store.ts';
import { RowService, createMetricsFeature } from './features/metrics/index.ts';
import type { MetricsFeature } from './features/metrics/index.ts';
import type { Tracing } from './telemetry/tracing.ts';
import { AwsTimestreamStore } from './timestream/aws-store.ts';
import { GuardedStore } from './timestream/guarded-store.ts';
import { QueryBudget } from './timestream/query-budget.ts';
import { createStoreMeter } from './timestream/store-metrics.ts';

type Regional = Extract<RoleConfig, { role: 'regional' }>;

interface Stores {
  readonly customMetrics: CustomMetricStore;
  readonly dashboards: DashboardStore;
  readonly directory: DirectoryStore;
}

interface Surroundings {
  readonly logger: Logger;
  readonly tracing: Tracing;
  readonly pseudonyms: Pseudonyms;
}

/** Answers of the metric store, and what they cost. */
export interface Metrics extends MetricsFeature {
  /** What `/metrics` tells. */
  readonly registry: Registry;
  readonly rows: RowService;
}

/** Wires the metric store: the client, its limits, its meters, and who answers from it. */
export function createMetrics(
  own: Regional,
  { customMetrics, dashboards, directory }: Stores,
  { logger, tracing, pseudonyms }: Surroundings,
): Metrics {
  const { usdPerGb, budgetUsdPerDay, maxPoints, ...limits } = own.queries;
  const registry = new Registry();
  const budget = new QueryBudget({ usdPerDay: budgetUsdPerDay });
  const inner = new AwsTimestreamStore({
    ...own.timestream,
    tracing,
    onCancelFailed: (error) => {
      logger.warn({ err: error }, 'a query that nobody waits for could not be cancelled');
    },
  });
  const store = new GuardedStore({ inner, ...limits, meter: createStoreMeter({ registry, budget, usdPerGb }) });
  const metrics = createMetricsFeature({
    store,
    customMetrics,
    directory,
    dashboards,
    maxPoints,
    tracing,
    pseudonyms,
    budgetOf: (territoryId) => budget.stateOf(territoryId),
    onSeedFailed: (error) => {
      logger.warn({ err: error }, 'recent rows could not be read; live answers come from the database meanwhile');
    },
  });
  const rows = new RowService({
    store,
    readers: metrics.readers,
    directory,
    pseudonyms,
    audit: {
      // Who looked at what kind of rows and how many: never whose rows they were, nor what they hold.
      factsRead: ({ identity, rows: kind, fromMs, toMs, count }) => {
        logger.info({ territoryId: identity.territoryId, kind, fromMs, toMs, count }, 'facts were read');
        return Promise.resolve();
      },
    },
  });
  return { ...metrics, rows, registry };
}
