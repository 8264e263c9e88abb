import type { Router } from 'express';
import type { TimeSeriesStore } from '../../timestream/port.ts';
import { metricsRouter } from './route.ts';
import type { DashboardSource } from './route.ts';
import type { ScanReaderFactory } from './scans/scan.ts';
import { storeScanReaders } from './scans/store-scan-reader.ts';
import { MetricService } from './service.ts';
import type { CustomMetricSource, MetricsDirectory } from './service.ts';

export interface MetricsFeatureOptions {
  readonly store: TimeSeriesStore;
  readonly directory: MetricsDirectory;
  /** Stored dashboards, for `GET /query?dashboard=`; without them that form answers `not_found`. */
  readonly dashboards?: DashboardSource;
  /** The metrics that territories have defined for themselves. */
  readonly customMetrics?: CustomMetricSource;
  /** Epoch ms; replaced in tests. */
  readonly clock?: () => number;
}

/** What the feature is made of. */
export interface MetricsFeature {
  readonly router: Router;
  readonly service: MetricService;
  /** Where the parts come from. */
  readonly readers: ScanReaderFactory;
}

/** Metric queries and the catalogue; mount `router` at `/api/metrics`, behind authentication and a JSON body parser. */
export function createMetricsFeature(options: MetricsFeatureOptions): MetricsFeature {
  const { store, directory, customMetrics, clock } = options;
  const readers = storeScanReaders(store);
  const service = new MetricService({ readers, directory, customMetrics, clock });
  return { router: metricsRouter(service, options.dashboards), service, readers };
}

export { MetricService } from './service.ts';
export type { MetricsDirectory, QueryIdentity } from './service.ts';
export type { DashboardSource } from './route.ts';
export { readParts } from './read-parts.ts';
export type { PartCell, ReadPartsRequest } from './read-parts.ts';
export { metricProblemOf, parseRequest } from './route.ts';
export { isTimeZone } from './time/zone.ts';
export { rowRoutes } from './rows/row-route.ts';
export { RowService } from './rows/row-service.ts';
