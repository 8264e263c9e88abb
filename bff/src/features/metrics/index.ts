import type { Router } from 'express';
import type { Pseudonyms } from '../../auth/pseudonyms.ts';
import type { TailFollower } from '../../live-tail/live-tail.ts';
import { noTracing } from '../../telemetry/tracing.ts';
import type { Tracing } from '../../telemetry/tracing.ts';
import type { TimeSeriesStore } from '../../timestream/port.ts';
import type { BudgetState } from '../../timestream/query-budget.ts';
import { ExtentCache } from './extents/extent-cache.ts';
import { sharedInstant } from './extents/shared-instant.ts';
import { LiveFold } from './fold/live-fold.ts';
import { readRows } from './fold/read-rows.ts';
import type { MetricSettingsSource } from './metric-settings.ts';
import { recordedAnswers } from './recorded-answers.ts';
import type { MetricAnswers } from './recorded-answers.ts';
import { remembered } from './remembered.ts';
import { metricsRouter } from './route.ts';
import type { DashboardSource } from './route.ts';
import type { ScanReaderFactory } from './scans/scan.ts';
import { storeScanReaders } from './scans/store-scan-reader.ts';
import { MetricService } from './service.ts';
import type { CustomMetricSource, MetricServiceOptions, MetricsDirectory } from './service.ts';

const CONFIGURATION_TTL_MS = 2_000;

export interface MetricsFeatureOptions {
  readonly store: TimeSeriesStore;
  readonly directory: MetricsDirectory;
  /** Stored dashboards, for `GET /query?dashboard=`; without them that form answers `not_found`. */
  readonly dashboards?: DashboardSource;
  /** The metrics that territories have defined for themselves. */
  readonly customMetrics?: CustomMetricSource;
  /** What territories have chosen; remembered by whoever gives it. */
  readonly settings?: MetricSettingsSource;
  /** Ids that filters name, as facts have them; default: as they are. */
  readonly pseudonyms?: Pseudonyms | undefined;
  /** How a territory stands with its budget. */
  readonly budgetOf?: (territoryId: number) => BudgetState | undefined;
  /** Points of one reply. */
  readonly maxPoints?: number;
  /** A reading of recent rows that failed; the next who asks tries again. */
  readonly onSeedFailed?: (error: unknown) => void;
  readonly tracing?: Tracing;
  /** Epoch ms; replaced in tests. */
  readonly clock?: () => number;
}

/** What the feature is made of. */
export interface MetricsFeature {
  readonly router: Router;
  readonly service: MetricAnswers;
  /** Where the parts come from. */
  readonly readers: ScanReaderFactory;
  /** Hears what ingestion stores; without it everything is asked of the store, a little less often. */
  readonly follower: TailFollower;
}

/** Metric queries and the catalogue; mount `router` at `/api/metrics`, behind authentication and a JSON body parser. */
export function createMetricsFeature(options: MetricsFeatureOptions): MetricsFeature {
  const { store, clock, budgetOf, maxPoints } = options;
  const timed = clock === undefined ? {} : { clock };
  const cache = new ExtentCache({ inner: storeScanReaders(store), ...timed });
  const fold = new LiveFold({
    cache,
    readRows: (subject, fact, range) => readRows(store, subject, fact, range),
    onFailure: options.onSeedFailed ?? ((): void => undefined),
    ...timed,
  });
  const { readers } = fold;
  // From memory every instant costs nothing; from the store, those who ask within some seconds share one.
  const instantFor = (nowMs: number, spanMs: number): number => (fold.isLive ? nowMs : sharedInstant(nowMs, spanMs));
  const answers = new MetricService({
    readers,
    ...rememberedConfiguration(options),
    settings: options.settings,
    pseudonyms: options.pseudonyms,
    clock,
    instantFor,
    budgetOf,
    maxPoints,
  });
  const service = recordedAnswers(answers, options.tracing ?? noTracing);
  return { router: metricsRouter(service, options.dashboards), service, readers, follower: fold };
}

/** Boards ask every second; what is configured changes seldom, and may be seen a moment later. */
function rememberedConfiguration({
  directory,
  customMetrics,
  clock,
}: MetricsFeatureOptions): Pick<MetricServiceOptions, 'directory' | 'customMetrics'> {
  const briefly = { ttlMs: CONFIGURATION_TTL_MS, clock };
  return {
    directory: {
      timeZoneOf: remembered(directory.timeZoneOf, briefly),
      agentsOfTeams: remembered(directory.agentsOfTeams, briefly),
      queueMembers: remembered(directory.queueMembers, briefly),
    },
    customMetrics: customMetrics === undefined ? undefined : { find: remembered(customMetrics.find, briefly) },
  };
}

export { MetricService } from './service.ts';
export type { MetricsDirectory, QueryIdentity } from './service.ts';
export type { DashboardSource } from './route.ts';
export { readParts } from './read-parts.ts';
export type { PartCell, ReadPartsRequest } from './read-parts.ts';
export { metricProblemOf, parseRequest } from './route.ts';
export type { MetricSettingsSource } from './metric-settings.ts';
export { isTimeZone } from './time/zone.ts';
export { rowProblemOf, rowRoutes } from './rows/row-route.ts';
export { RowService, rowPermissions } from './rows/row-service.ts';
