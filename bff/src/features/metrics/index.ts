import type { Router } from 'express';
import type { TimeSeriesStore } from '../../timestream/port.ts';
import { metricsRouter } from './route.ts';
import type { DashboardSource } from './route.ts';
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

/** Metric queries and the catalogue; mount `router` at `/api/metrics`, behind authentication and a JSON body parser. */
export function createMetricsFeature(options: MetricsFeatureOptions): { router: Router; service: MetricService } {
  const { store, ...rest } = options;
  const service = new MetricService({ ...rest, readers: storeScanReaders(store) });
  return { router: metricsRouter(service, options.dashboards), service };
}

export { MetricService } from './service.ts';
export type { MetricsDirectory, QueryIdentity } from './service.ts';
export type { DashboardSource } from './route.ts';
export { readParts } from './read-parts.ts';
export type { PartCell, ReadPartsRequest } from './read-parts.ts';
export { metricProblemOf, parseRequest } from './route.ts';
export { isTimeZone } from './time/zone.ts';
