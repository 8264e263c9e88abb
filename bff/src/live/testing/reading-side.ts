import { ExtentCache } from '../../features/metrics/extents/extent-cache.ts';
import type { ExtentCacheOptions } from '../../features/metrics/extents/extent-cache.ts';
import { sharedInstant } from '../../features/metrics/extents/shared-instant.ts';
import { LiveFold } from '../../features/metrics/fold/live-fold.ts';
import { readRows } from '../../features/metrics/fold/read-rows.ts';
import { MetricService, RowService } from '../../features/metrics/index.ts';
import type { QueueMember } from '../../features/metrics/plan/queue-members.ts';
import type { ScanReaderFactory } from '../../features/metrics/scans/scan.ts';
import { storeScanReaders } from '../../features/metrics/scans/store-scan-reader.ts';
import { HOUR_MS, MINUTE_MS } from '../../features/metrics/time/grid.ts';
import type { Row, TimeSeriesStore } from '../../timestream/port.ts';
import { LiveHub } from '../hub.ts';
import type { ManualClock } from './manual-clock.ts';

/** Shifts of 37 minutes in every hour of the days that runs begin and end on. */
const SHIFTS = ['2026-03-28T00:00:00Z', '2026-10-24T00:00:00Z'].flatMap((from) =>
  Array.from({ length: 30 }, (_, hour) => {
    const fromMs = Date.parse(from) + hour * HOUR_MS + 1_234;
    return { fromMs, toMs: fromMs + 37 * MINUTE_MS };
  }),
);
const MEMBERS: readonly QueueMember[] = [
  { queueId: 'a', agentId: 'b', fromMs: 0, toMs: null },
  { queueId: 'b', agentId: "it's", fromMs: Date.parse('2026-03-28T20:02:03.004Z'), toMs: null },
  ...SHIFTS.map((shift) => ({ queueId: 'a', agentId: 'a', ...shift })),
];

/** Who belongs to what; the same for everyone. */
export const directory = {
  agentsOfTeams: (_tenant: unknown, teams: readonly string[]) => Promise.resolve(teams.includes('a') ? ['a'] : []),
  queueMembers: () => Promise.resolve(MEMBERS),
  timeZoneOf: () => Promise.resolve('Europe/London'),
  list: () => Promise.resolve([]),
};

/** Rows of now are not audited. */
const audit = { factsRead: () => Promise.resolve() };

/** Answers for rows, at a clock. */
export function rowsOf(
  store: TimeSeriesStore,
  readers: ScanReaderFactory,
  clock: () => number,
): Pick<RowService, 'query'> {
  return new RowService({ store, readers, directory, audit, clock });
}

/** A store that knows whether somebody waits for it. */
export class WatchedStore implements TimeSeriesStore {
  readonly #inner: TimeSeriesStore;
  underWay = 0;
  queries = 0;

  constructor(inner: TimeSeriesStore) {
    this.#inner = inner;
  }

  async query(sql: string, options?: Parameters<TimeSeriesStore['query']>[1]): Promise<readonly Row[]> {
    this.underWay += 1;
    this.queries += 1;
    try {
      return await this.#inner.query(sql, options);
    } finally {
      this.underWay -= 1;
    }
  }
}

/** What a process knows and forgets when it dies. */
export interface ReadingSide {
  readonly fold: LiveFold;
  readonly service: MetricService;
  readonly hub: LiveHub;
}

/** A process that reads from a store, its memory empty. */
export function startReadingSide(
  store: TimeSeriesStore,
  clock: ManualClock,
  onFailure: (error: unknown) => void,
  memory: Pick<ExtentCacheOptions, 'shareMs' | 'maxAgeMs'> = {},
): ReadingSide {
  const cache = new ExtentCache({ inner: storeScanReaders(store), clock: clock.now, ...memory });
  const fold = new LiveFold({
    cache,
    readRows: (subject, fact, range) => readRows(store, subject, fact, range),
    onFailure,
    clock: clock.now,
    settleMs: 0,
  });
  const service = new MetricService({
    readers: fold.readers,
    directory,
    clock: clock.now,
    instantFor: (nowMs, spanMs) => (fold.isLive ? nowMs : sharedInstant(nowMs, spanMs)),
  });
  const rows = rowsOf(store, fold.readers, clock.now);
  return { fold, service, hub: new LiveHub({ service, rows, clock, onFailure }) };
}
