import type { MetricId, MetricStat } from '@lumina/contracts';
import type { TimeSeriesStore } from '../../timestream/port.ts';
import { planCatalogueMetric } from './plan/measure.ts';
import { PRODUCT_DEFINITIONS } from './plan/settings-rules.ts';
import { ScanSet } from './scans/scan-set.ts';
import { storeScanReaders } from './scans/store-scan-reader.ts';
import { cellOf } from './tables/part-table.ts';
import type { PartGroup } from './tables/part-table.ts';
import { Grid, MINUTE_MS } from './time/grid.ts';

export interface ReadPartsRequest {
  readonly territoryId: number;
  readonly regionId?: number;
  readonly metric: MetricId;
  /** Default: the metric's own. */
  readonly stat?: MetricStat;
  readonly groupBy: readonly string[];
  readonly fromMs: number;
  readonly toMs: number;
  /** Whole minutes; bins begin at multiples of it since the epoch. */
  readonly binMs: number;
  /** Parts are verified at fixed bins, hence only UTC. */
  readonly timeZone: 'UTC';
  readonly signal?: AbortSignal;
  /** Default: the clock of the machine. */
  readonly nowMs?: number;
}

/** What one bin of one group holds, as exact integers; both null where the store cannot know. */
export interface PartCell {
  readonly group: Readonly<Record<string, string>>;
  readonly startMs: number;
  readonly num: number | null;
  readonly den: number | null;
}

const noDirectory = {
  agentsOfTeams: (): Promise<readonly string[]> => Promise.resolve([]),
  queueMembers: (): Promise<readonly never[]> => Promise.resolve([]),
};

/**
 * Reads numerator and denominator of a metric through the same plan as the API, before anything is divided: the way to
 * hold the whole chain against an independent truth.
 */
export async function readParts(store: TimeSeriesStore, request: ReadPartsRequest): Promise<PartCell[]> {
  if (!Number.isSafeInteger(request.binMs) || request.binMs <= 0 || request.binMs % MINUTE_MS !== 0) {
    throw new RangeError('Bins of parts are whole minutes.');
  }
  const grid = Grid.uniform({ fromMs: request.fromMs, toMs: request.toMs }, request.binMs);
  const { territoryId, regionId } = request;
  const reader = storeScanReaders(store)({ territoryId, regionId, scopeKey: 'all' }, request.signal);
  const nowMs = request.nowMs ?? Date.now();
  const measure = await planCatalogueMetric(request.metric, {
    query: {
      groupBy: [...request.groupBy],
      ...(request.stat === undefined ? {} : { options: { stat: request.stat } }),
    },
    grid,
    nowMs,
    scans: new ScanSet(reader, nowMs),
    audience: { territoryId },
    directory: noDirectory,
    settings: PRODUCT_DEFINITIONS,
  });
  const [table] = await measure.read();
  if (table === undefined) return [];
  const whole: PartGroup = { values: [], cells: new Map() };
  const groups = table.groups.length === 0 && request.groupBy.length === 0 ? [whole] : table.groups;
  return groups.flatMap((group) =>
    grid.starts.map((startMs, bin): PartCell => {
      const { num, den } = measure.evaluate([cellOf(table, group, bin)], request.binMs);
      return {
        group: Object.fromEntries(request.groupBy.map((dim, index) => [dim, group.values[index] ?? ''])),
        startMs,
        num,
        den,
      };
    }),
  );
}
