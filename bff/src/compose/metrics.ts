import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import type { Pseudonyms } from '../auth/pseudonyms.ts';
import type { RoleConfig } from '../config.ts';
import type { AuditTrail } from '../features/audit/audit-trail.ts';
import type { CustomMetricStore } from '../features/custom-metrics/custom-metric-store.ts';
import type { DashboardStore } from '../features/dashboards/dashboard-store.ts';
import type { DirectoryStore } from '../features/directory/directory-store.ts';
import { RowService, createMetricsFeature } from '../features/metrics/index.ts';
import type { MetricsFeature } from '../features/metrics/index.ts';
import type { SettingsSource } from '../features/settings/index.ts';
import type { Tracing } from '../telemetry/tracing.ts';
import { AwsTimestreamStore } from '../timestream/aws-store.ts';
import { GuardedStore } from '../timestream/guarded-store.ts';
import { QueryBudget } from '../timestream/query-budget.ts';
import { createStoreMeter } from '../timestream/store-metrics.ts';

type Regional = Extract<RoleConfig, { role: 'regional' }>;

interface Stores {
  readonly audit: AuditTrail;
  readonly customMetrics: CustomMetricStore;
  readonly dashboards: DashboardStore;
  readonly directory: DirectoryStore;
}

interface Surroundings {
  readonly logger: Logger;
  readonly tracing: Tracing;
  readonly pseudonyms: Pseudonyms;
  readonly settings: SettingsSource;
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
  { audit, customMetrics, dashboards, directory }: Stores,
  { logger, tracing, pseudonyms, settings }: Surroundings,
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
    settings,
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
    settings,
    pseudonyms,
    audit: {
      // Who looked at what kind of rows and how many: never whose rows they were, nor what was searched for.
      factsRead: ({ identity: { roles = [], ...identity }, rows: kind, fromMs, toMs, count }) =>
        audit.record(
          { ...identity, roles },
          { action: 'facts_read', target: { kind: 'rows', id: kind }, detail: { fromMs, toMs, count } },
        ),
    },
  });
  return { ...metrics, rows, registry };
}
