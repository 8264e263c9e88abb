import { limits } from './limits.ts';
import { tile } from './tile.ts';
import type { Board, TileQuery } from './tile.ts';

const P50: TileQuery = { options: { stat: 'p50' } };
const P95: TileQuery = { options: { stat: 'p95' } };

/**
 * The tenant's own trunks and API calls. The ingestion lag is not on it: it exists for the platform only, which a
 * viewer of a territory may not read.
 */
export const SYSTEM: Board = {
  id: 'system',
  title: 'System',
  description: 'How full the trunks are, how fast services answer, how often they fail.',
  widgets: [
    tile(
      'trunks',
      'stat',
      [0, 0, 3, 3],
      'Trunk use',
      'trunk_utilization',
      {},
      {
        thresholds: limits('trunkUse'),
        hasSparkline: true,
      },
    ),
    tile('slow', 'stat', [3, 0, 3, 3], 'API latency, 95th percentile', 'api_latency', P95, {
      thresholds: limits('latencyMs'),
      hasSparkline: true,
    }),
    tile('median', 'stat', [6, 0, 3, 3], 'API latency, median', 'api_latency', P50, { hasSparkline: true }),
    tile(
      'errors',
      'stat',
      [9, 0, 3, 3],
      'Error rate',
      'error_rate',
      { compare: '1d' },
      {
        thresholds: limits('errorRate'),
        hasSparkline: true,
      },
    ),
    tile(
      'trunk-lines',
      'line',
      [0, 3, 8, 5],
      'Use by trunk',
      'trunk_utilization',
      { groupBy: 'trunk_id' },
      {
        min: 0,
        thresholds: limits('trunkUse'),
      },
    ),
    tile(
      'trunk-bars',
      'bar',
      [8, 3, 4, 5],
      'Trunks compared',
      'trunk_utilization',
      { groupBy: 'trunk_id' },
      {
        orientation: 'horizontal',
        min: 0,
        max: 100,
        thresholds: limits('trunkUse'),
      },
    ),
    tile('latency-lines', 'line', [0, 8, 6, 5], 'Latency by service, 95th percentile', 'api_latency', {
      ...P95,
      groupBy: 'service',
    }),
    tile(
      'error-lines',
      'line',
      [6, 8, 6, 5],
      'Error rate by service',
      'error_rate',
      { groupBy: 'service' },
      { min: 0 },
    ),
    tile(
      'routes',
      'table',
      [0, 13, 12, 4],
      'Routes',
      ['api_latency', 'error_rate'],
      { ...P95, groupBy: 'route' },
      { sortBy: 'api_latency', isDescending: true, subtitle: 'Latency as 95th percentile' },
    ),
  ],
};
